/// A plain washer.
struct Washer: PartShape {
  let hole: Float
  let thickness: Float
  let half = Vector2(0.5, 0.5)

  init(_ random: inout SceneRandom) {
    hole = random.uniform(0.2...0.34)
    thickness = random.uniform(0.05...0.1)
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    let radius = length(point)
    let distance = max(radius - 0.5, hole - radius)
    return PartSurface(
      distance: distance,
      height: plateHeight(distance, thickness: thickness, rounding: min(thickness, 0.04))
    )
  }
}
