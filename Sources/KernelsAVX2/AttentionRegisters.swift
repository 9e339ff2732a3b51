#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // What the kernels of attention need beside the common vocabulary.

  /// Channels of a head come in multiples of this; two registers hold their sums.
  let samplingChannels = 16

  /// Levels whose pairs of numbers ``LevelPairs`` holds.
  let samplingLevels = lanes / 2

  @_transparent
  func exclusiveOr(_ a: Register, _ b: Register) -> Register { _mm256_xor_si256(a, b) }

  @_transparent
  func add16(_ a: Register, _ b: Register) -> Register { _mm256_add_epi16(a, b) }

  /// The rounded upper 16 bits of doubled products of 16-bit numbers.
  @_transparent
  func multiplyRounding(_ a: Register, _ b: Register) -> Register { _mm256_mulhrs_epi16(a, b) }

  /// Each lane shifted right by its own number of bits; 32 and more leave 0.
  @_transparent
  func shiftRightByLanes(_ a: Register, _ bits: Register) -> Register {
    _mm256_srlv_epi32(a, bits)
  }

  /// All ones in the first `count` lanes.
  @_transparent
  func lanesBelow(_ count: Int) -> Register {
    let number = Int32(truncatingIfNeeded: min(count, lanes))
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(number), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0))
  }

  @_transparent
  func equal32(_ a: Register, _ b: Register) -> Register { _mm256_cmpeq_epi32(a, b) }

  /// The first `count` int16 numbers as lanes, at most one register; the others hold `filler`.
  @_transparent
  func firstInt16(_ source: UnsafeRawPointer, _ count: Int, _ filler: Int32) -> Register {
    if count >= lanes { return widenInt16(source) }
    var numbers = SIMD8<Int32>(repeating: filler)
    var lane = 0
    while lane < count {
      numbers[lane] = Int32(source.loadUnaligned(fromByteOffset: 2 &* lane, as: Int16.self))
      lane &+= 1
    }
    return unsafeBitCast(numbers, to: Register.self)
  }

  /// The first `count` lanes, at most one register; the others are 0.
  @_transparent
  func firstPairs(_ source: UnsafeRawPointer, _ count: Int) -> Register {
    if count >= lanes { return load(source) }
    var numbers = SIMD8<Int32>(repeating: 0)
    var lane = 0
    while lane < count {
      numbers[lane] = source.loadUnaligned(fromByteOffset: 4 &* lane, as: Int32.self)
      lane &+= 1
    }
    return unsafeBitCast(numbers, to: Register.self)
  }

  /// Numbers of all levels, among which ``pickLanes(_:_:)`` chooses.
  typealias LevelPairs = Register

  @_transparent
  func noLevelPairs() -> LevelPairs { zeroes() }

  /// The first `count` numbers, at most ``samplingLevels`` pairs.
  @_transparent
  func levelPairs(_ source: UnsafeRawPointer, _ count: Int) -> LevelPairs {
    firstPairs(source, count)
  }

  /// The numbers with these indices.
  @_transparent
  func pickLanes(_ a: LevelPairs, _ indices: Register) -> Register {
    _mm256_permutevar8x32_epi32(a, indices)
  }

  @_transparent
  func maximumOfLanes(_ a: Register) -> Int32 {
    let quad = _mm_max_epi32(a.lowHalf, a.highHalf)
    let pair = _mm_max_epi32(quad, __m128i(quad[1], 0))
    return max(_mm_cvtsi128_si32(pair), Int32(truncatingIfNeeded: pair[0] &>> 32))
  }

  /// 16-bit pairs of two rows of 16 bytes: channels 0…7, then 8…15.
  @_transparent
  func interleavedInt8(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> (
    low: Register, high: Register
  ) {
    let left = a.loadUnaligned(as: __m128i.self)
    let right = b.loadUnaligned(as: __m128i.self)
    return (
      low: _mm256_cvtepi8_epi16(_mm_unpacklo_epi8(left, right)),
      high: _mm256_cvtepi8_epi16(_mm_unpackhi_epi8(left, right))
    )
  }
#endif
