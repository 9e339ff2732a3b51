#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon

  /// A chunk of 16 int8 or 32 int16 weights for each of 16 outputs.
  let weightBytesPerChunk = 512

  /// Sorts the weights of a panel so that 16 inputs of an output lie together, and starts the sums with
  /// what x − 128 lacks.
  ///
  ///     [4 quads][chunks][4 outputs][16 inputs]
  ///
  /// Groups past the last one become 0.
  @inline(never)
  func preparePanel(_ panel: UnsafeRawPointer, _ groups: Int, _ scratch: TileScratch) {
    var output = scratch.weights
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
  }

  /// Adds the four bytes of each lane.
  @_transparent
  private func addBytes(_ sums: Register, _ bytes: Register) -> Register {
    vpadalq_s16(sums, vpaddlq_s8(vreinterpretq_s8_s32(bytes)))
  }
#endif
