/// A part on the belt.
struct PlacedPart {
  let partClass: PartClass
  let shape: any PartShape
  let metal: Metal
  /// In pixels.
  let centre: Vector2
  let length: Float
  let rotation: Rotation

  /// The pixels that the part can cover, widened by a margin; may lie outside of the picture.
  func extent(margin: Float) -> (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
    let half = shape.half * length
    let x = abs(half.x * rotation.cosine) + abs(half.y * rotation.sine) + margin
    let y = abs(half.x * rotation.sine) + abs(half.y * rotation.cosine) + margin
    return (
      Int((centre.x - x).rounded(.down))...Int((centre.x + x).rounded(.up)),
      Int((centre.y - y).rounded(.down))...Int((centre.y + y).rounded(.up))
    )
  }

  /// The place of a pixel's centre in units of the part.
  @inline(__always)
  func local(_ x: Int, _ y: Int) -> Vector2 {
    rotation.undo(Vector2(Float(x) + 0.5, Float(y) + 0.5) - centre) / length
  }
}
