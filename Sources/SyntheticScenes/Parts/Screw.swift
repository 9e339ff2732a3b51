/// A wood screw lying on its side: a round or countersunk head, a coarse thread, a point.
struct Screw: PartShape {
  let headRadius: Float
  let headLength: Float
  let isCountersunk: Bool
  let radius: Float
  let pitch: Float
  let half: Vector2
  let thickness: Float

  init(_ random: inout SceneRandom) {
    radius = random.uniform(0.04...0.075)
    headRadius = radius * random.uniform(1.9...2.3)
    isCountersunk = random.chance(0.5)
    headLength = headRadius * (isCountersunk ? 0.9 : 0.75)
    pitch = radius * random.uniform(0.75...1.1)
    half = Vector2(0.5, headRadius)
    thickness = headRadius * 2
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    let fromHead = point.x + 0.5
    let inHead = min(fromHead / headLength, 1)
    var girth: Float
    var openness: Float = 1
    if inHead < 1 {
      girth =
        isCountersunk
        ? blend(headRadius, radius * 0.8, max(inHead * 1.1 - 0.1, 0))
        : headRadius * max(1 - (1 - inHead) * (1 - inHead), 0).squareRoot()
    } else {
      // The core is thinner than the thread and ends in a point.
      let taper = smoothstep(0.5, 0.22, point.x)
      let ridge = triangleWave(point.x / pitch + point.y * 0.3 / radius)
      girth = taper * radius * (0.82 + 0.18 * ridge)
      openness = 0.8 + 0.2 * ridge
    }
    let along = abs(point.x) - 0.5
    return PartSurface(
      distance: max(along, abs(point.y) - girth),
      height: headRadius * 0.6 + cylinderHeight(point.y, radius: girth),
      openness: openness
    )
  }
}
