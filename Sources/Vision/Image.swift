/// A picture as interleaved rows of red, green and blue bytes.
///
/// Sample `channel` (0 red, 1 green, 2 blue) of the pixel in column `x` and row `y` is
/// `pixels[(y * width + x) * 3 + channel]`; rows follow one another without padding, the top row
/// first.
///
///     let photograph = try Image(decoding: bytes)
///     let input = photograph.resized(width: 1066, height: 800)
///
/// Every decoder of this module ends in this one type: gray becomes three equal channels, CMYK is
/// converted, transparency is dropped.
public struct Image: Sendable, Equatable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// The samples, `width * height * 3` of them.
  public internal(set) var pixels: [UInt8]

  /// Takes over samples that are laid out as `pixels` is.
  ///
  /// - Precondition: both sides are at least 1 and `pixels` holds `width * height * 3` bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(pixels.count == width * height * 3, "three bytes a pixel")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Makes a picture of one colour.
  ///
  /// - Precondition: both sides are at least 1 and `width * height * 3` is representable.
  public init(width: Int, height: Int, color: Color = .black) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 0, count: width * height * 3)
    if color != .black {
      fill(x: 0, y: 0, width: width, height: height, color: color)
    }
  }

  /// The colour of one pixel.
  ///
  /// - Precondition: `x` and `y` lie inside the picture.
  public subscript(x: Int, y: Int) -> Color {
    get {
      let start = offset(x: x, y: y)
      return Color(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
    }
    set {
      let start = offset(x: x, y: y)
      pixels[start] = newValue.red
      pixels[start + 1] = newValue.green
      pixels[start + 2] = newValue.blue
    }
  }

  private func offset(x: Int, y: Int) -> Int {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "the pixel lies outside")
    return (y * width + x) * 3
  }
}
