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
    destination.storeBytes(of: _mm_cvtsi128_si32(group), as: Int32.self)
  }

  /// 16 inputs.
  @_transparent
  func loadGroups(_ source: UnsafeRawPointer) -> Register { load(source) }

  @_transparent
  func storeGroups(_ groups: Register, _ destination: UnsafeMutableRawPointer) {
    store(groups, destination)
  }

  /// Sums of the products of neighbouring unsigned and signed bytes, limited to 16 bits.
  @_transparent
  func multiplyBytes(_ unsigned: Register, _ signed: Register) -> Register {
    _mm_maddubs_epi16(unsigned, signed)
  }

  @_transparent
  func add16(_ a: Register, _ b: Register) -> Register { _mm_add_epi16(a, b) }

  /// Whether any signed lane of `a` is greater than that of `b`.
  @_transparent
  func isAnyGreater32(_ a: Register, _ b: Register) -> Bool {
    _mm_movemask_epi8(_mm_cmpgt_epi32(a, b)) != 0
  }

  @_transparent
  func minimum16(_ a: Register, _ b: Register) -> Register { _mm_min_epi16(a, b) }

  @_transparent
  func maximum16(_ a: Register, _ b: Register) -> Register { _mm_max_epi16(a, b) }

  @_transparent
  func isEqual16(_ a: Register, _ b: Register) -> Register { _mm_cmpeq_epi16(a, b) }

  @_transparent
  func minimum8(_ a: Register, _ b: Register) -> Register { _mm_min_epi8(a, b) }

  @_transparent
  func maximum8(_ a: Register, _ b: Register) -> Register { _mm_max_epi8(a, b) }

  @_transparent
  func minimumUnsigned8(_ a: Register, _ b: Register) -> Register { _mm_min_epu8(a, b) }

  @_transparent
  func maximumUnsigned8(_ a: Register, _ b: Register) -> Register { _mm_max_epu8(a, b) }

  @_transparent
  func subtract8(_ a: Register, _ b: Register) -> Register { _mm_sub_epi8(a, b) }

  /// Whether any byte of a mask is set.
  @_transparent
  func isAnySet(_ mask: Register) -> Bool { _mm_movemask_epi8(mask) != 0 }

  @_transparent
  func shiftRightUnsigned16(_ a: Register, _ bits: BitCount) -> Register {
    _mm_srl_epi16(a, bits)
  }

  @_transparent
  func shiftLeft64(_ a: Register, _ bits: BitCount) -> Register { _mm_sll_epi64(a, bits) }

  /// Lanes limited to 16 bits, those of both registers in turns of four.
  @_transparent
  func packInt16(_ a: Register, _ b: Register) -> Register { _mm_packs_epi32(a, b) }

  /// 16-bit numbers limited to −128…127, those of both registers in turns of eight.
  @_transparent
  func packInt8(_ a: Register, _ b: Register) -> Register { _mm_packs_epi16(a, b) }

  /// 16-bit numbers limited to 0…255, those of both registers in turns of eight.
  @_transparent
  func packUInt8(_ a: Register, _ b: Register) -> Register { _mm_packus_epi16(a, b) }

  @_transparent
  func broadcast8(_ number: Int32) -> Register {
    _mm_set1_epi8(Int8(truncatingIfNeeded: number))
  }

  @_transparent
  func broadcast16(_ number: Int32) -> Register {
    _mm_set1_epi16(Int16(truncatingIfNeeded: number))
  }

  // A bunch is four registers of results: 16 outputs of one row.

  /// Stores the bytes of a bunch that ``packInt8`` or ``packUInt8`` gave.
  @_transparent
  func storeBytes(
    _ packed: Register,
    _ row: (Int) -> UnsafeMutableRawPointer
  ) { store(packed, row(0)) }

  /// Stores the 16-bit numbers of a bunch that ``packInt16`` gave.
  @_transparent
  func storeWords(
    _ first: Register,
    _ second: Register,
    _ row: (Int) -> UnsafeMutableRawPointer
  ) {
    store(first, row(0))
    store(second, row(0) + 16)
  }
#endif
