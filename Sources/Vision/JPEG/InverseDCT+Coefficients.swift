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
    let block = transform(
      row0: row(bytes, start, 0) &* factors.row0,
      row1: row(bytes, start, 1) &* factors.row1,
      row2: row(bytes, start, 2) &* factors.row2,
      row3: row(bytes, start, 3) &* factors.row3
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
    let block = transform(
      Block(
        row0: row(bytes, start, 0) &* factors.row0,
        row1: row(bytes, start, 1) &* factors.row1,
        row2: row(bytes, start, 2) &* factors.row2,
        row3: row(bytes, start, 3) &* factors.row3,
        row4: row(bytes, start, 4) &* factors.row4,
        row5: row(bytes, start, 5) &* factors.row5,
        row6: row(bytes, start, 6) &* factors.row6,
        row7: row(bytes, start, 7) &* factors.row7
      )
    )
    put(block, into: &words, at: place, stride: stride)
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
    let rows0to3 = row(bytes, start, 1) | row(bytes, start, 2) | row(bytes, start, 3)
    let rows4to7 =
      row(bytes, start, 4) | row(bytes, start, 5) | row(bytes, start, 6) | row(bytes, start, 7)
    var row0 = row(bytes, start, 0)
    row0[0] = 0
    let all = row0 | rows0to3
    if rows4to7 | all == SIMD8(repeating: 0) {
      return 0
    }
    return rows4to7 == SIMD8(repeating: 0) && all.highHalf == SIMD4(repeating: 0) ? 9 : 63
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
