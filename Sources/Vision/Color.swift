/// A colour of eight bits a channel.
public struct Color: Sendable, Equatable {
  /// The red sample.
  public var red: UInt8
  /// The green sample.
  public var green: UInt8
  /// The blue sample.
  public var blue: UInt8

  /// Makes a colour from its three samples.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// All samples 0.
  public static let black = Color(red: 0, green: 0, blue: 0)
  /// All samples 255.
  public static let white = Color(red: 255, green: 255, blue: 255)

  /// Black or white, whichever is easier to read on this colour.
  ///
  /// The luma of Rec. 601 in 256ths decides: `77 R + 150 G + 29 B` above 128 x 256 asks for black.
  public var contrasting: Color {
    let luma = 77 * Int(red) + 150 * Int(green) + 29 * Int(blue)
    return luma > 128 * 256 ? .black : .white
  }

  /// One of twelve well separated colours, so that classes can be told apart in a drawing.
  ///
  /// - Parameter index: any number, a class index for instance; colours repeat after twelve.
  /// - Returns: a saturated colour.
  public static func distinct(_ index: Int) -> Color {
    let value = distinctColors[((index % 12) + 12) % 12]
    return Color(
      red: UInt8(value >> 16 & 255),
      green: UInt8(value >> 8 & 255),
      blue: UInt8(value & 255)
    )
  }

  private static let distinctColors: InlineArray<12, UInt32> = [
    0xE6_3946, 0x2A_9D3F, 0x1D_62C4, 0xF4_A300, 0x8E_3CCB, 0x00_A6B2,
    0xD8_1E9C, 0x7A_B800, 0x9C_5A1A, 0x4F_5FFF, 0xFF_6D2E, 0x00_8060,
  ]
}
