#if arch(x86_64)
  import Kernels

  // For each pair of panels all rows of the call go past, so that the panels stay in the second-level
  // cache and the rows in the first.

  /// `MatrixProduct` of uint8 inputs.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    let panelBytes = call.runs &* call.groupsPerRun &* 64
    withTile { sums in
      var done = 0
      while done < call.outputs {
        let firstOutput = call.firstOutput &+ done
        let panel = UnsafeRawPointer(call.panels) + firstOutput / 16 &* panelBytes
        // A last panel without a partner is its own, and the second half of the sums is left alone.
        let nextPanel = call.outputs &- done > 16 ? panelBytes : 0
        var row = 0
        while row < call.rowCount {
          multiplyTwelveRows(call, row, panel, nextPanel, sums)
          finishTile(
            call,
            row,
            min(12, call.rowCount &- row),
            firstOutput,
            min(32, call.outputs &- done),
            sums,
            32
          )
          row &+= 12
        }
        done &+= 32
      }
    }
  }

  /// `MatrixProduct` of int16 inputs.
  @export(interface)
  public func matrixProductInt16(_ call: MatrixProduct) {
    let panelBytes = call.runs &* call.groupsPerRun &* 64
    withTile { sums in
      var done = 0
      while done < call.outputs {
        let firstOutput = call.firstOutput &+ done
        let panel = UnsafeRawPointer(call.panels) + firstOutput / 16 &* panelBytes
        var row = 0
        while row < call.rowCount {
          multiplyTwelveRowsInt16(call, row, panel, sums)
          let rows = min(12, call.rowCount &- row)
          finishTile(call, row, rows, firstOutput, min(16, call.outputs &- done), sums, 32)
          row &+= 12
        }
        done &+= 16
      }
    }
  }

  /// Sums of twelve rows of 32 outputs on the stack.
  @inline(__always)
  private func withTile(_ body: (UnsafeMutablePointer<Int32>) -> Void) {
    let empty = SIMD64<Int32>()
    var tile = (empty, empty, empty, empty, empty, empty)
    withUnsafeMutablePointer(to: &tile) { tile in
      UnsafeMutableRawPointer(tile).withMemoryRebound(to: Int32.self, capacity: 384, body)
    }
  }
#endif
