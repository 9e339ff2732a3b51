#if arch(x86_64)
  import Kernels

  /// `MatrixProduct` of uint8 inputs.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    widenInputsUInt8(call, call.scratch)
    multiplyWidened(call)
  }

  /// `MatrixProduct` of int16 inputs.
  @export(interface)
  public func matrixProductInt16(_ call: MatrixProduct) {
    pairInputsInt16(call, call.scratch)
    multiplyWidened(call)
  }

  /// The product of widened inputs, panel by panel, six rows at a time.
  @inline(never)
  func multiplyWidened(_ call: MatrixProduct) {
    let groups = call.runs &* call.groupsPerRun
    let inputs = UnsafeRawPointer(call.scratch)
    let start = (call.rowCount &* groups &* 8 &+ 63) & ~63
    let weights = call.scratch + start
    let empty = SIMD16<Int32>()
    var tile = (empty, empty, empty, empty, empty, empty)
    withUnsafeMutablePointer(to: &tile) { tile in
      UnsafeMutableRawPointer(tile).withMemoryRebound(to: Int32.self, capacity: 96) { sums in
        var done = 0
        while done < call.outputs {
          let outputs = min(2 &* lanes, call.outputs &- done)
          let output = call.firstOutput &+ done
          let panel = UnsafeRawPointer(call.panels) + output / 16 &* groups &* 64
          widenWeights(panel + output % 16 &* 4, groups: groups, weights)
          var row = 0
          while row < call.rowCount {
            multiplySixRows(inputs, row, call.rowCount &- 1, weights, groups, sums)
            finishTile(call, row, min(6, call.rowCount &- row), output, outputs, sums, 2 &* lanes)
            row &+= 6
          }
          done &+= 2 &* lanes
        }
      }
    }
  }
#endif
