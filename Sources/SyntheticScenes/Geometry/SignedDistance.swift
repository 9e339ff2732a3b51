// Distances to the border of a shape, negative inside, in the units of the shape (Quílez, "2D distance
// functions", gives the derivations).

/// The distance to a rectangle with rounded corners around the origin.
@inline(__always)
func boxDistance(_ point: Vector2, half: Vector2, radius: Float = 0) -> Float {
  let x = abs(point.x) - half.x + radius
  let y = abs(point.y) - half.y + radius
  return length(Vector2(max(x, 0), max(y, 0))) + min(max(x, y), 0) - radius
}

/// The distance to a regular hexagon around the origin with two sides parallel to the x axis.
@inline(__always)
func hexagonDistance(_ point: Vector2, apothem: Float) -> Float {
  let slanted = Vector2(0.866_025_4, 0.5)
  let folded = Vector2(abs(point.x), abs(point.y))
  return max(dot(folded, slanted), folded.y) - apothem
}

/// Where the nearest point of a line segment lies: how far from the point, and at what share of the segment.
@inline(__always)
func segmentDistance(_ point: Vector2, from start: Vector2, to end: Vector2) -> (
  distance: Float, share: Float
) {
  let offset = point - start
  let along = end - start
  let share = min(max(dot(offset, along) / dot(along, along), 0), 1)
  return (length(offset - along * share), share)
}
