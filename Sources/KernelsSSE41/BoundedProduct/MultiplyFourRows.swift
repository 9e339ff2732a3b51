#if arch(x86_64)
  // Eight sums, a register of ones and four of weights leave three of the 16 registers for inputs and
  // products; the compiler reads one of the weights from memory again.

  /// How many inputs are multiplied before their sums leave 16 bits; see ``findSpans``.
  @_transparent var quadSpan: Int32 { 0 }
  @_transparent var pairSpan: Int32 { 1 }
  @_transparent var wideSpan: Int32 { 2 }

  /// Bytes of one span: kind, count, run and first input as Int32, the place of its weights as Int.
  @_transparent var spanBytes: Int { 24 }

  /// Adds the products of two groups, added up in 16 bits: two inputs of each.
  @_transparent
  private func addQuads(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ firstLeft: Register,
    _ firstRight: Register,
    _ secondLeft: Register,
    _ secondRight: Register,
    _ ones: Register
  ) {
    let first = broadcast(input.loadUnaligned(as: Int32.self))
    let second = broadcast((input + 4).loadUnaligned(as: Int32.self))
    let left = add16(multiplyBytes(first, firstLeft), multiplyBytes(second, secondLeft))
    let right = add16(multiplyBytes(first, firstRight), multiplyBytes(second, secondRight))
    row.left = add32(row.left, multiplyPairs(left, ones))
    row.right = add32(row.right, multiplyPairs(right, ones))
  }

  /// Adds the products of one group, added up in 16 bits by pairs.
  @_transparent
  private func addPairs(
    _ row: inout TileRow,
    _ input: UnsafeRawPointer,
    _ left: Register,
    _ right: Register,
    _ ones: Register
  ) {
    let inputs = broadcast(input.loadUnaligned(as: Int32.self))
    row.left = add32(row.left, multiplyPairs(multiplyBytes(inputs, left), ones))
    row.right = add32(row.right, multiplyPairs(multiplyBytes(inputs, right), ones))
  }

  /// Adds the products of one group, inputs and weights widened to 16 bits.
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

  /// The sums of four rows of uint8 inputs and a part of a panel, span by span.
  ///
  /// - Parameters:
  ///   - rows: the pieces of all rows, `runs` a row.
  ///   - row: the first of the four; those after `last` repeat it.
  ///   - part: the first byte of the part of the panel.
  ///   - initial: what the sums begin with, the same for each row.
  ///   - sums: the first row's sums, rows of 16 numbers.
  @inline(never)
  func multiplyFourRows(
    _ rows: UnsafePointer<UnsafeRawPointer>,
    _ runs: Int,
    _ row: Int,
    _ last: Int,
    _ part: UnsafeRawPointer,
    _ spans: UnsafeRawPointer,
    _ spansEnd: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    multiplyRows(false, rows, runs, row, last, part, spans, spansEnd, initial, sums)
  }

  /// The sums of one row, as ``multiplyFourRows`` has them of four.
  @inline(never)
  func multiplyOneRow(
    _ rows: UnsafePointer<UnsafeRawPointer>,
    _ runs: Int,
    _ row: Int,
    _ part: UnsafeRawPointer,
    _ spans: UnsafeRawPointer,
    _ spansEnd: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    multiplyRows(true, rows, runs, row, row, part, spans, spansEnd, initial, sums)
  }

  @inline(__always)
  private func multiplyRows(
    _ isSingle: Bool,
    _ rows: UnsafePointer<UnsafeRawPointer>,
    _ runs: Int,
    _ row: Int,
    _ last: Int,
    _ part: UnsafeRawPointer,
    _ spans: UnsafeRawPointer,
    _ spansEnd: UnsafeRawPointer,
    _ initial: UnsafePointer<Int32>,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    let start0 = rows + min(row &+ 0, last) &* runs
    let start1 = rows + min(row &+ 1, last) &* runs
    let start2 = rows + min(row &+ 2, last) &* runs
    let start3 = rows + min(row &+ 3, last) &* runs
    let ones = broadcast(0x0001_0001)
    var row0: TileRow = (left: load(initial), right: load(initial + lanes))
    var row1 = row0
    var row2 = row0
    var row3 = row0
    var span = spans
    while span < spansEnd {
      let kind = span.load(as: Int32.self)
      let groups = Int(span.load(fromByteOffset: 4, as: Int32.self))
      let run = Int(span.load(fromByteOffset: 8, as: Int32.self))
      let first = Int(span.load(fromByteOffset: 12, as: Int32.self))
      var weights = part + span.load(fromByteOffset: 16, as: Int.self)
      let input0 = start0[run] + first
      let input1 = start1[run] + first
      let input2 = start2[run] + first
      let input3 = start3[run] + first
      let end = 4 &* groups
      var offset = 0
      if kind == quadSpan {
        while offset < end {
          let firstLeft = load(weights)
          let firstRight = load(weights + 4 &* lanes)
          let secondLeft = load(weights + 64)
          let secondRight = load(weights + (64 &+ 4 &* lanes))
          addQuads(&row0, input0 + offset, firstLeft, firstRight, secondLeft, secondRight, ones)
          if !isSingle {
            addQuads(&row1, input1 + offset, firstLeft, firstRight, secondLeft, secondRight, ones)
            addQuads(&row2, input2 + offset, firstLeft, firstRight, secondLeft, secondRight, ones)
            addQuads(&row3, input3 + offset, firstLeft, firstRight, secondLeft, secondRight, ones)
          }
          weights += 128
          offset &+= 8
        }
      } else if kind == pairSpan {
        while offset < end {
          let left = load(weights)
          let right = load(weights + 4 &* lanes)
          addPairs(&row0, input0 + offset, left, right, ones)
          if !isSingle {
            addPairs(&row1, input1 + offset, left, right, ones)
            addPairs(&row2, input2 + offset, left, right, ones)
            addPairs(&row3, input3 + offset, left, right, ones)
          }
          weights += 64
          offset &+= 4
        }
      } else {
        let byte = bitCount(8)
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
