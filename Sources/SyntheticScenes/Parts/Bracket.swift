/// An angle bracket cut from sheet metal: two arms with holes.
struct Bracket: PartShape {
  let arm: Float
  let height: Float
  let hole: Float
  let thickness: Float
  let half: Vector2

  init(_ random: inout SceneRandom) {
    arm = random.uniform(0.09...0.13)
    height = random.uniform(0.34...0.5)
    hole = arm * random.uniform(0.38...0.55)
    thickness = random.uniform(0.04...0.07)
    half = Vector2(0.5, height)
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    let long = boxDistance(
      point - Vector2(0, height - arm),
      half: Vector2(0.5, arm),
      radius: 0.04
    )
    let short = boxDistance(
      point - Vector2(-0.5 + arm, 0),
      half: Vector2(arm, height),
      radius: 0.04
    )
    var distance = min(long, short)
    let row = Vector2(point.x, point.y - (height - arm))
    distance = max(distance, hole - length(row - Vector2(0.5 - arm * 1.1, 0)))
    distance = max(distance, hole - length(row - Vector2(0.08, 0)))
    distance = max(distance, hole - length(point - Vector2(-0.5 + arm, -height + arm * 1.2)))
    return PartSurface(
      distance: distance,
      height: plateHeight(distance, thickness: thickness, rounding: 0.02)
    )
  }
}
