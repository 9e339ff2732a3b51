#if arch(arm64) || arch(arm)
  import Kernels
  import _Builtin_intrinsics.arm.neon

  // Weights are widened to 16 bits, 16 outputs an input, so that a lane of inputs times a register of
  // weights is one widening multiply-add of four sums.
  //
  //     inputs     [tiles][half chunks][4 rows][8 inputs]
  //     weights    [inputs][16 outputs]

  /// `MatrixProduct` of int16 inputs; for each panel all tiles of the call go past.
  @export(interface)
  public func matrixProductInt16(_ call: MatrixProduct) {
    let groups = call.runs &* call.groupsPerRun
    let halves = (groups &+ 1) / 2
    let tiles = (call.rowCount &+ 3) / 4
    let scratch = tileScratch(call, inputChunks: tiles &* halves)
    packInputsInt16(call, halves, scratch.inputs)
    withTileSums { sums in
      var done = 0
      while done < call.outputs {
        let output = call.firstOutput &+ done
        let outputs = min(16, call.outputs &- done)
        widenWeights(
          UnsafeRawPointer(call.panels) + output / 16 &* groups &* 64,
          groups,
          scratch.weights
        )
        var row = 0
        var inputs = UnsafeRawPointer(scratch.inputs)
        while row < call.rowCount {
          multiplyTileInt16(inputs, halves, UnsafeRawPointer(scratch.weights), sums)
          finishTile(call, row, min(4, call.rowCount &- row), output, outputs, sums)
          inputs += halves &* 64
          row &+= 4
        }
        done &+= 16
      }
    }
  }

  /// Packs the inputs of all rows; rows past the last one repeat it.
  @inline(never)
  func packInputsInt16(_ call: MatrixProduct, _ halves: Int, _ packed: UnsafeMutableRawPointer) {
    let groupsPerRun = call.groupsPerRun
    let rows = (call.rowCount &+ 3) & ~3
    var row = 0
    while row < rows {
      let runs = call.rows + min(row, call.rowCount &- 1) &* call.runs
      let output = packed + (row / 4 &* halves &* 64 &+ (row & 3) &* 16)
      var place = 0
      var run = 0
      while run < call.runs {
        var input = runs[run]
        let end = place &+ groupsPerRun
        while place < end {
          let inputs = input.loadUnaligned(as: Int64.self)
          output.storeBytes(
            of: inputs,
            toByteOffset: place / 2 &* 64 &+ (place & 1) &* 8,
            as: Int64.self
          )
          input += 8
          place &+= 1
        }
        run &+= 1
      }
      row &+= 1
    }
  }

  /// Widens the weights of a panel; a group past the last one becomes 0.
  @inline(never)
  func widenWeights(_ panel: UnsafeRawPointer, _ groups: Int, _ widened: UnsafeMutableRawPointer) {
    var weights = panel
    var output = widened
    var group = 0
    while group < groups {
      let low = bytesByInput(load(weights), load(weights + 16))
      let high = bytesByInput(load(weights + 32), load(weights + 48))
      storeWidened(low.even, high.even, output)
      storeWidened(low.odd, high.odd, output + 64)
      weights += 64
      output += 128
      group &+= 1
    }
    if groups & 1 == 1 {
      var offset = 0
      while offset < 128 {
        store(zeroes(), output + offset)
        offset &+= 16
      }
    }
  }

  /// 8 outputs × 4 inputs sorted by input: inputs 0 and 1, then 2 and 3, 8 bytes each.
  @_transparent
  private func bytesByInput(_ a: Register, _ b: Register) -> (even: int8x16_t, odd: int8x16_t) {
    let left = vreinterpretq_s8_s32(a)
    let right = vreinterpretq_s8_s32(b)
    #if arch(arm64)
      let even = vuzp1q_s8(left, right)
      let odd = vuzp2q_s8(left, right)
      let first = vuzp1q_s8(even, odd)
      let second = vuzp2q_s8(even, odd)
    #else
      let once = vuzpq_s8(left, right)
      let twice = vuzpq_s8(once.val.0, once.val.1)
      let first = twice.val.0
      let second = twice.val.1
    #endif
    return (even: first, odd: second)
  }

  /// Stores two inputs' weights of 16 outputs.
  @_transparent
  private func storeWidened(
    _ low: int8x16_t,
    _ high: int8x16_t,
    _ output: UnsafeMutableRawPointer
  ) {
    output.storeBytes(of: vmovl_s8(vget_low_s8(low)), as: int16x8_t.self)
    (output + 16).storeBytes(of: vmovl_s8(vget_low_s8(high)), as: int16x8_t.self)
    (output + 32).storeBytes(of: vmovl_s8(vget_high_s8(low)), as: int16x8_t.self)
    (output + 48).storeBytes(of: vmovl_s8(vget_high_s8(high)), as: int16x8_t.self)
  }
#endif
