extension Image {
  /// Fills the part of a rectangle that lies inside the picture.
  ///
  /// - Parameters:
  ///   - x: the left column, may lie outside.
  ///   - y: the top row, may lie outside.
  ///   - width: the number of columns; nothing is drawn when it is not positive.
  ///   - height: the number of rows; nothing is drawn when it is not positive.
  ///   - color: the new colour of the pixels.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, color: Color) {
    let columns = clippedRange(from: x, length: width, limit: self.width)
    let rows = clippedRange(from: y, length: height, limit: self.height)
    let stride = self.width * 3
    var pixels = pixels.mutableSpan
    for row in rows {
      var offset = row * stride + columns.lowerBound * 3
      for _ in columns {
        pixels[offset] = color.red
        pixels[offset + 1] = color.green
        pixels[offset + 2] = color.blue
        offset += 3
      }
    }
  }
}

/// The part of `start ..< start + length` that lies in `0 ..< limit`, for any numbers.
private func clippedRange(from start: Int, length: Int, limit: Int) -> Range<Int> {
  guard length > 0, start < limit else { return 0..<0 }
  let (end, overflow) = start.addingReportingOverflow(length)
  let upper = overflow ? limit : min(limit, end)
  let lower = max(0, start)
  return lower < upper ? lower..<upper : 0..<0
}
