#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  // Products of bytes fill 15 bits and a sign, so that two of them are added in 16 bits: −128 · −127
  // twice is 32512. Three instructions do 16 multiply-adds: `smull`, `smlal2`, and `sadalp` that adds pairs
  // to four 32-bit sums of an output. Sixteen sums, one a row and output, are reduced at the end of a quad.

  /// The sums of four outputs of a row.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias TileRow = (Register, Register, Register, Register)

  @_transparent
  private func accumulate(
    _ row: inout TileRow,
    _ inputs: int8x16_t,
    _ first: int8x16_t,
    _ second: int8x16_t,
    _ third: int8x16_t,
    _ fourth: int8x16_t
  ) {
    row.0 = vpadalq_s16(row.0, pairedProducts(inputs, first))
    row.1 = vpadalq_s16(row.1, pairedProducts(inputs, second))
    row.2 = vpadalq_s16(row.2, pairedProducts(inputs, third))
    row.3 = vpadalq_s16(row.3, pairedProducts(inputs, fourth))
  }

  @_transparent
  private func pairedProducts(_ a: int8x16_t, _ b: int8x16_t) -> int16x8_t {
    vmlal_s8(
      vmull_s8(vget_low_s8(a), vget_low_s8(b)),
      vget_high_s8(a),
      vget_high_s8(b)
    )
  }

  @_transparent
  private func loadBytes(_ source: UnsafeRawPointer) -> int8x16_t {
    source.loadUnaligned(as: int8x16_t.self)
  }

  @_transparent
  private func write(_ row: TileRow, _ start: Register, _ sums: UnsafeMutablePointer<Int32>) {
    let total = vpaddq_s32(vpaddq_s32(row.0, row.1), vpaddq_s32(row.2, row.3))
    store(add32(total, start), sums)
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
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    var weights = UnsafeRawPointer(scratch.weights)
    var quad = 0
    while quad < 4 {
      var row0 = empty
      var row1 = empty
      var row2 = empty
      var row3 = empty
      var chunk = inputs
      var left = chunks
      while left != 0 {
        let inputs0 = loadBytes(chunk)
        let inputs1 = loadBytes(chunk + 16)
        let inputs2 = loadBytes(chunk + 32)
        let inputs3 = loadBytes(chunk + 48)
        let first = loadBytes(weights)
        let second = loadBytes(weights + 16)
        let third = loadBytes(weights + 32)
        let fourth = loadBytes(weights + 48)
        weights += 64
        chunk += 64
        left &-= 1
        accumulate(&row0, inputs0, first, second, third, fourth)
        accumulate(&row1, inputs1, first, second, third, fourth)
        accumulate(&row2, inputs2, first, second, third, fourth)
        accumulate(&row3, inputs3, first, second, third, fourth)
      }
      let start = load(scratch.sums + quad &* 4)
      let output = sums + quad &* 4
      write(row0, start, output)
      write(row1, start, output + 16)
      write(row2, start, output + 32)
      write(row3, start, output + 48)
      quad &+= 1
    }
  }
#endif
