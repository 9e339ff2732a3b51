#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // What the kernels of attention need beside the common vocabulary.

  /// Channels whose sums two registers hold.
  let samplingChannels = 32

  /// Levels whose pairs of numbers ``LevelPairs`` holds.
  let samplingLevels = lanes / 2

  @_transparent
  func exclusiveOr(_ a: Register, _ b: Register) -> Register { _mm512_xor_si512(a, b) }

  @_transparent
  func add16(_ a: Register, _ b: Register) -> Register { _mm512_add_epi16(a, b) }

  /// The rounded upper 16 bits of doubled products of 16-bit numbers.
  @_transparent
  func multiplyRounding(_ a: Register, _ b: Register) -> Register { _mm512_mulhrs_epi16(a, b) }

  /// Each lane shifted right by its own number of bits; 32 and more leave 0.
  @_transparent
  func shiftRightByLanes(_ a: Register, _ bits: Register) -> Register {
    _mm512_srlv_epi32(a, bits)
  }

  @_transparent
  func maskBelow(_ count: Int) -> UInt16 {
    count >= lanes ? 0xffff : UInt16(truncatingIfNeeded: (1 &<< count) &- 1)
  }

  /// All ones in the first `count` lanes.
  @_transparent
  func lanesBelow(_ count: Int) -> Register { _mm512_movm_epi32(maskBelow(count)) }

  @_transparent
  func equal32(_ a: Register, _ b: Register) -> Register {
    let difference = _mm512_xor_si512(a, b)
    return _mm512_movm_epi32(_mm512_testn_epi32_mask(difference, difference))
  }

  /// The first `count` int16 numbers as lanes, at most one register; the others hold `filler`.
  @_transparent
  func firstInt16(_ source: UnsafeRawPointer, _ count: Int, _ filler: Int32) -> Register {
    let mask = maskBelow(count)
    let numbers = _mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(mask, source))
    return _mm512_mask_mov_epi32(_mm512_set1_epi32(filler), mask, numbers)
  }

  /// The first `count` lanes, at most one register; the others are 0.
  @_transparent
  func firstPairs(_ source: UnsafeRawPointer, _ count: Int) -> Register {
    _mm512_maskz_loadu_epi32(maskBelow(count), source)
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
    _mm512_permutexvar_epi32(indices, a)
  }

  @_transparent
  func maximumOfLanes(_ a: Register) -> Int32 { _mm512_reduce_max_epi32(a) }

  /// 16-bit pairs of two rows of 32 bytes: channels 0…7 and 16…23, then the others.
  @_transparent
  func interleavedInt8(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer) -> (
    low: Register, high: Register
  ) {
    let left = a.loadUnaligned(as: __m256i.self)
    let right = b.loadUnaligned(as: __m256i.self)
    return (
      low: _mm512_cvtepi8_epi16(_mm256_unpacklo_epi8(left, right)),
      high: _mm512_cvtepi8_epi16(_mm256_unpackhi_epi8(left, right))
    )
  }

  /// Undoes the order of ``interleavedInt8``.
  @_transparent
  func inOrder(_ low: Register, _ high: Register) -> (first: Register, second: Register) {
    (
      first: Register(lowHalf: low.lowHalf, highHalf: high.lowHalf),
      second: Register(lowHalf: low.highHalf, highHalf: high.highHalf)
    )
  }
#endif
