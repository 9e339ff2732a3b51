#if arch(x86_64)
  import Kernels

  /// `MatrixProduct` of uint8 inputs; all rows of a call go past each panel.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    let panelBytes = call.runs &* call.groupsPerRun &* 64
    let empty = SIMD16<Int32>()
    var tile = (empty, empty, empty, empty, empty, empty)
    withUnsafeMutablePointer(to: &tile) { tile in
      UnsafeMutableRawPointer(tile).withMemoryRebound(to: Int32.self, capacity: 96) { sums in
        var done = 0
        while done < call.outputs {
          let output = call.firstOutput &+ done
          let panel = UnsafeRawPointer(call.panels) + output / 16 &* panelBytes
          let outputs = min(16, call.outputs &- done)
          var row = 0
          while row < call.rowCount {
            multiplySixRows(call, row, panel, sums)
            finishTile(call, row, min(6, call.rowCount &- row), output, outputs, sums, 16)
            row &+= 6
          }
          done &+= 16
        }
      }
    }
  }
#endif
