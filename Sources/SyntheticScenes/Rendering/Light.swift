/// Lamps above the belt: one that throws shadows, a strip that metal mirrors, and the hall around.
struct Light {
  /// Towards the lamp, of length 1; its z points at the camera.
  let lamp: Vector3
  let lampColor: Vector3
  let ambient: Vector3
  /// The strip lamp: its direction in the picture, and how far from the zenith it hangs.
  let strip: Vector2
  let stripPlace: Float
  let stripWidth: Float
  /// How blurred shadows are, in heights of what throws them.
  let softness: Float
  /// Where the lamp shines brightest, in shares of the picture, and how it falls off from there.
  let centre: Vector2
  let falloff: Float

  init(_ random: inout SceneRandom) {
    let azimuth = Rotation(turns: random.uniform(0...1))
    let slope = random.uniform(0.35...1.1)
    lamp = normalize(Vector3(azimuth.cosine * slope, azimuth.sine * slope, 1))
    let warmth = random.uniform(-0.12...0.12)
    lampColor = Vector3(1 + warmth, 1, 1 - warmth) * random.uniform(0.75...1.35)
    let cold = random.uniform(-0.06...0.1)
    ambient = Vector3(1 - cold, 1, 1 + cold) * random.uniform(0.22...0.5)
    let direction = Rotation(turns: random.uniform(0...1))
    strip = Vector2(direction.cosine, direction.sine)
    stripPlace = random.uniform(0.1...0.6)
    stripWidth = random.uniform(0.08...0.25)
    softness = random.uniform(0.25...0.9)
    centre = Vector2(random.uniform(-0.1...1.1), random.uniform(-0.1...1.1))
    falloff = random.uniform(0.15...1.1)
  }

  /// How bright the lamp is at a place, in shares of the picture.
  @inline(__always)
  func brightness(_ place: Vector2) -> Float {
    let offset = place - centre
    return 1.15 / (1 + falloff * dot(offset, offset))
  }

  @inline(__always)
  func diffuse(_ normal: Vector3) -> Vector3 {
    ambient * (0.6 + 0.4 * normal.z) + lampColor * max(dot(normal, lamp), 0) * 0.8
  }

  /// What a surface mirrors towards the camera, which looks straight down.
  @inline(__always)
  func reflected(_ normal: Vector3, roughness: Float) -> Vector3 {
    // The view direction is (0, 0, 1): r = 2 (n · v) n − v.
    let ray = Vector3(
      2 * normal.z * normal.x,
      2 * normal.z * normal.y,
      2 * normal.z * normal.z - 1
    )
    let width = 0.01 + roughness * roughness * 0.35
    let angle = 1 - dot(ray, lamp)
    let spread = 1 + angle / width
    let glint = 2.2 / (spread * spread) / (1 + 6 * roughness)
    let across = abs(strip.x * ray.x + strip.y * ray.y - stripPlace)
    let bar = smoothstep(stripWidth + roughness * 0.5, stripWidth * (1 - roughness), across)
    let hall = 0.55 + 0.45 * ray.z
    return ambient * (hall + bar * 1.4) + lampColor * glint
  }
}
