#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // The vocabulary that the shared kernels are written in, for 256-bit registers.

  /// One 256-bit register.
  typealias Register = __m256i

  /// 32-bit lanes of a register.
  let lanes = 8

  @_transparent
  func load(_ source: UnsafeRawPointer) -> Register { source.loadUnaligned(as: Register.self) }

  @_transparent
  func store(_ register: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: register, as: Register.self)
  }

  @_transparent
  func zeroes() -> Register { _mm256_setzero_si256() }

  @_transparent
  func broadcast(_ number: Int32) -> Register { _mm256_set1_epi32(number) }

  @_transparent
  func broadcast64(_ number: Int64) -> Register { _mm256_set1_epi64x(number) }

  @_transparent
  func add32(_ a: Register, _ b: Register) -> Register { _mm256_add_epi32(a, b) }

  @_transparent
  func subtract32(_ a: Register, _ b: Register) -> Register { _mm256_sub_epi32(a, b) }

  @_transparent
  func minimum32(_ a: Register, _ b: Register) -> Register { _mm256_min_epi32(a, b) }

  @_transparent
  func maximum32(_ a: Register, _ b: Register) -> Register { _mm256_max_epi32(a, b) }

  @_transparent
  func minimumUnsigned32(_ a: Register, _ b: Register) -> Register { _mm256_min_epu32(a, b) }

  @_transparent
  func multiplyLow32(_ a: Register, _ b: Register) -> Register { _mm256_mullo_epi32(a, b) }

  @_transparent
  func add64(_ a: Register, _ b: Register) -> Register { _mm256_add_epi64(a, b) }

  /// The 64-bit products of the even signed lanes.
  @_transparent
  func multiplyEven(_ a: Register, _ b: Register) -> Register { _mm256_mul_epi32(a, b) }

  /// The 64-bit products of the even unsigned lanes.
  @_transparent
  func multiplyEvenUnsigned(_ a: Register, _ b: Register) -> Register { _mm256_mul_epu32(a, b) }

  /// Sums of the products of neighbouring 16-bit numbers.
  @_transparent
  func multiplyPairs(_ a: Register, _ b: Register) -> Register { _mm256_madd_epi16(a, b) }

  /// Sums of products of neighbouring 16-bit numbers, of which ``total(_:)`` makes a register.
  typealias PairSums = Register

  @_transparent
  func noPairs() -> PairSums { zeroes() }

  @_transparent
  func addPairs(_ sums: PairSums, _ a: Register, _ b: Register) -> PairSums {
    add32(sums, multiplyPairs(a, b))
  }

  @_transparent
  func total(_ sums: PairSums) -> Register { sums }

  /// Odd lanes in the place of even ones.
  @_transparent
  func oddLanes(_ a: Register) -> Register { _mm256_srli_epi64(a, 32) }

  /// The upper halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func upperHalves(_ even: Register, _ odd: Register) -> Register {
    _mm256_or_si256(
      _mm256_srli_epi64(even, 32),
      _mm256_and_si256(odd, _mm256_set1_epi64x(-0x1_0000_0000))
    )
  }

  /// The lower halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func lowerHalves(_ even: Register, _ odd: Register) -> Register {
    _mm256_or_si256(
      _mm256_and_si256(even, _mm256_set1_epi64x(0xffff_ffff)),
      _mm256_slli_epi64(odd, 32)
    )
  }

  /// A number of bits, as the shifts below take it.
  typealias BitCount = __m128i

  @_transparent
  func bitCount(_ bits: Int32) -> BitCount { _mm_cvtsi32_si128(bits) }

  @_transparent
  func shiftRight32(_ a: Register, _ bits: BitCount) -> Register { _mm256_sra_epi32(a, bits) }

  @_transparent
  func shiftRightUnsigned32(_ a: Register, _ bits: BitCount) -> Register {
    _mm256_srl_epi32(a, bits)
  }

  @_transparent
  func shiftLeft32(_ a: Register, _ bits: BitCount) -> Register { _mm256_sll_epi32(a, bits) }

  @_transparent
  func bitwiseOr(_ a: Register, _ b: Register) -> Register { _mm256_or_si256(a, b) }

  @_transparent
  func shiftRight16(_ a: Register, _ bits: BitCount) -> Register { _mm256_sra_epi16(a, bits) }

  @_transparent
  func shiftLeft16(_ a: Register, _ bits: BitCount) -> Register { _mm256_sll_epi16(a, bits) }

  @_transparent
  func shiftRightUnsigned64(_ a: Register, _ bits: BitCount) -> Register {
    _mm256_srl_epi64(a, bits)
  }

  @_transparent
  func bitwiseAnd(_ a: Register, _ b: Register) -> Register { _mm256_and_si256(a, b) }

  @_transparent
  func widenUInt8(_ source: UnsafeRawPointer) -> Register {
    _mm256_cvtepu8_epi32(loadEight(source))
  }

  @_transparent
  func widenInt8(_ source: UnsafeRawPointer) -> Register {
    _mm256_cvtepi8_epi32(loadEight(source))
  }

  @_transparent
  func widenInt16(_ source: UnsafeRawPointer) -> Register {
    _mm256_cvtepi16_epi32(source.loadUnaligned(as: __m128i.self))
  }

  /// Stores lanes that lie in 0…255.
  @_transparent
  func storeUInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    let words = _mm_packs_epi32(a.lowHalf, a.highHalf)
    destination.storeBytes(of: _mm_packus_epi16(words, words)[0], as: Int64.self)
  }

  /// Stores lanes that lie in −128…127.
  @_transparent
  func storeInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    let words = _mm_packs_epi32(a.lowHalf, a.highHalf)
    destination.storeBytes(of: _mm_packs_epi16(words, words)[0], as: Int64.self)
  }

  @_transparent
  func storeInt16(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm_packs_epi32(a.lowHalf, a.highHalf), as: __m128i.self)
  }

  @_transparent
  private func loadEight(_ source: UnsafeRawPointer) -> __m128i {
    __m128i(source.loadUnaligned(as: Int64.self), 0)
  }

  /// Sums of unsigned lanes, added to sums of 64 bits.
  @_transparent
  func addUnsignedLanes(_ sums: Register, _ lanes: Register) -> Register {
    add64(sums, add64(bitwiseAnd(lanes, broadcast64(0xffff_ffff)), oddLanes(lanes)))
  }

  /// The sum of all 32-bit lanes in 64 bits.
  @_transparent
  func sumOfLanes32(_ a: Register) -> Int64 {
    let wide = _mm256_add_epi64(
      _mm256_cvtepi32_epi64(a.lowHalf),
      _mm256_cvtepi32_epi64(a.highHalf)
    )
    return sumOfLanes64(wide)
  }

  @_transparent
  func sumOfLanes64(_ a: Register) -> Int64 {
    let pair = _mm_add_epi64(a.lowHalf, a.highHalf)
    return pair[0] &+ pair[1]
  }
#endif
