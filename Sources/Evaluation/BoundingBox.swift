/// A rectangle in pixels of the picture as decoded, as COCO writes it.
public struct BoundingBox: Hashable, Sendable {
  /// The left edge.
  public var x: Double
  /// The upper edge.
  public var y: Double
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double

  /// Makes a box.
  ///
  /// - Parameters:
  ///   - x: the left edge.
  ///   - y: the upper edge.
  ///   - width: the width.
  ///   - height: the height.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Width times height.
  public var area: Double { width * height }

  /// The area that two boxes share, divided by the area that they cover together.
  ///
  /// Computed operation by operation as `bbIou` of pycocotools does, so that thresholds are met or
  /// missed by the same bits.
  ///
  /// - Parameters:
  ///   - other: the other box.
  ///   - isCrowd: whether the other box is a crowd, when only the area of this one divides.
  /// - Returns: 0 for boxes that do not overlap, up to 1 for equal ones.
  public func overlap(with other: BoundingBox, isCrowd: Bool = false) -> Double {
    let sharedWidth =
      min(width + x, other.width + other.x) - max(x, other.x)
    guard sharedWidth > 0 else { return 0 }
    let sharedHeight =
      min(height + y, other.height + other.y) - max(y, other.y)
    guard sharedHeight > 0 else { return 0 }
    let shared = sharedWidth * sharedHeight
    return shared / (isCrowd ? area : area + other.area - shared)
  }
}

/// One object that a detector found in one picture.
public struct Detection: Hashable, Sendable {
  /// The picture, by its COCO id.
  public var imageID: Int
  /// The class, by its COCO id.
  public var categoryID: Int
  /// Where it is.
  public var bbox: BoundingBox
  /// The detector's confidence, 0…1.
  public var score: Double

  /// Makes a detection.
  ///
  /// - Parameters:
  ///   - imageID: the picture.
  ///   - categoryID: the class.
  ///   - bbox: where it is.
  ///   - score: the confidence.
  public init(imageID: Int, categoryID: Int, bbox: BoundingBox, score: Double) {
    self.imageID = imageID
    self.categoryID = categoryID
    self.bbox = bbox
    self.score = score
  }
}
