#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon

  // What the kernels of attention need beside the common vocabulary.

  /// Channels whose sums four registers hold.
  let samplingChannels = 16

  /// Levels whose pairs of numbers ``LevelPairs`` holds.
  let samplingLevels = 4

  @_transparent
  func exclusiveOr(_ a: Register, _ b: Register) -> Register { veorq_s32(a, b) }

  @_transparent
  func add16(_ a: Register, _ b: Register) -> Register {
    vreinterpretq_s32_s16(vaddq_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b)))
  }

  /// The rounded upper 16 bits of doubled products of 16-bit numbers, not both −32768.
  @_transparent
  func multiplyRounding(_ a: Register, _ b: Register) -> Register {
    vreinterpretq_s32_s16(vqrdmulhq_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b)))
  }

  /// Each lane shifted right by its own number of bits; 32 and more leave 0.
  @_transparent
  func shiftRightByLanes(_ a: Register, _ bits: Register) -> Register {
    // The processor takes the lowest byte of the number, as a signed one.
    let count = vnegq_s32(minimumUnsigned32(bits, broadcast(32)))
    return vreinterpretq_s32_u32(vshlq_u32(vreinterpretq_u32_s32(a), count))
  }

  /// All ones in the first `count` lanes.
  @_transparent
  func lanesBelow(_ count: Int) -> Register {
    let number = Int32(truncatingIfNeeded: min(count, lanes))
    return vreinterpretq_s32_u32(vcgtq_s32(vdupq_n_s32(number), Register(0, 1, 2, 3)))
  }

  @_transparent
  func equal32(_ a: Register, _ b: Register) -> Register {
    vreinterpretq_s32_u32(vceqq_s32(a, b))
  }

  /// The first `count` int16 numbers as lanes, at most one register; the others hold `filler`.
  @_transparent
  func firstInt16(_ source: UnsafeRawPointer, _ count: Int, _ filler: Int32) -> Register {
    if count >= lanes { return widenInt16(source) }
    var numbers = broadcast(filler)
    var lane = 0
    while lane < count {
      numbers[lane] = Int32(source.loadUnaligned(fromByteOffset: 2 &* lane, as: Int16.self))
      lane &+= 1
    }
    return numbers
  }

  /// The first `count` lanes, at most one register; the others are 0.
  @_transparent
  func firstPairs(_ source: UnsafeRawPointer, _ count: Int) -> Register {
    if count >= lanes { return load(source) }
    var numbers = zeroes()
    var lane = 0
    while lane < count {
      numbers[lane] = source.loadUnaligned(fromByteOffset: 4 &* lane, as: Int32.self)
      lane &+= 1
    }
    return numbers
  }

  /// Numbers of all levels, among which ``pickLanes(_:_:)`` chooses.
  typealias LevelPairs = (first: Register, second: Register)

  @_transparent
  func noLevelPairs() -> LevelPairs { (first: zeroes(), second: zeroes()) }

  /// The first `count` numbers, at most ``samplingLevels`` pairs.
  @_transparent
  func levelPairs(_ source: UnsafeRawPointer, _ count: Int) -> LevelPairs {
    (
      first: firstPairs(source, count),
      second: count > lanes ? firstPairs(source + 4 &* lanes, count &- lanes) : zeroes()
    )
  }

  /// The numbers with these indices.
  @_transparent
  func pickLanes(_ a: LevelPairs, _ indices: Register) -> Register {
    let places = add32(multiplyLow32(indices, broadcast(0x0404_0404)), broadcast(0x0302_0100))
    let first = vreinterpretq_u8_s32(a.first)
    let second = vreinterpretq_u8_s32(a.second)
    let bytes = vreinterpretq_u8_s32(places)
    #if arch(arm64)
      return vreinterpretq_s32_u8(vqtbl2q_u8(uint8x16x2_t(val: (first, second)), bytes))
    #else
      let table = uint8x8x4_t(
        val: (vget_low_u8(first), vget_high_u8(first), vget_low_u8(second), vget_high_u8(second))
      )
      let picked = vcombine_u8(
        vtbl4_u8(table, vget_low_u8(bytes)),
        vtbl4_u8(table, vget_high_u8(bytes))
      )
      return vreinterpretq_s32_u8(picked)
    #endif
  }

  @_transparent
  func maximumOfLanes(_ a: Register) -> Int32 {
    let pair = vmax_s32(vget_low_s32(a), vget_high_s32(a))
    return max(pair[0], pair[1])
  }
#endif
