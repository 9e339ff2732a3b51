#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  /// Stores 16 inputs of one of two rows: the upper bytes, and the lower ones less 128 each.
  @_transparent
  func storePlanes(
    lower: Register,
    upper: Register,
    _ row: Int,
    _ chunk: UnsafeMutableRawPointer
  ) {
    store(upper, chunk + row &* 16)
    store(veorq_s32(lower, broadcast(signBits)), chunk + (row &* 16 &+ 32))
  }

  /// Stores a group of inputs of one of two rows: the upper bytes, and the lower ones less 128 each.
  @_transparent
  func storePlanesOfGroup(
    lower: Int32,
    upper: Int32,
    _ row: Int,
    _ group: Int,
    _ chunk: UnsafeMutableRawPointer
  ) {
    let place = row &* 16 &+ group &* 4
    chunk.storeBytes(of: upper, toByteOffset: place, as: Int32.self)
    chunk.storeBytes(of: lower ^ signBits, toByteOffset: place &+ 32, as: Int32.self)
  }
#endif
