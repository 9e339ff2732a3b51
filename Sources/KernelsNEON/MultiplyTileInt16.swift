#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  // Sixteen sums, two registers of weights an input, four of inputs.

  @_transparent
  private func accumulate(
    _ row: inout TileRow,
    _ input: Int16,
    _ left: int16x8_t,
    _ right: int16x8_t
  ) {
    let factor = vdupq_n_s16(input)
    row.0 = vmlal_s16(row.0, vget_low_s16(left), vget_low_s16(factor))
    row.1 = vmlal_s16(row.1, vget_high_s16(left), vget_high_s16(factor))
    row.2 = vmlal_s16(row.2, vget_low_s16(right), vget_low_s16(factor))
    row.3 = vmlal_s16(row.3, vget_high_s16(right), vget_high_s16(factor))
  }

  @_transparent
  private func loadWords(_ source: UnsafeRawPointer) -> int16x8_t {
    source.loadUnaligned(as: int16x8_t.self)
  }

  @_transparent
  private func write(_ row: TileRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.0, sums)
    store(row.1, sums + 4)
    store(row.2, sums + 8)
    store(row.3, sums + 12)
  }

  /// The sums of a tile of packed int16 inputs and widened weights.
  @inline(never)
  func multiplyTileInt16(
    _ inputs: UnsafeRawPointer,
    _ halves: Int,
    _ widened: UnsafeRawPointer,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    var row0 = empty
    var row1 = empty
    var row2 = empty
    var row3 = empty
    var weights = widened
    var chunk = inputs
    var left = halves
    while left != 0 {
      let inputs0 = loadWords(chunk)
      let inputs1 = loadWords(chunk + 16)
      let inputs2 = loadWords(chunk + 32)
      let inputs3 = loadWords(chunk + 48)
      let left0 = loadWords(weights + 0)
      let right0 = loadWords(weights + 16)
      let left1 = loadWords(weights + 32)
      let right1 = loadWords(weights + 48)
      let left2 = loadWords(weights + 64)
      let right2 = loadWords(weights + 80)
      let left3 = loadWords(weights + 96)
      let right3 = loadWords(weights + 112)
      accumulate(&row0, inputs0[0], left0, right0)
      accumulate(&row1, inputs1[0], left0, right0)
      accumulate(&row2, inputs2[0], left0, right0)
      accumulate(&row3, inputs3[0], left0, right0)
      accumulate(&row0, inputs0[1], left1, right1)
      accumulate(&row1, inputs1[1], left1, right1)
      accumulate(&row2, inputs2[1], left1, right1)
      accumulate(&row3, inputs3[1], left1, right1)
      accumulate(&row0, inputs0[2], left2, right2)
      accumulate(&row1, inputs1[2], left2, right2)
      accumulate(&row2, inputs2[2], left2, right2)
      accumulate(&row3, inputs3[2], left2, right2)
      accumulate(&row0, inputs0[3], left3, right3)
      accumulate(&row1, inputs1[3], left3, right3)
      accumulate(&row2, inputs2[3], left3, right3)
      accumulate(&row3, inputs3[3], left3, right3)
      let left4 = loadWords(weights + 128)
      let right4 = loadWords(weights + 144)
      let left5 = loadWords(weights + 160)
      let right5 = loadWords(weights + 176)
      let left6 = loadWords(weights + 192)
      let right6 = loadWords(weights + 208)
      let left7 = loadWords(weights + 224)
      let right7 = loadWords(weights + 240)
      accumulate(&row0, inputs0[4], left4, right4)
      accumulate(&row1, inputs1[4], left4, right4)
      accumulate(&row2, inputs2[4], left4, right4)
      accumulate(&row3, inputs3[4], left4, right4)
      accumulate(&row0, inputs0[5], left5, right5)
      accumulate(&row1, inputs1[5], left5, right5)
      accumulate(&row2, inputs2[5], left5, right5)
      accumulate(&row3, inputs3[5], left5, right5)
      accumulate(&row0, inputs0[6], left6, right6)
      accumulate(&row1, inputs1[6], left6, right6)
      accumulate(&row2, inputs2[6], left6, right6)
      accumulate(&row3, inputs3[6], left6, right6)
      accumulate(&row0, inputs0[7], left7, right7)
      accumulate(&row1, inputs1[7], left7, right7)
      accumulate(&row2, inputs2[7], left7, right7)
      accumulate(&row3, inputs3[7], left7, right7)
      weights += 256
      chunk += 64
      left &-= 1
    }
    write(row0, sums)
    write(row1, sums + 16)
    write(row2, sums + 32)
    write(row3, sums + 48)
  }
#endif
