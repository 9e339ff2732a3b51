#if arch(arm64)
  import Kernels
  import _Builtin_intrinsics.arm.neon

  // An int16 input is 256 · its upper byte, signed, + its lower byte, unsigned: two products of bytes
  // in place of one of words, at four times their rate. A tile of bytes holds two rows, first their upper, then their
  // lower bytes.

  /// `MatrixProduct` of int16 inputs; for each panel all tiles of the call go past.
  @export(interface)
  public func matrixProductInt16(_ call: MatrixProduct) {
    let groups = call.runs &* call.groupsPerRun
    let chunks = chunkCount(groups)
    let tiles = (call.rowCount &+ 1) / 2
    let scratch = tileScratch(call, inputChunks: tiles &* chunks)
    packInputsInt16(call, chunks, scratch.inputs)
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
          multiplyPlanes(inputs, panel, groups, scratch, sums)
          joinPlanes(sums)
          finishTile(call, row, min(2, call.rowCount &- row), output, outputs, sums)
          inputs += chunks &* 64
          row &+= 2
        }
        done &+= 16
      }
    }
  }

  /// Packs the bytes of the inputs of all rows; rows past the last one repeat it, and groups past the last
  /// one hold what was there before, as no weight meets them.
  @inline(never)
  func packInputsInt16(_ call: MatrixProduct, _ chunks: Int, _ packed: UnsafeMutableRawPointer) {
    let groupsPerRun = call.groupsPerRun
    let rows = (call.rowCount &+ 1) & ~1
    var row = 0
    while row < rows {
      let runs = call.rows + min(row, call.rowCount &- 1) &* call.runs
      let output = packed + row / 2 &* chunks &* 64
      var place = 0
      var run = 0
      while run < call.runs {
        var input = runs[run]
        var left = groupsPerRun
        while left > 0 {
          let chunk = output + place / 4 &* 64
          if left >= 4 && place & 3 == 0 {
            let first = input.loadUnaligned(as: int8x16_t.self)
            let second = input.loadUnaligned(fromByteOffset: 16, as: int8x16_t.self)
            storePlanes(
              lower: vreinterpretq_s32_s8(vuzp1q_s8(first, second)),
              upper: vreinterpretq_s32_s8(vuzp2q_s8(first, second)),
              row & 1,
              chunk
            )
            input += 32
            place &+= 4
            left &-= 4
          } else {
            let words = input.loadUnaligned(as: int8x8_t.self)
            storePlanesOfGroup(
              lower: vreinterpret_s32_s8(vuzp1_s8(words, words))[0],
              upper: vreinterpret_s32_s8(vuzp2_s8(words, words))[0],
              row & 1,
              place & 3,
              chunk
            )
            input += 8
            place &+= 1
            left &-= 1
          }
        }
        run &+= 1
      }
      row &+= 1
    }
  }

  /// 256 times the sums of the upper bytes plus those of the lower ones, in the place of the first two rows.
  @_transparent
  private func joinPlanes(_ sums: UnsafeMutablePointer<Int32>) {
    var place = 0
    while place < 32 {
      let upper = shiftLeft32(load(sums + place), bitCount(8))
      store(add32(upper, load(sums + (place &+ 32))), sums + place)
      place &+= 4
    }
  }
#endif
