/// The conveyor belt: woven rubber with stains, scratches and a seam, perhaps a rail at a side.
struct Belt {
  private let color: Vector3
  private let weave: Float
  private let weavePeriod: Float
  private let weaveTurn: Rotation
  private let grain: Float
  private let stains: Float
  private let noise: ValueNoise
  private let seam: (place: Float, slant: Float, width: Float)?
  private let rail: (place: Float, isLeft: Bool, width: Float)?

  private static let colors: [Vector3] = [
    Vector3(0.045, 0.047, 0.05),
    Vector3(0.09, 0.095, 0.1),
    Vector3(0.05, 0.1, 0.075),
    Vector3(0.06, 0.085, 0.14),
    Vector3(0.16, 0.15, 0.135),
    Vector3(0.3, 0.3, 0.29),
    Vector3(0.15, 0.1, 0.07),
  ]

  init(_ random: inout SceneRandom, width: Int) {
    color = Self.colors[random.integer(0...6)] * random.uniform(0.7...1.4)
    weave = random.uniform(0...0.35)
    weavePeriod = random.uniform(3...11)
    weaveTurn = Rotation(turns: random.chance(0.5) ? 0.125 : random.uniform(-0.03...0.03))
    grain = random.uniform(0.1...0.5)
    stains = random.uniform(0...0.6)
    noise = ValueNoise(seed: UInt32(truncatingIfNeeded: random.bits()))
    let size = Float(width)
    let hasSeam = random.chance(0.15)
    let seamPlace = random.uniform(0.1...0.9) * size
    let slant = random.uniform(-0.4...0.4)
    let seamWidth = random.uniform(1.5...4)
    seam = hasSeam ? (seamPlace, slant, seamWidth) : nil
    let hasRail = random.chance(0.25)
    let isLeft = random.chance(0.5)
    let railWidth = random.uniform(0.03...0.1) * size
    rail = hasRail ? (isLeft ? railWidth : size - railWidth, isLeft, railWidth) : nil
  }

  /// The light that the belt sends to the camera at a pixel.
  @inline(__always)
  func shade(_ point: Vector2, light: Light) -> Vector3 {
    let turned = weaveTurn.apply(point) / weavePeriod
    let threads = triangleWave(turned.x) * triangleWave(turned.y)
    let fine = noise[point * 0.7] - 0.5
    let coarse = noise[point * 0.045] - 0.5
    let broad = noise[Vector2(point.x * 0.012, point.y * 0.009) + 31] - 0.5
    var texture = 1 + weave * threads + grain * fine + stains * (coarse * 0.7 + broad)
    if let seam {
      let offset = abs(point.x + seam.slant * point.y - seam.place)
      texture *= 1 - 0.55 * smoothstep(seam.width, 0, offset)
    }
    var result = color * max(texture, 0.1) * (light.ambient + light.lampColor * light.lamp.z)
    if let rail {
      let inside = rail.isLeft ? rail.place - point.x : point.x - rail.place
      if inside > 0 {
        let across = inside / rail.width
        let normal = normalize(Vector3((across - 0.5) * (rail.isLeft ? -1 : 1), 0, 0.8))
        let streaks = 0.85 + 0.3 * noise[Vector2(point.x * 0.9, point.y * 0.02)]
        result = light.reflected(normal, roughness: 0.5) * 0.55 * streaks
      } else {
        // The rail is higher than the belt and darkens it.
        result *= 0.45 + 0.55 * smoothstep(0, 14, -inside)
      }
    }
    return result
  }
}
