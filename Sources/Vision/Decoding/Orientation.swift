/// How the camera was held: which change turns a picture upright (EXIF tag 0x0112).
enum Orientation: Int {
  case upright = 1
  case mirrored
  case turnedHalf
  case flipped
  case transposed
  case turnedRight
  case transversed
  case turnedLeft

  /// Whether width and height change places.
  var exchangesSides: Bool { rawValue >= 5 }
}

extension Image {
  /// The picture turned upright, as Pillow's `ImageOps.exif_transpose` does.
  func oriented(
    _ orientation: Orientation,
    limits: DecodingLimits
  ) throws(PictureError) -> Image {
    if orientation == .upright {
      return self
    }
    try limits.checkMemory((pixels.count, 2))
    let (resultWidth, resultHeight) =
      orientation.exchangesSides ? (height, width) : (width, height)
    var result = Image(width: resultWidth, height: resultHeight)
    // A step along a row of the result moves by `columnStep` bytes in the source, a new row begins
    // `rowStep` further.
    let row = width * 3
    let lastColumn = row - 3
    let lastRow = (height - 1) * row
    let (start, columnStep, rowStep): (Int, Int, Int) =
      switch orientation {
      case .upright: (0, 3, row)
      case .mirrored: (lastColumn, -3, row)
      case .turnedHalf: (lastRow + lastColumn, -3, -row)
      case .flipped: (lastRow, 3, -row)
      case .transposed: (0, row, 3)
      case .turnedRight: (lastRow, -row, 3)
      case .transversed: (lastRow + lastColumn, -row, -3)
      case .turnedLeft: (lastColumn, row, -3)
      }
    let source = pixels.span
    var destination = result.pixels.mutableSpan
    var target = 0
    for resultRow in 0..<resultHeight {
      var place = start + resultRow * rowStep
      for _ in 0..<resultWidth {
        destination[target] = source[place]
        destination[target + 1] = source[place + 1]
        destination[target + 2] = source[place + 2]
        target += 3
        place += columnStep
      }
    }
    return result
  }
}
