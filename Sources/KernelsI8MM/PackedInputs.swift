#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  // A factor of `usmmla` is 8 inputs of two rows, so that a chunk of a tile is
  //
  //     [inputs 0…7, 8…15][rows 0 1, 2 3][row][8 bytes]

  /// Stores 16 inputs of a row of a tile.
  @_transparent
  func storeChunk(_ input: UnsafeRawPointer, _ row: Int, _ chunk: UnsafeMutableRawPointer) {
    let bytes = chunk + row &* 8
    bytes.storeBytes(of: input.loadUnaligned(as: Int64.self), as: Int64.self)
    (bytes + 32).storeBytes(
      of: input.loadUnaligned(fromByteOffset: 8, as: Int64.self),
      as: Int64.self
    )
  }

  /// Stores a group of inputs of a row of a tile.
  @_transparent
  func storeGroup(
    _ input: UnsafeRawPointer,
    _ row: Int,
    _ group: Int,
    _ chunk: UnsafeMutableRawPointer
  ) {
    chunk.storeBytes(
      of: input.loadUnaligned(as: Int32.self),
      toByteOffset: group / 2 &* 32 &+ row &* 8 &+ (group & 1) &* 4,
      as: Int32.self
    )
  }

  /// Stores 16 inputs of one of two rows: the upper bytes as the first two rows, the lower ones as the others.
  @_transparent
  func storePlanes(
    lower: Register,
    upper: Register,
    _ row: Int,
    _ chunk: UnsafeMutableRawPointer
  ) {
    let bytes = chunk + row &* 8
    bytes.storeBytes(of: vget_low_s32(upper), as: int32x2_t.self)
    (bytes + 32).storeBytes(of: vget_high_s32(upper), as: int32x2_t.self)
    (bytes + 16).storeBytes(of: vget_low_s32(lower), as: int32x2_t.self)
    (bytes + 48).storeBytes(of: vget_high_s32(lower), as: int32x2_t.self)
  }

  /// Stores a group of inputs of one of two rows in the same way.
  @_transparent
  func storePlanesOfGroup(
    lower: Int32,
    upper: Int32,
    _ row: Int,
    _ group: Int,
    _ chunk: UnsafeMutableRawPointer
  ) {
    let place = group / 2 &* 32 &+ row &* 8 &+ (group & 1) &* 4
    chunk.storeBytes(of: upper, toByteOffset: place, as: Int32.self)
    chunk.storeBytes(of: lower, toByteOffset: place &+ 16, as: Int32.self)
  }
#endif
