#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon

  /// A chunk of 16 int8 or 32 int16 weights for each of 16 outputs.
  let weightBytesPerChunk = 512

  /// Sorts the weights of a panel so that 16 inputs of an output lie together, and starts the sums with
  /// what x − 128 lacks.
  ///
  ///     [4 quads][chunks][4 outputs][16 inputs]
  ///
  /// Groups past the last one become 0. The number behind the sums tells whether a weight is −128.
  @inline(never)
  func preparePanel(_ panel: UnsafeRawPointer, _ groups: Int, _ scratch: TileScratch) {
    var output = scratch.weights
    var lowest = vdupq_n_s8(0)
    var quad = 0
    while quad < 4 {
      var sums = zeroes()
      var weights = panel + quad &* 16
      var group = 0
      while group < groups {
        let left = groups &- group
        let first = load(weights)
        let second = left > 1 ? load(weights + 64) : zeroes()
        let third = left > 2 ? load(weights + 128) : zeroes()
        let fourth = left > 3 ? load(weights + 192) : zeroes()
        lowest = lowestBytes(lowest, first, second, third, fourth)
        sums = addBytes(sums, first)
        sums = addBytes(sums, second)
        sums = addBytes(sums, third)
        sums = addBytes(sums, fourth)
        store(Register(first[0], second[0], third[0], fourth[0]), output)
        store(Register(first[1], second[1], third[1], fourth[1]), output + 16)
        store(Register(first[2], second[2], third[2], fourth[2]), output + 32)
        store(Register(first[3], second[3], third[3], fourth[3]), output + 48)
        weights += 256
        output += 64
        group &+= 4
      }
      store(shiftLeft32(sums, bitCount(7)), scratch.sums + quad &* 4)
      quad &+= 1
    }
    var bytes = vreinterpret_u64_s8(vmin_s8(vget_low_s8(lowest), vget_high_s8(lowest)))
    scratch.sums[16] = 0
    while bytes != 0 {
      if bytes & 0xff == 0x80 { scratch.sums[16] = 1 }
      bytes &>>= 8
    }
  }

  @_transparent
  private func lowestBytes(
    _ lowest: int8x16_t,
    _ first: Register,
    _ second: Register,
    _ third: Register,
    _ fourth: Register
  ) -> int8x16_t {
    let left = vminq_s8(vreinterpretq_s8_s32(first), vreinterpretq_s8_s32(second))
    let right = vminq_s8(vreinterpretq_s8_s32(third), vreinterpretq_s8_s32(fourth))
    return vminq_s8(lowest, vminq_s8(left, right))
  }

  /// Adds the four bytes of each lane.
  @_transparent
  private func addBytes(_ sums: Register, _ bytes: Register) -> Register {
    vpadalq_s16(sums, vpaddlq_s8(vreinterpretq_s8_s32(bytes)))
  }
#endif
