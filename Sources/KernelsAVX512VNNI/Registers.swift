#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // The vocabulary that the shared kernels are written in, for 512-bit registers.

  /// One 512-bit register.
  typealias Register = __m512i

  /// 32-bit lanes of a register.
  let lanes = 16

  @_transparent
  func load(_ source: UnsafeRawPointer) -> Register { source.loadUnaligned(as: Register.self) }

  @_transparent
  func store(_ register: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: register, as: Register.self)
  }

  @_transparent
  func zeroes() -> Register { _mm512_setzero_si512() }

  @_transparent
  func broadcast(_ number: Int32) -> Register { _mm512_set1_epi32(number) }

  @_transparent
  func broadcast64(_ number: Int64) -> Register { _mm512_set1_epi64(number) }

  @_transparent
  func add32(_ a: Register, _ b: Register) -> Register { _mm512_add_epi32(a, b) }

  @_transparent
  func subtract32(_ a: Register, _ b: Register) -> Register { _mm512_sub_epi32(a, b) }

  @_transparent
  func minimum32(_ a: Register, _ b: Register) -> Register { _mm512_min_epi32(a, b) }

  @_transparent
  func maximum32(_ a: Register, _ b: Register) -> Register { _mm512_max_epi32(a, b) }

  @_transparent
  func minimumUnsigned32(_ a: Register, _ b: Register) -> Register { _mm512_min_epu32(a, b) }

  @_transparent
  func multiplyLow32(_ a: Register, _ b: Register) -> Register { _mm512_mullo_epi32(a, b) }

  @_transparent
  func add64(_ a: Register, _ b: Register) -> Register { _mm512_add_epi64(a, b) }

  /// The 64-bit products of the even signed lanes.
  @_transparent
  func multiplyEven(_ a: Register, _ b: Register) -> Register { _mm512_mul_epi32(a, b) }

  /// The 64-bit products of the even unsigned lanes.
  @_transparent
  func multiplyEvenUnsigned(_ a: Register, _ b: Register) -> Register { _mm512_mul_epu32(a, b) }

  /// Sums of the products of neighbouring 16-bit numbers.
  @_transparent
  func multiplyPairs(_ a: Register, _ b: Register) -> Register { _mm512_madd_epi16(a, b) }

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
  func oddLanes(_ a: Register) -> Register { _mm512_srli_epi64(a, 32) }

  /// The upper halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func upperHalves(_ even: Register, _ odd: Register) -> Register {
    _mm512_or_si512(
      _mm512_srli_epi64(even, 32),
      _mm512_and_si512(odd, _mm512_set1_epi64(-0x1_0000_0000))
    )
  }

  /// The lower halves of 64-bit numbers as even and odd lanes.
  @_transparent
  func lowerHalves(_ even: Register, _ odd: Register) -> Register {
    _mm512_or_si512(
      _mm512_and_si512(even, _mm512_set1_epi64(0xffff_ffff)),
      _mm512_slli_epi64(odd, 32)
    )
  }

  /// A number of bits, as the shifts below take it.
  typealias BitCount = __m128i

  @_transparent
  func bitCount(_ bits: Int32) -> BitCount { _mm_cvtsi32_si128(bits) }

  @_transparent
  func shiftRight32(_ a: Register, _ bits: BitCount) -> Register { _mm512_sra_epi32(a, bits) }

  @_transparent
  func shiftRightUnsigned32(_ a: Register, _ bits: BitCount) -> Register {
    _mm512_srl_epi32(a, bits)
  }

  @_transparent
  func shiftLeft32(_ a: Register, _ bits: BitCount) -> Register { _mm512_sll_epi32(a, bits) }

  @_transparent
  func bitwiseOr(_ a: Register, _ b: Register) -> Register { _mm512_or_si512(a, b) }

  @_transparent
  func shiftRight16(_ a: Register, _ bits: BitCount) -> Register { _mm512_sra_epi16(a, bits) }

  @_transparent
  func shiftLeft16(_ a: Register, _ bits: BitCount) -> Register { _mm512_sll_epi16(a, bits) }

  @_transparent
  func shiftRightUnsigned64(_ a: Register, _ bits: BitCount) -> Register {
    _mm512_srl_epi64(a, bits)
  }

  @_transparent
  func bitwiseAnd(_ a: Register, _ b: Register) -> Register { _mm512_and_si512(a, b) }

  @_transparent
  func widenUInt8(_ source: UnsafeRawPointer) -> Register {
    _mm512_cvtepu8_epi32(source.loadUnaligned(as: __m128i.self))
  }

  @_transparent
  func widenInt8(_ source: UnsafeRawPointer) -> Register {
    _mm512_cvtepi8_epi32(source.loadUnaligned(as: __m128i.self))
  }

  @_transparent
  func widenInt16(_ source: UnsafeRawPointer) -> Register {
    _mm512_cvtepi16_epi32(source.loadUnaligned(as: __m256i.self))
  }

  /// Stores lanes that lie in 0…255 or in −128…127 as bytes.
  @_transparent
  func storeUInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm512_cvtepi32_epi8(a), as: __m128i.self)
  }

  @_transparent
  func storeInt8(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm512_cvtepi32_epi8(a), as: __m128i.self)
  }

  @_transparent
  func storeInt16(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm512_cvtepi32_epi16(a), as: __m256i.self)
  }

  /// Sums of unsigned lanes, added to sums of 64 bits.
  @_transparent
  func addUnsignedLanes(_ sums: Register, _ lanes: Register) -> Register {
    add64(sums, add64(bitwiseAnd(lanes, broadcast64(0xffff_ffff)), oddLanes(lanes)))
  }

  /// The sum of all 32-bit lanes in 64 bits.
  @_transparent
  func sumOfLanes32(_ a: Register) -> Int64 {
    let wide = _mm512_add_epi64(
      _mm512_cvtepi32_epi64(a.lowHalf),
      _mm512_cvtepi32_epi64(a.highHalf)
    )
    return sumOfLanes64(wide)
  }

  @_transparent
  func sumOfLanes64(_ a: Register) -> Int64 {
    let quad = _mm256_add_epi64(a.lowHalf, a.highHalf)
    let pair = _mm_add_epi64(quad.lowHalf, quad.highHalf)
    return pair[0] &+ pair[1]
  }
#endif
