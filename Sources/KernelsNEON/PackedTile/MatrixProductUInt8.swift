#if arch(arm64) || arch(arm)
  import Kernels

  /// `MatrixProduct` of uint8 inputs; for each panel all tiles of the call go past.
  @export(interface)
  public func matrixProductUInt8(_ call: MatrixProduct) {
    let groups = call.runs &* call.groupsPerRun
    let chunks = chunkCount(groups)
    let tiles = (call.rowCount &+ 3) / 4
    let scratch = tileScratch(call, inputChunks: tiles &* chunks)
    packInputsUInt8(call, chunks, scratch.inputs)
    withTileSums { sums in
      var done = 0
      while done < call.outputs {
        let output = call.firstOutput &+ done
        let outputs = min(16, call.outputs &- done)
        let panel = UnsafeRawPointer(call.panels) + output / 16 &* groups &* 64
        preparePanel(panel, groups, scratch)
        var row = 0
        var inputs = UnsafeRawPointer(scratch.inputs)
        while row < call.rowCount {
          multiplyTile(inputs, panel, groups, scratch, sums)
          finishTile(call, row, min(4, call.rowCount &- row), output, outputs, sums)
          inputs += chunks &* 64
          row &+= 4
        }
        done &+= 16
      }
    }
  }

  /// Packs the inputs of all rows; rows past the last one repeat it, and groups past the last one hold
  /// what was there before, as no weight meets them.
  @inline(never)
  func packInputsUInt8(_ call: MatrixProduct, _ chunks: Int, _ packed: UnsafeMutableRawPointer) {
    let groupsPerRun = call.groupsPerRun
    let rows = (call.rowCount &+ 3) & ~3
    var row = 0
    while row < rows {
      let runs = call.rows + min(row, call.rowCount &- 1) &* call.runs
      let output = packed + row / 4 &* chunks &* 64
      var place = 0
      var run = 0
      while run < call.runs {
        var input = runs[run]
        var left = groupsPerRun
        while left > 0 {
          let chunk = output + place / 4 &* 64
          if left >= 4 && place & 3 == 0 {
            storeChunk(input, row & 3, chunk)
            input += 16
            place &+= 4
            left &-= 4
          } else {
            storeGroup(input, row & 3, place & 3, chunk)
            input += 4
            place &+= 1
            left &-= 1
          }
        }
        run &+= 1
      }
      row &+= 1
    }
  }
#endif
