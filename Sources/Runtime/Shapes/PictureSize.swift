/// The size of the network's input and the part of it that holds the picture.
public struct PictureSize: Equatable, Sendable {
  /// The greatest height or width of a map: pixel positions with 16 fraction bits have 32 bits.
  public static let limit = 16383

  public let height: Int
  public let width: Int
  /// Rows that hold the picture; the rest below is padding.
  public let validHeight: Int
  /// Columns that hold the picture; the rest to the right is padding.
  public let validWidth: Int

  /// A picture without padding.
  public init(height: Int, width: Int) {
    self.init(height: height, width: width, validHeight: height, validWidth: width)
  }

  public init(height: Int, width: Int, validHeight: Int, validWidth: Int) {
    self.height = height
    self.width = width
    self.validHeight = validHeight
    self.validWidth = validWidth
  }

  /// - Throws: ``SessionError/pictureSize(height:width:limit:)`` or
  ///   ``SessionError/validPart(height:width:of:by:)`` where no picture can be like that.
  func check() throws(SessionError) {
    guard height >= 1, width >= 1, height <= Self.limit, width <= Self.limit else {
      throw .pictureSize(height: height, width: width, limit: Self.limit)
    }
    guard validHeight >= 1, validWidth >= 1, validHeight <= height, validWidth <= width else {
      throw .validPart(height: validHeight, width: validWidth, of: height, by: width)
    }
  }
}
