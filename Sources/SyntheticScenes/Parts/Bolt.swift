/// A hexagon bolt lying on its side: head, shank, thread.
struct Bolt: PartShape {
  let headLength: Float
  let headHalf: Float
  let radius: Float
  let pitch: Float
  let threadStart: Float
  let half: Vector2
  let thickness: Float

  init(_ random: inout SceneRandom) {
    radius = random.uniform(0.07...0.13)
    headHalf = radius * random.uniform(1.75...2.05)
    headLength = radius * random.uniform(1.2...1.5)
    pitch = radius * random.uniform(0.3...0.42)
    threadStart = random.chance(0.4) ? -0.5 + headLength : random.uniform(-0.15...0.15)
    half = Vector2(0.5, headHalf)
    thickness = headHalf * 2
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    let head = boxDistance(
      point - Vector2(-0.5 + headLength * 0.5, 0),
      half: Vector2(headLength * 0.5, headHalf),
      radius: headHalf * 0.12
    )
    let isThreaded = smoothstep(threadStart, threadStart + pitch, point.x)
    let ridge = triangleWave(point.x / pitch + point.y * 0.25 / radius) * isThreaded
    let end = smoothstep(0.5 - radius * 0.5, 0.5, point.x)
    let girth = radius * (1 - 0.3 * end) + pitch * 0.2 * (ridge - isThreaded)
    let middle = Vector2((0.5 - headLength) * 0.5 - 0.25 + headLength, 0)
    let shankHalf = (1 - headLength) * 0.5
    let along = abs(point.x - middle.x) - shankHalf
    let shank = max(along, abs(point.y) - girth)
    if head < shank {
      // The head shows three of its six sides.
      let across = abs(point.y) / headHalf
      let flat = headHalf * 0.87
      let side = across > 0.5 ? flat * (1 - (across - 0.5) * 1.15) : flat
      let chamfer = max(-0.5 + headLength * 0.28 - point.x, 0) * 0.8
      return PartSurface(distance: min(head, shank), height: flat + side - chamfer, openness: 1)
    }
    return PartSurface(
      distance: min(head, shank),
      height: headHalf * 0.87 + cylinderHeight(point.y, radius: girth),
      openness: 1 - 0.3 * isThreaded * (0.5 - 0.5 * ridge)
    )
  }
}
