/// A spur gear: teeth, bore with key way, hub or holes in the web.
struct Gear: PartShape {
  let teeth: Float
  let root: Float
  let bore: Float
  let hub: Float
  let webHoles: Float
  let thickness: Float
  let half = Vector2(0.5, 0.5)

  init(_ random: inout SceneRandom) {
    let count = random.integer(10...26)
    teeth = Float(count)
    root = 0.5 - min(1.9 / Float(count), 0.13)
    bore = random.uniform(0.07...0.13)
    hub = bore + random.uniform(0.04...0.08)
    webHoles = random.chance(0.45) ? Float(random.integer(3...6)) : 0
    thickness = random.uniform(0.12...0.24)
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    let radius = length(point)
    let angle = turns(of: point)
    // The flanks are steep: a cosine pushed beyond its range and cut off.
    let tooth = min(max(0.5 + 1.3 * cosine(turns: angle * teeth), 0), 1)
    var distance = (radius - root - (0.5 - root) * tooth) * 0.75
    distance = max(distance, bore - radius)
    let keyWay = boxDistance(point - Vector2(bore, 0), half: Vector2(0.035, 0.022))
    distance = max(distance, -keyWay)
    var height = plateHeight(distance, thickness: thickness, rounding: 0.02)
    // The web between hub and rim lies lower.
    let web =
      smoothstep(hub, hub + 0.03, radius) * smoothstep(root - 0.07, root - 0.1, radius)
    if webHoles > 0 {
      let sector = (angle * webHoles) - (angle * webHoles + 0.5).rounded(.down)
      let spoke = Rotation(turns: sector / webHoles)
      let middle = (hub + root - 0.08) * 0.5
      let size = min((root - 0.08 - hub) * 0.36, middle * 2.2 / webHoles)
      let centre = Vector2(spoke.cosine * radius - middle, spoke.sine * radius)
      distance = max(distance, size - length(centre))
      height = min(height, plateHeight(distance, thickness: thickness, rounding: 0.02))
    }
    height -= web * thickness * 0.35
    return PartSurface(distance: distance, height: height, openness: 1 - 0.25 * web)
  }
}
