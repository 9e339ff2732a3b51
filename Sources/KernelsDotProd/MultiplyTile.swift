#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  // Sixteen sums, four registers of weights a group, four of inputs for four groups: a lane of inputs
  // times a register of weights is one `sdot`, sixteen multiply-adds. Weights are read in place.

  /// The panel is used as it lies in the model.
  let weightBytesPerChunk = 0

  /// The sums of sixteen outputs of a row.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias TileRow = (Register, Register, Register, Register)

  /// Starts the sums with what x − 128 lacks.
  @inline(never)
  func preparePanel(_ panel: UnsafeRawPointer, _ groups: Int, _ scratch: TileScratch) {
    // 64 · 2 is 128, which int8 does not hold.
    let factor = broadcast(0x4040_4040)
    var sums = (zeroes(), zeroes(), zeroes(), zeroes())
    var weights = panel
    var group = 0
    while group < groups {
      accumulate(&sums, factor, weights)
      weights += 64
      group &+= 1
    }
    let one = bitCount(1)
    store(shiftLeft32(sums.0, one), scratch.sums)
    store(shiftLeft32(sums.1, one), scratch.sums + 4)
    store(shiftLeft32(sums.2, one), scratch.sums + 8)
    store(shiftLeft32(sums.3, one), scratch.sums + 12)
  }

  @_transparent
  private func dot(_ sum: Register, _ weights: Register, _ inputs: Register) -> Register {
    vdotq_s32(sum, vreinterpretq_s8_s32(weights), vreinterpretq_s8_s32(inputs))
  }

  @_transparent
  private func accumulate(_ row: inout TileRow, _ inputs: Register, _ weights: UnsafeRawPointer) {
    row.0 = dot(row.0, load(weights), inputs)
    row.1 = dot(row.1, load(weights + 16), inputs)
    row.2 = dot(row.2, load(weights + 32), inputs)
    row.3 = dot(row.3, load(weights + 48), inputs)
  }

  @_transparent
  private func write(_ row: TileRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.0, sums)
    store(row.1, sums + 4)
    store(row.2, sums + 8)
    store(row.3, sums + 12)
  }

  @_transparent
  private func startRow(_ sums: UnsafePointer<Int32>) -> TileRow {
    (load(sums), load(sums + 4), load(sums + 8), load(sums + 12))
  }

  /// The sums of a tile of packed uint8 inputs and a panel.
  @inline(never)
  func multiplyTile(
    _ inputs: UnsafeRawPointer,
    _ panel: UnsafeRawPointer,
    _ groups: Int,
    _ scratch: TileScratch,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let start = startRow(scratch.sums)
    multiplyRows(inputs, panel, groups, start, start, sums)
  }

  /// The sums of a tile of upper and lower bytes and a panel: only the lower ones lack 128.
  @inline(never)
  func multiplyPlanes(
    _ inputs: UnsafeRawPointer,
    _ panel: UnsafeRawPointer,
    _ groups: Int,
    _ scratch: TileScratch,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    multiplyRows(inputs, panel, groups, empty, startRow(scratch.sums), sums)
  }

  @_transparent
  private func multiplyRows(
    _ inputs: UnsafeRawPointer,
    _ panel: UnsafeRawPointer,
    _ groups: Int,
    _ start: TileRow,
    _ nextStart: TileRow,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    var row0 = start
    var row1 = start
    var row2 = nextStart
    var row3 = nextStart
    var weights = panel
    var chunk = inputs
    let end = inputs + groups / 4 &* 64
    while chunk < end {
      let inputs0 = load(chunk)
      let inputs1 = load(chunk + 16)
      let inputs2 = load(chunk + 32)
      let inputs3 = load(chunk + 48)
      accumulate(&row0, broadcast(inputs0[0]), weights)
      accumulate(&row1, broadcast(inputs1[0]), weights)
      accumulate(&row2, broadcast(inputs2[0]), weights)
      accumulate(&row3, broadcast(inputs3[0]), weights)
      accumulate(&row0, broadcast(inputs0[1]), weights + 64)
      accumulate(&row1, broadcast(inputs1[1]), weights + 64)
      accumulate(&row2, broadcast(inputs2[1]), weights + 64)
      accumulate(&row3, broadcast(inputs3[1]), weights + 64)
      accumulate(&row0, broadcast(inputs0[2]), weights + 128)
      accumulate(&row1, broadcast(inputs1[2]), weights + 128)
      accumulate(&row2, broadcast(inputs2[2]), weights + 128)
      accumulate(&row3, broadcast(inputs3[2]), weights + 128)
      accumulate(&row0, broadcast(inputs0[3]), weights + 192)
      accumulate(&row1, broadcast(inputs1[3]), weights + 192)
      accumulate(&row2, broadcast(inputs2[3]), weights + 192)
      accumulate(&row3, broadcast(inputs3[3]), weights + 192)
      weights += 256
      chunk += 64
    }
    var group = 0
    while group < groups & 3 {
      accumulate(&row0, broadcast(chunk.load(as: Int32.self)), weights)
      accumulate(&row1, broadcast((chunk + 16).load(as: Int32.self)), weights)
      accumulate(&row2, broadcast((chunk + 32).load(as: Int32.self)), weights)
      accumulate(&row3, broadcast((chunk + 48).load(as: Int32.self)), weights)
      weights += 64
      chunk += 4
      group &+= 1
    }
    write(row0, sums)
    write(row1, sums + 16)
    write(row2, sums + 32)
    write(row3, sums + 48)
  }
#endif
