#if arch(x86_64)
  import _Builtin_intrinsics.intel

  // What element-wise kernels need beside the common vocabulary. Interleaving works inside of each 128 bits, and
  // so does ``limitedWords(_:_:)``, which undoes it.

  /// The upper halves of products of signed 16-bit numbers.
  @_transparent
  func multiplyHigh16(_ a: Register, _ b: Register) -> Register { _mm_mulhi_epi16(a, b) }

  @_transparent
  func interleaveLow16(_ a: Register, _ b: Register) -> Register { _mm_unpacklo_epi16(a, b) }

  @_transparent
  func interleaveHigh16(_ a: Register, _ b: Register) -> Register { _mm_unpackhi_epi16(a, b) }

  /// Lanes limited to 16 bits.
  @_transparent
  func limitedWords(_ a: Register, _ b: Register) -> Register { _mm_packs_epi32(a, b) }

  /// Sums of 16-bit numbers limited to 16 bits.
  @_transparent
  func addLimited16(_ a: Register, _ b: Register) -> Register { _mm_adds_epi16(a, b) }

  /// Stores 16-bit numbers limited to 0…255.
  @_transparent
  func storeLimitedBytes(_ a: Register, _ destination: UnsafeMutableRawPointer) {
    destination.storeBytes(of: _mm_packus_epi16(a, a)[0], as: Int64.self)
  }
#endif
