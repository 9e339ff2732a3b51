#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // What matrix products need beside the vocabulary of Registers.swift.

  @_transparent
  func shiftLeft64(_ a: Register, _ bits: BitCount) -> Register { _mm512_sll_epi64(a, bits) }

  /// Lanes limited to 16 bits, those of both registers in turns of four.
  @_transparent
  func packInt16(_ a: Register, _ b: Register) -> Register { _mm512_packs_epi32(a, b) }

  /// 16-bit numbers limited to −128…127, those of both registers in turns of eight.
  @_transparent
  func packInt8(_ a: Register, _ b: Register) -> Register { _mm512_packs_epi16(a, b) }

  /// 16-bit numbers limited to 0…255, those of both registers in turns of eight.
  @_transparent
  func packUInt8(_ a: Register, _ b: Register) -> Register { _mm512_packus_epi16(a, b) }

  @_transparent
  func broadcast8(_ number: Int32) -> Register {
    _mm512_set1_epi8(Int8(truncatingIfNeeded: number))
  }

  @_transparent
  func broadcast16(_ number: Int32) -> Register {
    _mm512_set1_epi16(Int16(truncatingIfNeeded: number))
  }

  /// Whether any signed lane of `a` is greater than that of `b`.
  @_transparent
  func isAnyGreater32(_ a: Register, _ b: Register) -> Bool {
    let greater = _mm512_xor_si512(_mm512_max_epi32(a, b), b)
    return _mm512_test_epi32_mask(greater, greater) != 0
  }

  @_transparent
  func minimum16(_ a: Register, _ b: Register) -> Register { _mm512_min_epi16(a, b) }

  @_transparent
  func maximum16(_ a: Register, _ b: Register) -> Register { _mm512_max_epi16(a, b) }

  @_transparent
  func minimum8(_ a: Register, _ b: Register) -> Register { _mm512_min_epi8(a, b) }

  @_transparent
  func maximum8(_ a: Register, _ b: Register) -> Register { _mm512_max_epi8(a, b) }

  @_transparent
  func minimumUnsigned8(_ a: Register, _ b: Register) -> Register { _mm512_min_epu8(a, b) }

  @_transparent
  func maximumUnsigned8(_ a: Register, _ b: Register) -> Register { _mm512_max_epu8(a, b) }

  // A bunch is four registers of results: 16 outputs of four rows.

  /// Stores the bytes of a bunch that ``packInt8`` or ``packUInt8`` gave.
  @_transparent
  func storeBytes(
    _ packed: Register,
    _ row: (Int) -> UnsafeMutableRawPointer
  ) {
    let order = _mm512_set_epi32(15, 11, 7, 3, 14, 10, 6, 2, 13, 9, 5, 1, 12, 8, 4, 0)
    let sorted = _mm512_permutexvar_epi32(order, packed)
    row(0).storeBytes(of: sorted.lowHalf.lowHalf, as: __m128i.self)
    row(1).storeBytes(of: sorted.lowHalf.highHalf, as: __m128i.self)
    row(2).storeBytes(of: sorted.highHalf.lowHalf, as: __m128i.self)
    row(3).storeBytes(of: sorted.highHalf.highHalf, as: __m128i.self)
  }

  /// Stores the 16-bit numbers of a bunch that ``packInt16`` gave.
  @_transparent
  func storeWords(
    _ first: Register,
    _ second: Register,
    _ row: (Int) -> UnsafeMutableRawPointer
  ) {
    let order = _mm512_set_epi64(7, 5, 3, 1, 6, 4, 2, 0)
    let above = _mm512_permutexvar_epi64(order, first)
    let below = _mm512_permutexvar_epi64(order, second)
    row(0).storeBytes(of: above.lowHalf, as: __m256i.self)
    row(1).storeBytes(of: above.highHalf, as: __m256i.self)
    row(2).storeBytes(of: below.lowHalf, as: __m256i.self)
    row(3).storeBytes(of: below.highHalf, as: __m256i.self)
  }
#endif
