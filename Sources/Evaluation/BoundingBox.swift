/// An axis-aligned box in pixels of the photograph, as COCO writes it.
///
/// `x` and `y` are the left and upper edge, continuous: a box of width 1 at 0 covers the first
/// pixel. Nothing is clipped to the photograph, and sizes may be zero or, in bad files, negative.
public struct BoundingBox: Hashable, Sendable {
  /// The left edge in pixels.
  public var x: Double
  /// The upper edge in pixels.
  public var y: Double
  /// The width in pixels.
  public var width: Double
  /// The height in pixels.
  public var height: Double

  /// Makes a box of its four numbers.
  ///
  /// - Parameters:
  ///   - x: the left edge.
  ///   - y: the upper edge.
  ///   - width: the width.
  ///   - height: the height.
  @inlinable
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Width times height.
  @inlinable public var area: Double { width * height }

  /// The area that two boxes share; 0 where they only touch, or where a size is not positive.
  ///
  /// - Parameter other: the other box.
  /// - Returns: the area in square pixels.
  @inlinable
  public func intersection(with other: BoundingBox) -> Double {
    let sharedWidth = min(x + width, other.x + other.width) - max(x, other.x)
    guard sharedWidth > 0 else { return 0 }
    let sharedHeight = min(y + height, other.y + other.height) - max(y, other.y)
    guard sharedHeight > 0 else { return 0 }
    return sharedWidth * sharedHeight
  }

  /// Intersection over union.
  ///
  /// - Parameter other: the other box.
  /// - Returns: 0 for boxes that share nothing, 1 for equal ones.
  @inlinable
  public func intersectionOverUnion(with other: BoundingBox) -> Double {
    let shared = intersection(with: other)
    return shared > 0 ? shared / (area + other.area - shared) : 0
  }

  /// The share of this box that lies inside another, COCO's overlap of a detection with a crowd.
  ///
  /// - Parameter other: the box of the crowd.
  /// - Returns: 0…1.
  @inlinable
  public func share(inside other: BoundingBox) -> Double {
    let shared = intersection(with: other)
    return shared > 0 ? shared / area : 0
  }
}
