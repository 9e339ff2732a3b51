#if arch(arm)
  import _Builtin_intrinsics.arm.neon

  // As for ARMv8, with half of its registers: eight sums, two rows × sixteen outputs.

  @_transparent
  private func accumulate(_ row: inout TileRow, _ input: Int16, _ weights: UnsafeRawPointer) {
    let factor = vdup_n_s16(input)
    let left = weights.loadUnaligned(as: int16x8_t.self)
    let right = weights.loadUnaligned(fromByteOffset: 16, as: int16x8_t.self)
    row.0 = vmlal_s16(row.0, vget_low_s16(left), factor)
    row.1 = vmlal_s16(row.1, vget_high_s16(left), factor)
    row.2 = vmlal_s16(row.2, vget_low_s16(right), factor)
    row.3 = vmlal_s16(row.3, vget_high_s16(right), factor)
  }

  @_transparent
  private func loadWords(_ source: UnsafeRawPointer) -> int16x4_t {
    source.loadUnaligned(as: int16x4_t.self)
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
    multiplyTwoRowsInt16(inputs, halves, widened, sums)
    multiplyTwoRowsInt16(inputs + 32, halves, widened, sums + 32)
  }

  /// The sums of two rows.
  @inline(never)
  func multiplyTwoRowsInt16(
    _ inputs: UnsafeRawPointer,
    _ halves: Int,
    _ widened: UnsafeRawPointer,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    var row0 = empty
    var row1 = empty
    var weights = widened
    var chunk = inputs
    let end = inputs + halves &* 64
    while chunk < end {
      // Four inputs of each row, twice.
      var half = 0
      while half < 16 {
        let inputs0 = loadWords(chunk + half)
        let inputs1 = loadWords(chunk + (half &+ 16))
        accumulate(&row0, inputs0[0], weights)
        accumulate(&row1, inputs1[0], weights)
        accumulate(&row0, inputs0[1], weights + 32)
        accumulate(&row1, inputs1[1], weights + 32)
        accumulate(&row0, inputs0[2], weights + 64)
        accumulate(&row1, inputs1[2], weights + 64)
        accumulate(&row0, inputs0[3], weights + 96)
        accumulate(&row1, inputs1[3], weights + 96)
        weights += 128
        half &+= 8
      }
      chunk += 64
    }
    write(row0, sums)
    write(row1, sums + 16)
  }
#endif
