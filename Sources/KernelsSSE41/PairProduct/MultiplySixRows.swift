#if arch(x86_64)
  // Twelve sums, two registers of weights, one of inputs and one product fill the 16 registers.

  @_transparent
  private func accumulate(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ left: Register,
    _ right: Register
  ) {
    let pair = broadcast(input.loadUnaligned(as: Int32.self))
    row.left = add32(row.left, multiplyPairs(pair, left))
    row.right = add32(row.right, multiplyPairs(pair, right))
  }

  @_transparent
  private func write(_ row: TileRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.left, sums)
    store(row.right, sums + lanes)
  }

  /// The sums of six rows of paired inputs and a part of a panel; rows after `last` repeat it.
  ///
  /// They begin with `initial` and go to rows of 16 numbers.
  @inline(never)
  func multiplySixRows(
    _ inputs: UnsafeRawPointer,
    _ row: Int,
    _ last: Int,
    _ widened: UnsafeRawPointer,
    _ groups: Int,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let rowBytes = groups &* 8
    var weights = widened
    let input0 = inputs + min(row &+ 0, last) &* rowBytes
    let input1 = inputs + min(row &+ 1, last) &* rowBytes
    let input2 = inputs + min(row &+ 2, last) &* rowBytes
    let input3 = inputs + min(row &+ 3, last) &* rowBytes
    let input4 = inputs + min(row &+ 4, last) &* rowBytes
    let input5 = inputs + min(row &+ 5, last) &* rowBytes
    var row0: TileRow = (left: load(initial), right: load(initial + lanes))
    var row1 = row0
    var row2 = row0
    var row3 = row0
    var row4 = row0
    var row5 = row0
    var offset = 0
    while offset < rowBytes {
      let evenLeft = load(weights)
      let evenRight = load(weights + 4 &* lanes)
      accumulate(&row0, input0 + offset, evenLeft, evenRight)
      accumulate(&row1, input1 + offset, evenLeft, evenRight)
      accumulate(&row2, input2 + offset, evenLeft, evenRight)
      accumulate(&row3, input3 + offset, evenLeft, evenRight)
      accumulate(&row4, input4 + offset, evenLeft, evenRight)
      accumulate(&row5, input5 + offset, evenLeft, evenRight)
      let oddLeft = load(weights + 8 &* lanes)
      let oddRight = load(weights + 12 &* lanes)
      accumulate(&row0, input0 + (offset &+ 4), oddLeft, oddRight)
      accumulate(&row1, input1 + (offset &+ 4), oddLeft, oddRight)
      accumulate(&row2, input2 + (offset &+ 4), oddLeft, oddRight)
      accumulate(&row3, input3 + (offset &+ 4), oddLeft, oddRight)
      accumulate(&row4, input4 + (offset &+ 4), oddLeft, oddRight)
      accumulate(&row5, input5 + (offset &+ 4), oddLeft, oddRight)
      weights += 16 &* lanes
      offset &+= 8
    }
    write(row0, sums + 0)
    write(row1, sums + 16)
    write(row2, sums + 32)
    write(row3, sums + 48)
    write(row4, sums + 64)
    write(row5, sums + 80)
  }
#endif
