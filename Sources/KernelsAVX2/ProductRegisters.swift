#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // What matrix products need beside the vocabulary of Registers.swift.

  /// Four inputs in all lanes.
  @_transparent
  func loadGroup(_ source: UnsafeRawPointer) -> Register {
    broadcast(source.loadUnaligned(as: Int32.self))
  }

  @_transparent
  func storeGroup(_ group: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm_cvtsi128_si32(group.lowHalf), as: Int32.self)
  }

  /// 16 inputs in both halves.
  @_transparent
  func loadGroups(_ source: UnsafeRawPointer) -> Register {
    let groups = source.loadUnaligned(as: __m128i.self)
    return Register(lowHalf: groups, highHalf: groups)
  }

  @_transparent
  func storeGroups(_ groups: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: groups.lowHalf, as: __m128i.self)
  }

  /// Sums of the products of neighbouring unsigned and signed bytes, limited to 16 bits.
  @_transparent
  func multiplyBytes(_ unsigned: Register, _ signed: Register) -> Register {
    _mm256_maddubs_epi16(unsigned, signed)
  }

  /// Whether any signed lane of `a` is greater than that of `b`.
  @_transparent
  func isAnyGreater32(_ a: Register, _ b: Register) -> Bool {
    _mm256_movemask_epi8(_mm256_cmpgt_epi32(a, b)) != 0
  }

  @_transparent
  func minimum16(_ a: Register, _ b: Register) -> Register { _mm256_min_epi16(a, b) }

  @_transparent
  func maximum16(_ a: Register, _ b: Register) -> Register { _mm256_max_epi16(a, b) }

  @_transparent
  func isEqual16(_ a: Register, _ b: Register) -> Register { _mm256_cmpeq_epi16(a, b) }

  @_transparent
  func minimum8(_ a: Register, _ b: Register) -> Register { _mm256_min_epi8(a, b) }

  @_transparent
  func maximum8(_ a: Register, _ b: Register) -> Register { _mm256_max_epi8(a, b) }

  @_transparent
  func minimumUnsigned8(_ a: Register, _ b: Register) -> Register { _mm256_min_epu8(a, b) }

  @_transparent
  func maximumUnsigned8(_ a: Register, _ b: Register) -> Register { _mm256_max_epu8(a, b) }

  @_transparent
  func subtract8(_ a: Register, _ b: Register) -> Register { _mm256_sub_epi8(a, b) }

  /// Whether any byte of a mask is set.
  @_transparent
  func isAnySet(_ mask: Register) -> Bool { _mm256_movemask_epi8(mask) != 0 }

  @_transparent
  func shiftRightUnsigned16(_ a: Register, _ bits: BitCount) -> Register {
    _mm256_srl_epi16(a, bits)
  }

  @_transparent
  func shiftLeft64(_ a: Register, _ bits: BitCount) -> Register { _mm256_sll_epi64(a, bits) }

  /// Lanes limited to 16 bits, those of both registers in turns of four.
  @_transparent
  func packInt16(_ a: Register, _ b: Register) -> Register { _mm256_packs_epi32(a, b) }

  /// 16-bit numbers limited to −128…127, those of both registers in turns of eight.
  @_transparent
  func packInt8(_ a: Register, _ b: Register) -> Register { _mm256_packs_epi16(a, b) }

  /// 16-bit numbers limited to 0…255, those of both registers in turns of eight.
  @_transparent
  func packUInt8(_ a: Register, _ b: Register) -> Register { _mm256_packus_epi16(a, b) }

  @_transparent
  func broadcast8(_ number: Int32) -> Register {
    _mm256_set1_epi8(Int8(truncatingIfNeeded: number))
  }

  @_transparent
  func broadcast16(_ number: Int32) -> Register {
    _mm256_set1_epi16(Int16(truncatingIfNeeded: number))
  }

  // A bunch is four registers of results: 16 outputs of two rows.

  /// Stores the bytes of a bunch that ``packInt8`` or ``packUInt8`` gave.
  @_transparent
  func storeBytes(
    _ packed: Register,
    _ row: (Int) -> UnsafeMutableRawPointer
  ) {
    let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)
    let sorted = _mm256_permutevar8x32_epi32(packed, order)
    row(0).storeBytes(of: sorted.lowHalf, as: __m128i.self)
    row(1).storeBytes(of: sorted.highHalf, as: __m128i.self)
  }

  /// Stores the 16-bit numbers of a bunch that ``packInt16`` gave.
  @_transparent
  func storeWords(
    _ first: Register,
    _ second: Register,
    _ row: (Int) -> UnsafeMutableRawPointer
  ) {
    let order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7)
    store(_mm256_permutevar8x32_epi32(first, order), row(0))
    store(_mm256_permutevar8x32_epi32(second, order), row(1))
  }
#endif
