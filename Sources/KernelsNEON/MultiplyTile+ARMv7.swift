#if arch(arm)
  import _Builtin_intrinsics.arm.neon

  // As for ARMv8, with half of its registers: eight sums, two rows × four outputs.

  /// The sums of four outputs of a row.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias TileRow = (Register, Register, Register, Register)

  @_transparent
  private func addProducts(_ sum: inout Register, _ a: int8x16_t, _ b: int8x16_t) {
    let products = vmlal_s8(
      vmull_s8(vget_low_s8(a), vget_low_s8(b)),
      vget_high_s8(a),
      vget_high_s8(b)
    )
    sum = vpadalq_s16(sum, products)
  }

  @_transparent
  private func loadBytes(_ source: UnsafeRawPointer) -> int8x16_t {
    source.loadUnaligned(as: int8x16_t.self)
  }

  @_transparent
  private func addHalves(_ sum: Register) -> int32x2_t {
    vpadd_s32(vget_low_s32(sum), vget_high_s32(sum))
  }

  @_transparent
  private func write(_ row: TileRow, _ start: Register, _ sums: UnsafeMutablePointer<Int32>) {
    let left = vpadd_s32(addHalves(row.0), addHalves(row.1))
    let right = vpadd_s32(addHalves(row.2), addHalves(row.3))
    store(add32(vcombine_s32(left, right), start), sums)
  }

  /// The sums of a tile of packed inputs and a prepared panel.
  @inline(never)
  func multiplyTile(
    _ inputs: UnsafeRawPointer,
    _ panel: UnsafeRawPointer,
    _ groups: Int,
    _ scratch: TileScratch,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    if scratch.sums[16] != 0 {
      multiplyTileWithLowest(inputs, groups, scratch, sums)
      return
    }
    let chunks = chunkCount(groups)
    var quad = 0
    while quad < 4 {
      let weights = UnsafeRawPointer(scratch.weights) + quad &* chunks &* 64
      let start = load(scratch.sums + quad &* 4)
      multiplyTwoRows(inputs, weights, chunks, start, sums + quad &* 4)
      multiplyTwoRows(inputs + 32, weights, chunks, start, sums + (32 &+ quad &* 4))
      quad &+= 1
    }
  }

  /// The sums of two rows and a quad of outputs.
  @inline(never)
  func multiplyTwoRows(
    _ inputs: UnsafeRawPointer,
    _ quad: UnsafeRawPointer,
    _ chunks: Int,
    _ start: Register,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    var row0 = empty
    var row1 = empty
    var weights = quad
    var chunk = inputs
    let end = inputs + chunks &* 64
    while chunk < end {
      let inputs0 = loadBytes(chunk)
      let inputs1 = loadBytes(chunk + 16)
      let first = loadBytes(weights)
      addProducts(&row0.0, inputs0, first)
      addProducts(&row1.0, inputs1, first)
      let second = loadBytes(weights + 16)
      addProducts(&row0.1, inputs0, second)
      addProducts(&row1.1, inputs1, second)
      let third = loadBytes(weights + 32)
      addProducts(&row0.2, inputs0, third)
      addProducts(&row1.2, inputs1, third)
      let fourth = loadBytes(weights + 48)
      addProducts(&row0.3, inputs0, fourth)
      addProducts(&row1.3, inputs1, fourth)
      weights += 64
      chunk += 64
    }
    write(row0, start, sums)
    write(row1, start, sums + 16)
  }
#endif
