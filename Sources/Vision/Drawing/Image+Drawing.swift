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

  /// Draws the frame of a rectangle, as far as it lies inside the picture.
  ///
  /// The lines lie inside the rectangle; where they are thicker than half of it they fill it.
  ///
  /// - Parameters:
  ///   - x: the left column, may lie outside.
  ///   - y: the top row, may lie outside.
  ///   - width: the number of columns; nothing is drawn when it is not positive.
  ///   - height: the number of rows; nothing is drawn when it is not positive.
  ///   - color: the colour of the lines.
  ///   - thickness: the thickness of the lines in pixels; nothing is drawn when it is not positive.
  public mutating func drawBox(
    x: Int,
    y: Int,
    width: Int,
    height: Int,
    color: Color,
    thickness: Int = 2
  ) {
    guard width > 0, height > 0, thickness > 0 else { return }
    if thickness >= width - width / 2 || thickness >= height - height / 2 {
      fill(x: x, y: y, width: width, height: height, color: color)
      return
    }
    // Wrapping sums: what lies beyond all numbers lies outside the picture as well.
    let (right, rightOverflow) = x.addingReportingOverflow(width - thickness)
    let (bottom, bottomOverflow) = y.addingReportingOverflow(height - thickness)
    fill(x: x, y: y, width: width, height: thickness, color: color)
    fill(x: x, y: y, width: thickness, height: height, color: color)
    if !rightOverflow {
      fill(x: right, y: y, width: thickness, height: height, color: color)
    }
    if !bottomOverflow {
      fill(x: x, y: bottom, width: width, height: thickness, color: color)
    }
  }

  /// Draws text on a filled background, as far as it lies inside the picture.
  ///
  /// A character takes `6 * scale` columns, the background one row and column more on each side than
  /// the characters: see ``textSize(_:scale:)``.
  ///
  /// - Parameters:
  ///   - text: ASCII characters; any other byte, and each byte of a character outside ASCII, is drawn
  ///     as a question mark.
  ///   - x: the left column of the background, may lie outside.
  ///   - y: the top row of the background, may lie outside.
  ///   - color: the colour of the characters.
  ///   - background: the colour behind them.
  ///   - scale: how many pixels a pixel of the font is wide and high; nothing is drawn when it is not
  ///     positive.
  public mutating func drawText(
    _ text: Span<UInt8>,
    x: Int,
    y: Int,
    color: Color,
    background: Color,
    scale: Int = 1
  ) {
    let size = Self.textSize(text.count, scale: scale)
    // What begins far outside stays outside, and sums of what follows stay small.
    let far = 1 << 28
    guard size.width > 0, scale < far, x > -far, x < width, y > -far, y < height else { return }
    fill(x: x, y: y, width: size.width, height: size.height, color: background)
    for index in text.indices {
      let left = x + scale * (1 + index * (BitmapFont.columns + 1))
      if left >= width {
        return
      }
      for row in 0..<BitmapFont.rows {
        let bits = BitmapFont.row(row, of: text[index])
        for column in 0..<BitmapFont.columns
        where bits >> UInt8(BitmapFont.columns - 1 - column) & 1 == 1 {
          fill(
            x: left + column * scale,
            y: y + (1 + row) * scale,
            width: scale,
            height: scale,
            color: color
          )
        }
      }
    }
  }

  /// Draws text on a filled background, as far as it lies inside the picture.
  ///
  /// - Parameters:
  ///   - text: the characters; those outside ASCII become question marks.
  ///   - x: the left column of the background, may lie outside.
  ///   - y: the top row of the background, may lie outside.
  ///   - color: the colour of the characters.
  ///   - background: the colour behind them.
  ///   - scale: how many pixels a pixel of the font is wide and high.
  public mutating func drawText(
    _ text: String,
    x: Int,
    y: Int,
    color: Color,
    background: Color,
    scale: Int = 1
  ) {
    let bytes = Array(text.utf8)
    drawText(bytes.span, x: x, y: y, color: color, background: background, scale: scale)
  }

  /// The size of the background of text with `count` characters.
  ///
  /// - Returns: `(6 count + 1) * scale` columns and `11 * scale` rows; 0 and 0 where there is nothing
  ///   to draw or the size exceeds what an `Int` holds.
  public static func textSize(_ count: Int, scale: Int = 1) -> (width: Int, height: Int) {
    guard count > 0, scale > 0 else { return (0, 0) }
    let (columns, overflow) = count.multipliedReportingOverflow(by: BitmapFont.columns + 1)
    let (width, tooWide) = (overflow ? Int.max : columns + 1).multipliedReportingOverflow(by: scale)
    let (height, tooHigh) = (BitmapFont.rows + 2).multipliedReportingOverflow(by: scale)
    return overflow || tooWide || tooHigh ? (0, 0) : (width, height)
  }

  /// Draws a detection: a frame, and a label on its colour at the upper left corner.
  ///
  /// The label stands above the frame, or inside it where there is no room above.
  ///
  /// - Parameters:
  ///   - label: ASCII characters.
  ///   - x: the left column of the frame, may lie outside.
  ///   - y: the top row of the frame, may lie outside.
  ///   - width: the number of columns.
  ///   - height: the number of rows.
  ///   - color: the colour of the frame and behind the label.
  ///   - scale: the thickness of the lines and the scale of the characters are `2 * scale` and `scale`.
  public mutating func drawDetection(
    label: Span<UInt8>,
    x: Int,
    y: Int,
    width: Int,
    height: Int,
    color: Color,
    scale: Int = 1
  ) {
    guard scale > 0, scale < 1 << 16 else { return }
    drawBox(x: x, y: y, width: width, height: height, color: color, thickness: 2 * scale)
    let labelHeight = Self.textSize(label.count, scale: scale).height
    let hasRoomAbove = y >= labelHeight
    let left = max(0, min(x, self.width - Self.textSize(label.count, scale: scale).width))
    drawText(
      label,
      x: left,
      y: hasRoomAbove ? y - labelHeight : max(0, y),
      color: color.contrasting,
      background: color,
      scale: scale
    )
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
