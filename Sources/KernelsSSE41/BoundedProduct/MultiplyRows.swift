#if arch(x86_64)
  // Eight sums leave half of the 16 registers for inputs, weights, products and a register of ones; what
  // does not fit is read from memory once more.

  /// The sums of all rows of uint8 inputs and a part of a panel, four rows at a time and span by span.
  ///
  /// - Parameters:
  ///   - rows: the pieces of all rows, `runs` a row.
  ///   - runs: pieces of a row.
  ///   - rowCount: how many rows; four rows of sums are written at least.
  ///   - part: the first byte of the part of the panel.
  ///   - spans: what ``findSpans`` found.
  ///   - spansEnd: the end of the spans.
  ///   - initial: what the sums begin with, the same for each row.
  ///   - sums: the first row's sums, rows of 16 numbers.
  @inline(never)
  func multiplyRows(
    _ rows: UnsafePointer<UnsafeRawPointer>,
    _ runs: Int,
    _ rowCount: Int,
    _ part: UnsafeRawPointer,
    _ spans: UnsafeRawPointer,
    _ spansEnd: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    // A tile that would reach past the last row begins earlier; fewer than four rows repeat the last one.
    let second = min(1, rowCount &- 1) &* runs
    let third = min(2, rowCount &- 1) &* runs
    let fourth = min(3, rowCount &- 1) &* runs
    var row = 0
    while row < rowCount {
      let first = max(0, min(row, rowCount &- 4))
      multiplyTile(
        false,
        rows + first &* runs,
        second,
        third,
        fourth,
        part,
        spans,
        spansEnd,
        initial,
        sums + 16 &* first
      )
      row &+= 4
    }
  }

  /// The sums of one row, as ``multiplyRows`` has them of many.
  @inline(never)
  func multiplyOneRow(
    _ row: UnsafePointer<UnsafeRawPointer>,
    _ part: UnsafeRawPointer,
    _ spans: UnsafeRawPointer,
    _ spansEnd: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    multiplyTile(true, row, 0, 0, 0, part, spans, spansEnd, initial, sums)
  }

  /// Adds products by eights: two inputs of each of four groups.
  @_transparent
  private func addEights(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ weights: UnsafeRawPointer,
    _ ones: Register
  ) {
    let input0 = broadcast(input.loadUnaligned(as: Int32.self))
    let input1 = broadcast((input + 4).loadUnaligned(as: Int32.self))
    var left = add16(
      multiplyBytes(input0, load(weights)),
      multiplyBytes(input1, load(weights + 64))
    )
    var right = add16(
      multiplyBytes(input0, load(weights + 4 &* lanes)),
      multiplyBytes(input1, load(weights + (64 &+ 4 &* lanes)))
    )
    let input2 = broadcast((input + 8).loadUnaligned(as: Int32.self))
    left = add16(left, multiplyBytes(input2, load(weights + 128)))
    right = add16(right, multiplyBytes(input2, load(weights + (128 &+ 4 &* lanes))))
    let input3 = broadcast((input + 12).loadUnaligned(as: Int32.self))
    left = add16(left, multiplyBytes(input3, load(weights + 192)))
    right = add16(right, multiplyBytes(input3, load(weights + (192 &+ 4 &* lanes))))
    row.left = add32(row.left, multiplyPairs(left, ones))
    row.right = add32(row.right, multiplyPairs(right, ones))
  }

  /// Adds products by fours: two inputs of each of two groups.
  @_transparent
  private func addFours(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ weights: UnsafeRawPointer,
    _ ones: Register
  ) {
    let first = broadcast(input.loadUnaligned(as: Int32.self))
    let second = broadcast((input + 4).loadUnaligned(as: Int32.self))
    let left = add16(
      multiplyBytes(first, load(weights)),
      multiplyBytes(second, load(weights + 64))
    )
    let right = add16(
      multiplyBytes(first, load(weights + 4 &* lanes)),
      multiplyBytes(second, load(weights + (64 &+ 4 &* lanes)))
    )
    row.left = add32(row.left, multiplyPairs(left, ones))
    row.right = add32(row.right, multiplyPairs(right, ones))
  }

  /// Adds products by pairs: two inputs of one group.
  @_transparent
  private func addPairs(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ weights: UnsafeRawPointer,
    _ ones: Register
  ) {
    let inputs = broadcast(input.loadUnaligned(as: Int32.self))
    let left = multiplyBytes(inputs, load(weights))
    let right = multiplyBytes(inputs, load(weights + 4 &* lanes))
    row.left = add32(row.left, multiplyPairs(left, ones))
    row.right = add32(row.right, multiplyPairs(right, ones))
  }

  /// Adds products of one group, inputs and weights widened to 16 bits.
  @_transparent
  private func addWide(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ evenLeft: Register,
    _ evenRight: Register,
    _ oddLeft: Register,
    _ oddRight: Register
  ) {
    let inputs = broadcast(input.loadUnaligned(as: Int32.self))
    let even = bitwiseAnd(inputs, broadcast(0x00ff_00ff))
    let odd = shiftRightUnsigned16(inputs, bitCount(8))
    row.left = add32(row.left, multiplyPairs(even, evenLeft))
    row.right = add32(row.right, multiplyPairs(even, evenRight))
    row.left = add32(row.left, multiplyPairs(odd, oddLeft))
    row.right = add32(row.right, multiplyPairs(odd, oddRight))
  }

  @_transparent
  private func write(_ row: TileRow, _ sums: UnsafeMutablePointer<Int32>) {
    store(row.left, sums)
    store(row.right, sums + lanes)
  }

  @inline(__always)
  private func multiplyTile(
    _ isSingle: Bool,
    _ pieces: UnsafePointer<UnsafeRawPointer>,
    _ second: Int,
    _ third: Int,
    _ fourth: Int,
    _ part: UnsafeRawPointer,
    _ spans: UnsafeRawPointer,
    _ spansEnd: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let ones = broadcast(0x0001_0001)
    let byte = bitCount(8)
    var row0: TileRow = (left: load(initial), right: load(initial + lanes))
    var row1 = row0
    var row2 = row0
    var row3 = row0
    var span = spans
    while span < spansEnd {
      let way = span.load(as: Int32.self)
      let groups = Int(span.load(fromByteOffset: 4, as: Int32.self))
      let run = Int(span.load(fromByteOffset: 8, as: Int32.self))
      let first = Int(span.load(fromByteOffset: 12, as: Int32.self))
      var weights = part + span.load(fromByteOffset: 16, as: Int.self)
      let piece = pieces + run
      let input0 = piece[0] + first
      let input1 = piece[second] + first
      let input2 = piece[third] + first
      let input3 = piece[fourth] + first
      let end = 4 &* groups
      var offset = 0
      if way == eightsWay {
        // Two rows at a time: weights of eights for four rows would not stay in registers, and sums that go
        // through memory wait for stores.
        let start = weights
        while offset < end {
          addEights(&row0, input0 + offset, weights, ones)
          if !isSingle { addEights(&row1, input1 + offset, weights, ones) }
          weights += 256
          offset &+= 16
        }
        if !isSingle {
          offset = 0
          weights = start
          while offset < end {
            addEights(&row2, input2 + offset, weights, ones)
            addEights(&row3, input3 + offset, weights, ones)
            weights += 256
            offset &+= 16
          }
        }
      } else if way == foursWay {
        while offset < end {
          addFours(&row0, input0 + offset, weights, ones)
          if !isSingle {
            addFours(&row1, input1 + offset, weights, ones)
            addFours(&row2, input2 + offset, weights, ones)
            addFours(&row3, input3 + offset, weights, ones)
          }
          weights += 128
          offset &+= 8
        }
      } else if way == pairsWay {
        while offset < end {
          addPairs(&row0, input0 + offset, weights, ones)
          if !isSingle {
            addPairs(&row1, input1 + offset, weights, ones)
            addPairs(&row2, input2 + offset, weights, ones)
            addPairs(&row3, input3 + offset, weights, ones)
          }
          weights += 64
          offset &+= 4
        }
      } else {
        while offset < end {
          let left = load(weights)
          let right = load(weights + 4 &* lanes)
          let evenLeft = shiftRight16(shiftLeft16(left, byte), byte)
          let evenRight = shiftRight16(shiftLeft16(right, byte), byte)
          let oddLeft = shiftRight16(left, byte)
          let oddRight = shiftRight16(right, byte)
          addWide(&row0, input0 + offset, evenLeft, evenRight, oddLeft, oddRight)
          if !isSingle {
            addWide(&row1, input1 + offset, evenLeft, evenRight, oddLeft, oddRight)
            addWide(&row2, input2 + offset, evenLeft, evenRight, oddLeft, oddRight)
            addWide(&row3, input3 + offset, evenLeft, evenRight, oddLeft, oddRight)
          }
          weights += 64
          offset &+= 4
        }
      }
      span += spanBytes
    }
    write(row0, sums)
    if !isSingle {
      write(row1, sums + 16)
      write(row2, sums + 32)
      write(row3, sums + 48)
    }
  }
#endif
