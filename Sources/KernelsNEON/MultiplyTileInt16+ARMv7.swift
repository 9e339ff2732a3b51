#if arch(arm)
  import _Builtin_intrinsics.arm.neon

  // As for ARMv8, with half of its registers: eight sums, four rows × eight outputs. Inputs of a row are
  // taken four at a time, because a lane that multiplies must lie in one of the first eight double registers.

  /// The sums of eight outputs of a row.
  private typealias HalfRow = (Register, Register)

  @_transparent
  private func accumulate(_ row: inout HalfRow, _ input: Int16, _ weights: int16x8_t) {
    let factor = vdup_n_s16(input)
    row.0 = vmlal_s16(row.0, vget_low_s16(weights), factor)
    row.1 = vmlal_s16(row.1, vget_high_s16(weights), factor)
  }

  @_transparent
  private func loadInputs(_ source: UnsafeRawPointer) -> int16x4_t {
    source.loadUnaligned(as: int16x4_t.self)
  }

  @_transparent
  private func loadWeights(_ source: UnsafeRawPointer) -> int16x8_t {
    source.loadUnaligned(as: int16x8_t.self)
  }

  @_transparent
  private func write(_ row: HalfRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.0, sums)
    store(row.1, sums + 4)
  }

  /// The sums of a tile of packed int16 inputs and widened weights.
  @inline(never)
  func multiplyTileInt16(
    _ inputs: UnsafeRawPointer,
    _ halves: Int,
    _ widened: UnsafeRawPointer,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    multiplyEightOutputs(inputs, halves, widened, sums)
    multiplyEightOutputs(inputs, halves, widened + 16, sums + 8)
  }

  /// The sums of one half of the outputs.
  @inline(never)
  func multiplyEightOutputs(
    _ inputs: UnsafeRawPointer,
    _ halves: Int,
    _ widened: UnsafeRawPointer,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes())
    var row0 = empty
    var row1 = empty
    var row2 = empty
    var row3 = empty
    var weights = widened
    var chunk = inputs
    var quad = 0
    while quad < 2 &* halves {
      let inputs0 = loadInputs(chunk)
      let inputs1 = loadInputs(chunk + 16)
      let inputs2 = loadInputs(chunk + 32)
      let inputs3 = loadInputs(chunk + 48)
      let first = loadWeights(weights)
      accumulate(&row0, inputs0[0], first)
      accumulate(&row1, inputs1[0], first)
      accumulate(&row2, inputs2[0], first)
      accumulate(&row3, inputs3[0], first)
      let second = loadWeights(weights + 32)
      accumulate(&row0, inputs0[1], second)
      accumulate(&row1, inputs1[1], second)
      accumulate(&row2, inputs2[1], second)
      accumulate(&row3, inputs3[1], second)
      let third = loadWeights(weights + 64)
      accumulate(&row0, inputs0[2], third)
      accumulate(&row1, inputs1[2], third)
      accumulate(&row2, inputs2[2], third)
      accumulate(&row3, inputs3[2], third)
      let fourth = loadWeights(weights + 96)
      accumulate(&row0, inputs0[3], fourth)
      accumulate(&row1, inputs1[3], fourth)
      accumulate(&row2, inputs2[3], fourth)
      accumulate(&row3, inputs3[3], fourth)
      weights += 128
      // The second four inputs of a row follow the first ones; the next chunk lies 64 bytes on.
      chunk += quad & 1 == 0 ? 8 : 56
      quad &+= 1
    }
    write(row0, sums)
    write(row1, sums + 16)
    write(row2, sums + 32)
    write(row3, sums + 48)
  }
#endif
