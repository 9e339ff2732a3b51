#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // The vocabulary that the shared kernels are written in, for 128-bit registers.

  /// One 128-bit register.
  typealias Register = __m128i

  /// 32-bit lanes of a register.
  let lanes = 4

  @_transparent
  func load(_ source: UnsafeRawPointer) -> Register { source.loadUnaligned(as: Register.self) }

  @_transparent
  func store(_ register: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: register, as: Register.self)
  }

  @_transparent
  func zeroes() -> Register { _mm_setzero_si128() }

  @_transparent
  func broadcast(_ number: Int32) -> Register { _mm_set1_epi32(number) }

  @_transparent
  func broadcast64(_ number: Int64) -> Register { _mm_set1_epi64x(number) }

  @_transparent
  func add32(_ a: Register, _ b: Register) -> Register { _mm_add_epi32(a, b) }

  @_transparent
  func subtract32(_ a: Register, _ b: Register) -> Register { _mm_sub_epi32(a, b) }

  @_transparent
  func minimum32(_ a: Register, _ b: Register) -> Register { _mm_min_epi32(a, b) }

  @_transparent
  func maximum32(_ a: Register, _ b: Register) -> Register { _mm_max_epi32(a, b) }

  @_transparent
  func minimumUnsigned32(_ a: Register, _ b: Register) -> Register { _mm_min_epu32(a, b) }

  @_transparent
  func multiplyLow32(_ a: Register, _ b: Register) -> Register { _mm_mullo_epi32(a, b) }

  @_transparent
  func add64(_ a: Register, _ b: Register) -> Register { _mm_add_epi64(a, b) }

  /// The 64-bit products of the even signed lanes.
  @_transparent
  func multiplyEven(_ a: Register, _ b: Register) -> Register { _mm_mul_epi32(a, b) }

  /// The 64-bit products of the even unsigned lanes.
  @_transparent
  func multiplyEvenUnsigned(_ a: Register, _ b: Register) -> Register { _mm_mul_epu32(a, b) }

  /// Sums of the products of neighbouring 16-bit numbers.
  @_transparent
  func multiplyPairs(_ a: Register, _ b: Register) -> Register { _mm_madd_epi16(a, b) }

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
  func oddLanes(_ a: Register) -> Register { _mm_srli_epi64(a, 32) }

  /// The upper halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func upperHalves(_ even: Register, _ odd: Register) -> Register {
    _mm_or_si128(
      _mm_srli_epi64(even, 32),
      _mm_and_si128(odd, _mm_set1_epi64x(-0x1_0000_0000))
    )
  }

  /// The lower halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func lowerHalves(_ even: Register, _ odd: Register) -> Register {
    _mm_or_si128(
      _mm_and_si128(even, _mm_set1_epi64x(0xffff_ffff)),
      _mm_slli_epi64(odd, 32)
    )
  }

  /// A number of bits, as the shifts below take it.
  typealias BitCount = __m128i

  @_transparent
  func bitCount(_ bits: Int32) -> BitCount { _mm_cvtsi32_si128(bits) }

  @_transparent
  func shiftRight32(_ a: Register, _ bits: BitCount) -> Register { _mm_sra_epi32(a, bits) }

  @_transparent
  func shiftRightUnsigned32(_ a: Register, _ bits: BitCount) -> Register {
    _mm_srl_epi32(a, bits)
  }

  @_transparent
  func shiftLeft32(_ a: Register, _ bits: BitCount) -> Register { _mm_sll_epi32(a, bits) }

  @_transparent
  func bitwiseOr(_ a: Register, _ b: Register) -> Register { _mm_or_si128(a, b) }

  @_transparent
  func shiftRight16(_ a: Register, _ bits: BitCount) -> Register { _mm_sra_epi16(a, bits) }

  @_transparent
  func shiftLeft16(_ a: Register, _ bits: BitCount) -> Register { _mm_sll_epi16(a, bits) }

  @_transparent
  func shiftRightUnsigned64(_ a: Register, _ bits: BitCount) -> Register {
    _mm_srl_epi64(a, bits)
  }

  @_transparent
  func bitwiseAnd(_ a: Register, _ b: Register) -> Register { _mm_and_si128(a, b) }

  @_transparent
  func widenUInt8(_ source: UnsafeRawPointer) -> Register {
    _mm_cvtepu8_epi32(_mm_cvtsi32_si128(source.loadUnaligned(as: Int32.self)))
  }

  @_transparent
  func widenInt8(_ source: UnsafeRawPointer) -> Register {
    _mm_cvtepi8_epi32(_mm_cvtsi32_si128(source.loadUnaligned(as: Int32.self)))
  }

  @_transparent
  func widenInt16(_ source: UnsafeRawPointer) -> Register {
    _mm_cvtepi16_epi32(__m128i(source.loadUnaligned(as: Int64.self), 0))
  }

  /// Stores lanes that lie in 0…255.
  @_transparent
  func storeUInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    let words = _mm_packs_epi32(a, a)
    let bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words))
    destination.storeBytes(of: bytes, as: Int32.self)
  }

  /// Stores lanes that lie in −128…127.
  @_transparent
  func storeInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    let words = _mm_packs_epi32(a, a)
    let bytes = _mm_cvtsi128_si32(_mm_packs_epi16(words, words))
    destination.storeBytes(of: bytes, as: Int32.self)
  }

  @_transparent
  func storeInt16(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm_packs_epi32(a, a)[0], as: Int64.self)
  }

  /// Sums of unsigned lanes, added to sums of 64 bits.
  @_transparent
  func addUnsignedLanes(_ sums: Register, _ lanes: Register) -> Register {
    add64(sums, add64(bitwiseAnd(lanes, broadcast64(0xffff_ffff)), oddLanes(lanes)))
  }

  /// The sum of all 32-bit lanes in 64 bits.
  @_transparent
  func sumOfLanes32(_ a: Register) -> Int64 {
    sumOfLanes64(_mm_add_epi64(_mm_cvtepi32_epi64(a), _mm_cvtepi32_epi64(__m128i(a[1], 0))))
  }

  @_transparent
  func sumOfLanes64(_ a: Register) -> Int64 { a[0] &+ a[1] }
#endif
