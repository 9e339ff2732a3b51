#if arch(x86_64)
  import Kernels

  // For each pair of panels all rows of the call go past, so that the panels stay in the second-level
  // cache and the rows in the first.

  /// Bytes of scratch memory that a product needs for the sums of two panels.
  @export(interface)
  public func productScratch(rows: Int, groups: Int) -> Int { 320 &+ (rows &+ 11) &* 128 }

  /// `MatrixProduct` of uint8 inputs.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    let panelBytes = call.runs &* call.groupsPerRun &* 64
    let initial = call.scratch.assumingMemoryBound(to: Int32.self)
    let zeroBias = initial + 32
    let sums = initial + 64
    var done = 0
    while done < call.outputs {
      let output = call.firstOutput &+ done
      let outputs = call.outputs &- done
      let panel = UnsafeRawPointer(call.panels) + output / 16 &* panelBytes
      // A last panel without a partner is its own, and the second half of the sums is left alone.
      let nextPanel = outputs > 16 ? panelBytes : 0
      copyBias(call, output, min(16, outputs), initial, zeroBias)
      copyBias(call, output &+ 16, max(0, min(16, outputs &- 16)), initial + 16, zeroBias)
      var row = 0
      while row < call.rowCount {
        multiplyTwelveRows(call, row, panel, nextPanel, initial, sums + 32 &* row)
        row &+= 12
      }
      finishPanel(call, output, min(16, outputs), sums, 32, 255 &* 128, zeroBias)
      if outputs > 16 {
        finishPanel(
          call,
          output &+ 16,
          min(16, outputs &- 16),
          sums + 16,
          32,
          255 &* 128,
          zeroBias
        )
      }
      done &+= 32
    }
  }

  /// `MatrixProduct` of int16 inputs.
  @export(interface)
  public func matrixProductInt16(_ call: MatrixProduct) {
    let panelBytes = call.runs &* call.groupsPerRun &* 64
    let initial = call.scratch.assumingMemoryBound(to: Int32.self)
    let zeroBias = initial + 32
    let sums = initial + 64
    var done = 0
    while done < call.outputs {
      let output = call.firstOutput &+ done
      let outputs = min(16, call.outputs &- done)
      let panel = UnsafeRawPointer(call.panels) + output / 16 &* panelBytes
      copyBias(call, output, outputs, initial, zeroBias)
      var row = 0
      while row < call.rowCount {
        multiplyTwelveRowsInt16(call, row, panel, initial, sums + 16 &* row)
        row &+= 12
      }
      finishPanel(call, output, outputs, sums, 16, 32768 &* 128, zeroBias)
      done &+= 16
    }
  }
#endif
