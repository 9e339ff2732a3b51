extension InverseDCT {
  /// Multiplies a block by its quantisation factors, transforms it, and puts its samples at their
  /// place, with less work where most coefficients are 0.
  ///
  /// - Parameters:
  ///   - coefficients: values of blocks, 64 each, row by row.
  ///   - start: the index of the first value of the block.
  ///   - last: the index of its last value that is not 0, in zigzag order.
  ///   - factors: the quantisation factors.
  ///   - words: where the samples are put, eight in a word.
  ///   - place: the index of the word of the block's first row.
  ///   - stride: the distance to the word of the next row.
  @inline(__always)
  static func reconstruct(
    _ coefficients: borrowing MutableSpan<Int16>,
    at start: Int,
    last: Int,
    factors: borrowing Block<Row>,
    into words: inout MutableSpan<SampleRow>,
    at place: Int,
    stride: Int
  ) {
    if last == 0 {
      let level = SampleRow(repeating: constant(coefficients[start] &* factors.row0[0]))
      for row in 0..<8 {
        words[place &+ row &* stride] = level
      }
    } else if last < 10 {
      // The first ten coefficients in zigzag order lie in the first four rows and columns.
      transformCorner(
        coefficients.bytes,
        start,
        factors: factors,
        into: &words,
        at: place,
        stride: stride
      )
    } else {
      transformAll(
        coefficients.bytes,
        start,
        factors: factors,
        into: &words,
        at: place,
        stride: stride
      )
    }
  }

  @inline(never)
  private static func transformCorner(
    _ bytes: RawSpan,
    _ start: Int,
    factors: borrowing Block<Row>,
    into words: inout MutableSpan<SampleRow>,
    at place: Int,
    stride: Int
  ) {
    let row0 = row(bytes, start, 0) &* factors.row0
    let row1 = row(bytes, start, 1)
    let row2 = row(bytes, start, 2)
    let row3 = row(bytes, start, 3)
    if isZero(row1 | row2 | row3) {
      transformFlat(row0, into: &words, at: place, stride: stride)
      return
    }
    let block = transform(
      row0: row0,
      row1: row1 &* factors.row1,
      row2: row2 &* factors.row2,
      row3: row3 &* factors.row3
    )
    put(block, into: &words, at: place, stride: stride)
  }

  @inline(never)
  private static func transformAll(
    _ bytes: RawSpan,
    _ start: Int,
    factors: borrowing Block<Row>,
    into words: inout MutableSpan<SampleRow>,
    at place: Int,
    stride: Int
  ) {
    let row0 = row(bytes, start, 0) &* factors.row0
    let row1 = row(bytes, start, 1)
    let row2 = row(bytes, start, 2)
    let row3 = row(bytes, start, 3)
    let row4 = row(bytes, start, 4)
    let row5 = row(bytes, start, 5)
    let row6 = row(bytes, start, 6)
    let row7 = row(bytes, start, 7)
    if isZero(row1 | row2 | row3 | row4 | row5 | row6 | row7) {
      transformFlat(row0, into: &words, at: place, stride: stride)
      return
    }
    let block = transform(
      Block(
        row0: row0,
        row1: row1 &* factors.row1,
        row2: row2 &* factors.row2,
        row3: row3 &* factors.row3,
        row4: row4 &* factors.row4,
        row5: row5 &* factors.row5,
        row6: row6 &* factors.row6,
        row7: row7 &* factors.row7
      )
    )
    put(block, into: &words, at: place, stride: stride)
  }

  @inline(never)
  private static func transformFlat(
    _ row0: Row,
    into words: inout MutableSpan<SampleRow>,
    at place: Int,
    stride: Int
  ) {
    put(transform(row0: row0), into: &words, at: place, stride: stride)
  }

  @inline(__always)
  private static func isZero(_ row: Row) -> Bool {
    let halves = unsafeBitCast(row, to: SIMD2<UInt64>.self)
    return halves[0] | halves[1] == 0
  }

  @inline(__always)
  private static func put(
    _ block: Block<SampleRow>,
    into words: inout MutableSpan<SampleRow>,
    at place: Int,
    stride: Int
  ) {
    words[place] = block.row0
    words[place &+ stride] = block.row1
    words[place &+ stride &* 2] = block.row2
    words[place &+ stride &* 3] = block.row3
    words[place &+ stride &* 4] = block.row4
    words[place &+ stride &* 5] = block.row5
    words[place &+ stride &* 6] = block.row6
    words[place &+ stride &* 7] = block.row7
  }

  /// The index of the last value of a block that is not 0, rounded up to 0, 9 or 63.
  static func last(_ coefficients: borrowing MutableSpan<Int16>, at start: Int) -> Int {
    let bytes = coefficients.bytes
    let rows1to3 = row(bytes, start, 1) | row(bytes, start, 2) | row(bytes, start, 3)
    let rows4to7 =
      row(bytes, start, 4) | row(bytes, start, 5) | row(bytes, start, 6) | row(bytes, start, 7)
    var row0 = row(bytes, start, 0)
    row0[0] = 0
    if isZero(row0 | rows1to3 | rows4to7) {
      return 0
    }
    let rightHalf = unsafeBitCast(row0 | rows1to3, to: SIMD2<UInt64>.self)[1]
    return rightHalf == 0 && isZero(rows4to7) ? 9 : 63
  }

  /// A row of a block; the load is checked against the length of the span like any other.
  @inline(__always)
  private static func row(_ bytes: borrowing RawSpan, _ start: Int, _ index: Int) -> Row {
    bytes.unsafeLoadUnaligned(fromByteOffset: (start &+ index &* 8) &* 2, as: Row.self)
  }

  /// The factors of a quantisation table as rows.
  static func factors(_ table: [Int16]) -> Block<Row> {
    let bytes = table.span.bytes
    return Block(
      row0: row(bytes, 0, 0),
      row1: row(bytes, 0, 1),
      row2: row(bytes, 0, 2),
      row3: row(bytes, 0, 3),
      row4: row(bytes, 0, 4),
      row5: row(bytes, 0, 5),
      row6: row(bytes, 0, 6),
      row7: row(bytes, 0, 7)
    )
  }
}
