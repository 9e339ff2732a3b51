#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon

  // Two products of −128 and −128 do not fit 16 bits. The quantizer makes no such weight, yet a file may hold
  // one: panels with it add every product up in 32 bits at once, which is exact and takes its time.

  /// The sums of a tile of packed inputs and a prepared panel with weights of −128.
  @inline(never)
  func multiplyTileWithLowest(
    _ inputs: UnsafeRawPointer,
    _ groups: Int,
    _ scratch: TileScratch,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let chunks = chunkCount(groups)
    var output = 0
    while output < 16 {
      let weights =
        UnsafeRawPointer(scratch.weights) + (output / 4 &* chunks &* 64 &+ output % 4 &* 16)
      var row = 0
      while row < 4 {
        var sum = zeroes()
        var offset = 0
        while offset < chunks &* 64 {
          let a = vreinterpretq_s8_s32(load(inputs + (offset &+ row &* 16)))
          let b = vreinterpretq_s8_s32(load(weights + offset))
          sum = vpadalq_s16(sum, vmull_s8(vget_low_s8(a), vget_low_s8(b)))
          sum = vpadalq_s16(sum, vmull_s8(vget_high_s8(a), vget_high_s8(b)))
          offset &+= 64
        }
        sums[row &* 16 &+ output] =
          Int32(truncatingIfNeeded: sumOfLanes32(sum)) &+ scratch.sums[output]
        row &+= 1
      }
      output &+= 1
    }
  }
#endif
