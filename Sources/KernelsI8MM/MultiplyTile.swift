#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  // `usmmla` multiplies 8 unsigned inputs of two rows with 8 weights of two outputs: 32 multiply-adds and
  // four sums, [row][output]. Two groups of a panel zipped are its factors; they are sorted once per call and panel, because
  // zipping in the inner loop would take half as many instructions as the products.
  //
  //     weights    [pairs of groups][8 pairs of outputs][output][8 bytes]

  /// A chunk of 16 weights for each of 16 outputs.
  let weightBytesPerChunk = 256

  /// The sums of two rows of eight outputs.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias TileBlock = (Register, Register, Register, Register)

  /// Sorts the weights of a panel; a group past the last one becomes 0.
  @inline(never)
  func preparePanel(_ panel: UnsafeRawPointer, _ groups: Int, _ scratch: TileScratch) {
    var weights = panel
    var output = scratch.weights
    var group = 0
    while group < groups {
      let isPair = group &+ 1 < groups
      var quad = 0
      while quad < 64 {
        let first = load(weights + quad)
        let second = isPair ? load(weights + (quad &+ 64)) : zeroes()
        store(vzip1q_s32(first, second), output)
        store(vzip2q_s32(first, second), output + 16)
        output += 32
        quad &+= 16
      }
      weights += 128
      group &+= 2
    }
  }

  @_transparent
  private func multiplyUnsigned(_ sum: Register, _ inputs: Register, _ weights: Register)
    -> Register
  {
    vusmmlaq_s32(sum, vreinterpretq_u8_s32(inputs), vreinterpretq_s8_s32(weights))
  }

  @_transparent
  private func multiplySigned(_ sum: Register, _ inputs: Register, _ weights: Register) -> Register
  {
    vmmlaq_s32(sum, vreinterpretq_s8_s32(inputs), vreinterpretq_s8_s32(weights))
  }

  @_transparent
  private func accumulate(_ block: inout TileBlock, _ inputs: Register, _ weights: UnsafeRawPointer)
  {
    block.0 = multiplyUnsigned(block.0, inputs, load(weights))
    block.1 = multiplyUnsigned(block.1, inputs, load(weights + 16))
    block.2 = multiplyUnsigned(block.2, inputs, load(weights + 32))
    block.3 = multiplyUnsigned(block.3, inputs, load(weights + 48))
  }

  @_transparent
  private func accumulateSigned(
    _ block: inout TileBlock,
    _ inputs: Register,
    _ weights: UnsafeRawPointer
  ) {
    block.0 = multiplySigned(block.0, inputs, load(weights))
    block.1 = multiplySigned(block.1, inputs, load(weights + 16))
    block.2 = multiplySigned(block.2, inputs, load(weights + 32))
    block.3 = multiplySigned(block.3, inputs, load(weights + 48))
  }

  /// Two rows of eight sums, 16 numbers from one to the other.
  @_transparent
  private func write(_ block: TileBlock, _ sums: UnsafeMutablePointer<Int32>) {
    writePair(block.0, block.1, sums)
    writePair(block.2, block.3, sums + 4)
  }

  @_transparent
  private func writePair(_ a: Register, _ b: Register, _ sums: UnsafeMutablePointer<Int32>) {
    let left = vreinterpretq_s64_s32(a)
    let right = vreinterpretq_s64_s32(b)
    store(vreinterpretq_s32_s64(vzip1q_s64(left, right)), sums)
    store(vreinterpretq_s32_s64(vzip2q_s64(left, right)), sums + 16)
  }

  /// The sums of a tile of packed uint8 inputs and a prepared panel.
  @inline(never)
  func multiplyTile(
    _ inputs: UnsafeRawPointer,
    _ panel: UnsafeRawPointer,
    _ groups: Int,
    _ scratch: TileScratch,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    var topLeft = empty
    var topRight = empty
    var bottomLeft = empty
    var bottomRight = empty
    var weights = UnsafeRawPointer(scratch.weights)
    var chunk = inputs
    let end = inputs + (groups &+ 1) / 2 &* 32
    while chunk < end {
      let top = load(chunk)
      let bottom = load(chunk + 16)
      accumulate(&topLeft, top, weights)
      accumulate(&bottomLeft, bottom, weights)
      accumulate(&topRight, top, weights + 64)
      accumulate(&bottomRight, bottom, weights + 64)
      weights += 128
      chunk += 32
    }
    write(topLeft, sums)
    write(topRight, sums + 8)
    write(bottomLeft, sums + 32)
    write(bottomRight, sums + 40)
  }

  /// The sums of a tile of signed upper and unsigned lower bytes and a prepared panel.
  @inline(never)
  func multiplyPlanes(
    _ inputs: UnsafeRawPointer,
    _ panel: UnsafeRawPointer,
    _ groups: Int,
    _ scratch: TileScratch,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let empty = (zeroes(), zeroes(), zeroes(), zeroes())
    var upperLeft = empty
    var upperRight = empty
    var lowerLeft = empty
    var lowerRight = empty
    var weights = UnsafeRawPointer(scratch.weights)
    var chunk = inputs
    let end = inputs + (groups &+ 1) / 2 &* 32
    while chunk < end {
      let upper = load(chunk)
      let lower = load(chunk + 16)
      accumulateSigned(&upperLeft, upper, weights)
      accumulate(&lowerLeft, lower, weights)
      accumulateSigned(&upperRight, upper, weights + 64)
      accumulate(&lowerRight, lower, weights + 64)
      weights += 128
      chunk += 32
    }
    write(upperLeft, sums)
    write(upperRight, sums + 8)
    write(lowerLeft, sums + 32)
    write(lowerRight, sums + 40)
  }
#endif
