/// A box as DETR predicts it: centre and size, in 0…1 of the picture.
public struct CenterBox: Hashable, Sendable {
  /// The centre across, 0 at the left edge of the picture, 1 at the right.
  public var centerX: Double
  /// The centre down, 0 at the upper edge, 1 at the lower.
  public var centerY: Double
  /// The width as a share of the picture's.
  public var width: Double
  /// The height as a share of the picture's.
  public var height: Double

  /// Makes a box of its four numbers.
  ///
  /// - Parameters:
  ///   - centerX: the centre across.
  ///   - centerY: the centre down.
  ///   - width: the width.
  ///   - height: the height.
  public init(centerX: Double, centerY: Double, width: Double, height: Double) {
    self.centerX = centerX
    self.centerY = centerY
    self.width = width
    self.height = height
  }

  /// Makes a box of one in pixels.
  ///
  /// - Parameters:
  ///   - box: the box in pixels.
  ///   - imageWidth: the picture's width in pixels, more than 0.
  ///   - imageHeight: the picture's height in pixels, more than 0.
  public init(_ box: BoundingBox, imageWidth: Int, imageHeight: Int) {
    centerX = (box.x + box.width / 2) / Double(imageWidth)
    centerY = (box.y + box.height / 2) / Double(imageHeight)
    width = box.width / Double(imageWidth)
    height = box.height / Double(imageHeight)
  }

  /// The same box by its left and upper edge, still in shares of the picture.
  public var cornerBox: BoundingBox {
    BoundingBox(x: centerX - width / 2, y: centerY - height / 2, width: width, height: height)
  }

  /// The sum of the absolute differences of the four numbers.
  ///
  /// - Parameter other: the other box.
  /// - Returns: 0 for equal boxes.
  public func distance(to other: CenterBox) -> Double {
    abs(centerX - other.centerX) + abs(centerY - other.centerY) + abs(width - other.width)
      + abs(height - other.height)
  }

  /// Generalised intersection over union.
  ///
  /// Intersection over union, minus the share of the smallest box around both that neither covers:
  /// Rezatofighi et al., "Generalized intersection over union", CVPR 2019. Two empty boxes at one
  /// place have 0.
  ///
  /// - Parameter other: the other box.
  /// - Returns: 1 for equal boxes, towards −1 for boxes far apart.
  public func generalizedIntersectionOverUnion(with other: CenterBox) -> Double {
    let (one, another) = (cornerBox, other.cornerBox)
    let hullWidth = max(one.x + one.width, another.x + another.width) - min(one.x, another.x)
    let hullHeight = max(one.y + one.height, another.y + another.height) - min(one.y, another.y)
    let hull = hullWidth * hullHeight
    let shared = one.intersection(with: another)
    let union = one.area + another.area - shared
    guard hull > 0 else { return 0 }
    return (union > 0 ? shared / union : 0) - (hull - union) / hull
  }
}
