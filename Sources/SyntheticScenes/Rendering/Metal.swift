/// What a part is made of.
struct Metal {
  /// Reflectance for red, green and blue.
  var color: Vector3
  /// 0 a mirror, 1 dull.
  var roughness: Float
  /// How deep the marks of brushing are; they run along the part.
  var brushing: Float
  /// The share of the surface that has rusted.
  var rust: Float
  var noise: ValueNoise

  private static let colors: [Vector3] = [
    Vector3(0.58, 0.58, 0.57),  // steel
    Vector3(0.72, 0.73, 0.75),  // zinc
    Vector3(0.47, 0.48, 0.51),  // stainless
    Vector3(0.87, 0.71, 0.38),  // brass
    Vector3(0.78, 0.68, 0.42),  // yellow chromate
    Vector3(0.12, 0.12, 0.13),  // black oxide
    Vector3(0.85, 0.55, 0.42),  // copper
  ]

  init(_ random: inout SceneRandom) {
    // Steel, zinc and stainless are common, the rest is not.
    let index = random.chance(0.65) ? random.integer(0...2) : random.integer(3...6)
    color = Self.colors[index] * random.uniform(0.85...1.1)
    roughness = random.uniform(0.15...0.7)
    brushing = random.uniform(0...0.16)
    rust = index < 3 && random.chance(0.2) ? random.uniform(0.2...0.6) : 0
    noise = ValueNoise(seed: UInt32(truncatingIfNeeded: random.bits()))
  }

  /// The light that a point of the surface sends to the camera.
  ///
  /// - Parameters:
  ///   - point: in pixels along the part.
  ///   - normal: of the surface, in the part's directions.
  ///   - rotation: from there to the picture.
  ///   - openness: how much light reaches the point.
  ///   - light: what lights the scene.
  /// - Returns: red, green and blue.
  @inline(__always)
  func shade(
    _ point: Vector2,
    normal: Vector3,
    rotation: Rotation,
    openness: Float,
    light: Light
  ) -> Vector3 {
    let scratch = (noise[Vector2(point.x * 0.08, point.y * 1.7)] - 0.5) * brushing
    let brushed = normalize(normal + Vector3(0, scratch, 0))
    let turned = rotation.apply(Vector2(brushed.x, brushed.y))
    let facing = Vector3(turned.x, turned.y, brushed.z)
    let mirrored = light.reflected(facing, roughness: roughness)
    let diffuse = light.diffuse(facing)
    var result = color * (mirrored * (1 - 0.45 * roughness) + diffuse * (0.15 + 0.4 * roughness))
    if rust > 0 {
      let patches = noise[point * 0.11] * 0.65 + noise[point * 0.37] * 0.35
      let share = smoothstep(0.78 - rust * 0.6, 0.9 - rust * 0.6, patches)
      let brown = Vector3(0.34, 0.17, 0.08) * (0.6 + 0.8 * noise[point * 0.9])
      result = blend(result, brown * diffuse, share * 0.85)
    }
    return result * openness
  }
}
