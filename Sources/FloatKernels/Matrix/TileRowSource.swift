/// Where a product finds its input rows: in place, moved by the taps of a convolution, or gathered.
protocol TileRowSource {
  /// The number of pointers per row.
  var tapCount: Int { get }

  /// The number of elements per row that `locate` copies; 0 where rows are used in place.
  var gatheredWidth: Int { get }

  /// Writes the pointers of a run of rows: that of tap `t` and row `r` goes to
  /// `pointers[(r / tileRows · tapCount + t) · tileRows + r % tileRows]`.
  ///
  /// - Parameters:
  ///   - rows: rows of the output.
  ///   - tileRows: the number of rows of a tile.
  ///   - pointers: destination; those of rows past the end are not written.
  ///   - gathered: room for `gatheredWidth` elements per row.
  func locate(
    _ rows: Range<Int>,
    tileRows: Int,
    pointers: UnsafeMutablePointer<UnsafePointer<Float>>,
    gathered: UnsafeMutablePointer<Float>
  )
}

/// Rows at a fixed distance: the product of two plain matrices.
struct StridedRows: TileRowSource {
  let base: UnsafePointer<Float>
  let stride: Int

  var tapCount: Int { 1 }

  var gatheredWidth: Int { 0 }

  func locate(
    _ rows: Range<Int>,
    tileRows: Int,
    pointers: UnsafeMutablePointer<UnsafePointer<Float>>,
    gathered: UnsafeMutablePointer<Float>
  ) {
    for row in rows { pointers[row - rows.lowerBound] = base + row * stride }
  }
}
