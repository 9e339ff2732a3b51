extension InverseDCT {
  /// Multiplies a block by its quantisation factors and transforms it, with less work where most
  /// coefficients are 0.
  ///
  /// - Parameters:
  ///   - coefficients: values of blocks, 64 each, row by row.
  ///   - start: the index of the first value of the block.
  ///   - last: the index of its last value that is not 0, in zigzag order.
  ///   - factors: the quantisation factors.
  @inline(__always)
  static func samples(
    _ coefficients: borrowing MutableSpan<Int16>,
    at start: Int,
    last: Int,
    factors: Block<Row>
  ) -> Block<SampleRow> {
    if last == 0 {
      let level = constant(coefficients[start] &* factors.row0[0])
      let row = SampleRow(repeating: level)
      return Block(
        row0: row,
        row1: row,
        row2: row,
        row3: row,
        row4: row,
        row5: row,
        row6: row,
        row7: row
      )
    }
    let bytes = coefficients.bytes
    // The first ten coefficients in zigzag order lie in the first four rows and columns.
    if last < 10 {
      return transform(
        row0: row(bytes, start, 0) &* factors.row0,
        row1: row(bytes, start, 1) &* factors.row1,
        row2: row(bytes, start, 2) &* factors.row2,
        row3: row(bytes, start, 3) &* factors.row3
      )
    }
    return transform(
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
