/// One detection in one photograph, as a line of a COCO result list has it.
public struct Detection: Hashable, Sendable {
  /// The photograph's id in the annotations.
  public var imageID: Int
  /// The category's id in the annotations.
  public var categoryID: Int
  /// The left edge in pixels of the photograph.
  public var x: Double
  /// The upper edge in pixels of the photograph.
  public var y: Double
  /// The width in pixels of the photograph.
  public var width: Double
  /// The height in pixels of the photograph.
  public var height: Double
  /// The confidence; higher comes first, for DETR 0…1.
  public var score: Double
  /// The pixels of the object, where the detector tells them.
  public var mask: RunLengthMask?

  /// Makes a detection.
  ///
  /// - Parameters:
  ///   - imageID: the photograph's id.
  ///   - categoryID: the category's id.
  ///   - x: the left edge in pixels.
  ///   - y: the upper edge in pixels.
  ///   - width: the width in pixels.
  ///   - height: the height in pixels.
  ///   - score: the confidence.
  ///   - mask: the object's pixels.
  public init(
    imageID: Int,
    categoryID: Int,
    x: Double,
    y: Double,
    width: Double,
    height: Double,
    score: Double,
    mask: RunLengthMask? = nil
  ) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.score = score
    self.mask = mask
  }

  /// The box alone.
  public var box: BoundingBox { BoundingBox(x: x, y: y, width: width, height: height) }
}
