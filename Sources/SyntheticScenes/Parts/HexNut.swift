/// A hexagon nut lying flat: chamfered corners, a threaded hole.
struct HexNut: PartShape {
  let hole: Float
  let thickness: Float
  let half = Vector2(0.5, 0.4331)
  private static let apothem: Float = 0.433

  init(_ random: inout SceneRandom) {
    hole = random.uniform(0.2...0.27)
    thickness = random.uniform(0.28...0.42)
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    let radius = length(point)
    let outline = hexagonDistance(point, apothem: Self.apothem)
    let inner = hole - radius
    let edge = plateHeight(outline, thickness: thickness, rounding: 0.03)
    // Turning off the corners leaves a cone that begins inside of the flats.
    let cone = thickness - max(radius - 0.41, 0) * 0.6
    let countersink = thickness - max(hole + 0.045 - radius, 0) * 0.9
    let openness = smoothstep(-0.02, 0.03, radius - hole)
    return PartSurface(
      distance: max(outline, inner),
      height: min(edge, cone, countersink),
      openness: 0.4 + 0.6 * openness
    )
  }
}
