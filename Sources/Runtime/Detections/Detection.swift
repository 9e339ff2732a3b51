/// One object that was found.
public struct Detection: Equatable, Sendable {
  /// The number of the class.
  public var label: Int32
  /// Probability, Q1.30.
  public var score: Int32
  /// Left edge in pixels of the photograph, 16 fraction bits.
  public var x: Int32
  /// Upper edge in pixels of the photograph, 16 fraction bits.
  public var y: Int32
  /// Pixels of the photograph, 16 fraction bits.
  public var width: Int32
  /// Pixels of the photograph, 16 fraction bits.
  public var height: Int32

  public init(label: Int32, score: Int32, x: Int32, y: Int32, width: Int32, height: Int32) {
    self.label = label
    self.score = score
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// A detection from a box as the network gives it: centre x, centre y, width and height in parts
  /// of the picture, Q1.30. The photograph has 1 to 16383 pixels a side.
  init(
    label: Int,
    score: Int32,
    box: UnsafePointer<Int32>,
    photographWidth: Int,
    photographHeight: Int
  ) {
    self.label = Int32(truncatingIfNeeded: label)
    self.score = score
    x = Self.pixels(2 * Int64(box[0]) - Int64(box[2]), photographWidth, shift: 15)
    y = Self.pixels(2 * Int64(box[1]) - Int64(box[3]), photographHeight, shift: 15)
    width = Self.pixels(Int64(box[2]), photographWidth, shift: 14)
    height = Self.pixels(Int64(box[3]), photographHeight, shift: 14)
  }

  /// A part of a length with 16 fraction bits, rounded half up; the part has `shift + 16` of them.
  private static func pixels(_ part: Int64, _ length: Int, shift: Int64) -> Int32 {
    let rounded = (part * Int64(length) + (1 << (shift - 1))) >> shift
    return Int32(truncatingIfNeeded: min(max(rounded, Int64(Int32.min)), Int64(Int32.max)))
  }
}
