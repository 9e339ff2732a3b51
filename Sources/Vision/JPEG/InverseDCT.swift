/// The inverse cosine transform of a block, bit for bit that of libjpeg's accurate integer method
/// (`JDCT_ISLOW`) as libjpeg-turbo's vector code computes it.
///
/// The one-dimensional transform is that of Loeffler, Ligtenberg and Moschytz (ICASSP 1989, pp.
/// 988-991) with 12 multiplications, its constants rounded to 13 fraction bits. Columns come first
/// and keep 2 fraction bits, then rows; each pass rounds half up. Products of coefficient and factor
/// and the few sums before a multiplication wrap at 16 bits, the results of a pass saturate at 16
/// bits. The coefficients of an encoder come nowhere near; for others the result is still that of
/// libjpeg-turbo on x86.
///
/// All eight columns (in the second pass rows) are computed at once, one in each lane.
enum InverseDCT {
  typealias Row = SIMD8<Int16>
  typealias WideRow = SIMD8<Int32>
  typealias SampleRow = SIMD8<UInt8>

  /// Eight rows of a block.
  struct Block<Row> {
    var row0, row1, row2, row3, row4, row5, row6, row7: Row
  }

  /// How many bits a pass drops: 13 of the constants, less the 2 that the first pass keeps, and 3
  /// for the scale of the two-dimensional transform.
  private static let firstShift: Int32 = 13 - 2
  private static let secondShift: Int32 = 13 + 2 + 3

  /// Transforms one block with all kinds of coefficients.
  @inline(__always)
  static func transform(_ rows: Block<Row>) -> Block<SampleRow> {
    samples(pass(pass(rows, shift: firstShift).transposed, shift: secondShift).transposed)
  }

  /// Transforms one block whose coefficients outside the first four rows and columns are 0.
  @inline(__always)
  static func transform(row0: Row, row1: Row, row2: Row, row3: Row) -> Block<SampleRow> {
    let rows = pass(
      Block(
        row0: row0,
        row1: row1,
        row2: row2,
        row3: row3,
        row4: .zero,
        row5: .zero,
        row6: .zero,
        row7: .zero
      ),
      shift: firstShift
    ).transposed
    return samples(
      pass(
        Block(
          row0: rows.row0,
          row1: rows.row1,
          row2: rows.row2,
          row3: rows.row3,
          row4: .zero,
          row5: .zero,
          row6: .zero,
          row7: .zero
        ),
        shift: secondShift
      ).transposed
    )
  }

  /// Transforms one block whose coefficients outside the first row are 0.
  ///
  /// The first pass only shifts; what exceeds 16 bits wraps here.
  @inline(__always)
  static func transform(row0: Row) -> Block<SampleRow> {
    let column = row0 &<< 2
    return samples(
      pass(
        Block(
          row0: column,
          row1: column,
          row2: column,
          row3: column,
          row4: column,
          row5: column,
          row6: column,
          row7: column
        ).transposed,
        shift: secondShift
      ).transposed
    )
  }

  /// The sample that fills a block with no other coefficient than this first one.
  @inline(__always)
  static func constant(_ coefficient: Int16) -> UInt8 {
    // The first pass shifts up by 2 exactly, the second rounds 5 bits away.
    let kept = Int32(truncatingIfNeeded: Int16(truncatingIfNeeded: Int32(coefficient) &<< 2))
    return UInt8(truncatingIfNeeded: max(-128, min(127, (kept &+ 16) >> 5)) &+ 128)
  }

  /// One pass of the one-dimensional transform, rounded and saturated to 16 bits.
  ///
  /// Transparent, because nothing weaker makes the compiler put it in place, and a block in memory
  /// between the passes costs a third of the transform.
  @_transparent
  private static func pass(_ rows: Block<Row>, shift: Int32) -> Block<Row> {
    // Even part.
    let even2 = product(rows.row2, 4433) &+ product(rows.row6, 4433 - 15137)
    let even3 = product(rows.row2, 4433 + 6270) &+ product(rows.row6, 4433)
    let even0 = wide(rows.row0 &+ rows.row4) &<< 13
    let even1 = wide(rows.row0 &- rows.row4) &<< 13
    let rounding = WideRow(repeating: 1 &<< (shift &- 1))
    let base0 = even0 &+ even3 &+ rounding
    let base3 = even0 &- even3 &+ rounding
    let base1 = even1 &+ even2 &+ rounding
    let base2 = even1 &- even2 &+ rounding

    // Odd part.
    let sum73 = rows.row7 &+ rows.row3
    let sum51 = rows.row5 &+ rows.row1
    let common73 = product(sum73, 9633 - 16069) &+ product(sum51, 9633)
    let common51 = product(sum73, 9633) &+ product(sum51, 9633 - 3196)
    let odd0 = product(rows.row7, 2446 - 7373) &+ product(rows.row1, -7373) &+ common73
    let odd3 = product(rows.row7, -7373) &+ product(rows.row1, 12299 - 7373) &+ common51
    let odd1 = product(rows.row5, 16819 - 20995) &+ product(rows.row3, -20995) &+ common51
    let odd2 = product(rows.row5, -20995) &+ product(rows.row3, 25172 - 20995) &+ common73

    return Block(
      row0: narrow(base0 &+ odd3, shift),
      row1: narrow(base1 &+ odd2, shift),
      row2: narrow(base2 &+ odd1, shift),
      row3: narrow(base3 &+ odd0, shift),
      row4: narrow(base3 &- odd0, shift),
      row5: narrow(base2 &- odd1, shift),
      row6: narrow(base1 &- odd2, shift),
      row7: narrow(base0 &- odd3, shift)
    )
  }

  @inline(__always)
  private static func wide(_ row: Row) -> WideRow {
    WideRow(lanes: row)
  }

  @inline(__always)
  private static func product(_ row: Row, _ factor: Int16) -> WideRow {
    wide(row) &* WideRow(repeating: Int32(factor))
  }

  /// Drops `shift` bits and saturates where the rest can have more than 16.
  @inline(__always)
  private static func narrow(_ row: WideRow, _ shift: Int32) -> Row {
    shift < 16 ? Row(saturating: row &>> shift) : Row(lanes: row &>> shift)
  }

  /// Adds the level shift of 128 and saturates at 0 and 255.
  @_transparent
  private static func samples(_ rows: Block<Row>) -> Block<SampleRow> {
    Block(
      row0: samples(rows.row0),
      row1: samples(rows.row1),
      row2: samples(rows.row2),
      row3: samples(rows.row3),
      row4: samples(rows.row4),
      row5: samples(rows.row5),
      row6: samples(rows.row6),
      row7: samples(rows.row7)
    )
  }

  @inline(__always)
  private static func samples(_ row: Row) -> SampleRow {
    // After the second pass a row lies within 14 bits: adding the level shift cannot wrap.
    SampleRow(saturating: row &+ Row(repeating: 128))
  }
}
