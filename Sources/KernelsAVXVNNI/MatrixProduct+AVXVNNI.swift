#if arch(x86_64)
  import Kernels

  /// Bytes of scratch memory that ``matrixProductUInt8`` needs for the sums of a panel.
  @export(interface)
  public func productScratch(rows: Int, groups: Int) -> Int { 192 &+ (rows &+ 5) &* 64 }

  /// `MatrixProduct` of uint8 inputs; all rows of a call go past each panel.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    let panelBytes = call.runs &* call.groupsPerRun &* 64
    let initial = call.scratch.assumingMemoryBound(to: Int32.self)
    let zeroBias = initial + 16
    let sums = initial + 32
    var done = 0
    while done < call.outputs {
      let output = call.firstOutput &+ done
      let panel = UnsafeRawPointer(call.panels) + output / 16 &* panelBytes
      let outputs = min(16, call.outputs &- done)
      copyBias(call, output, outputs, initial, zeroBias)
      var row = 0
      while row < call.rowCount {
        multiplySixRows(call, row, panel, initial, sums + 16 &* row)
        row &+= 6
      }
      finishPanel(call, output, outputs, sums, 16, 255 &* 128, zeroBias)
      done &+= 16
    }
  }
#endif
