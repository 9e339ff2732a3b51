#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon

  /// Stores 16 inputs of a row of a tile, less 128 each.
  @_transparent
  func storeChunk(_ input: UnsafeRawPointer, _ row: Int, _ chunk: UnsafeMutableRawPointer) {
    store(veorq_s32(load(input), broadcast(signBits)), chunk + row &* 16)
  }

  /// Stores a group of inputs of a row of a tile, less 128 each.
  @_transparent
  func storeGroup(
    _ input: UnsafeRawPointer,
    _ row: Int,
    _ group: Int,
    _ chunk: UnsafeMutableRawPointer
  ) {
    let bytes = input.loadUnaligned(as: Int32.self) ^ signBits
    chunk.storeBytes(of: bytes, toByteOffset: row &* 16 &+ group &* 4, as: Int32.self)
  }

  /// What takes four bytes of 0…255 to −128…127.
  let signBits = Int32(bitPattern: 0x8080_8080)
#endif
