/// The scene as linear light, before the camera.
struct Canvas {
  let width: Int
  let height: Int
  var light: [Vector3]

  /// The empty belt.
  init(width: Int, height: Int, belt: Belt, light: Light) {
    self.width = width
    self.height = height
    self.light = []
    self.light.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width {
        let point = Vector2(Float(x) + 0.5, Float(y) + 0.5)
        self.light.append(belt.shade(point, light: light))
      }
    }
  }

  /// Lays a part on what is there already: its shadow first, then the part.
  mutating func draw(_ part: PlacedPart, light source: Light) {
    draw(part, part.shape, source)
  }

  private mutating func draw(_ part: PlacedPart, _ shape: some PartShape, _ source: Light) {
    let reach = part.length * shape.thickness * 0.55
    let slope = Vector2(source.lamp.x, source.lamp.y) / source.lamp.z
    let margin = reach * max(abs(slope.x), abs(slope.y)) + reach * source.softness + 2
    let (columns, rows) = part.extent(margin: margin)
    let left = max(columns.lowerBound, 0)
    let right = min(columns.upperBound, width - 1)
    let shift = part.rotation.undo(slope * reach) / part.length
    let blur = max(shape.thickness * 0.55 * source.softness, 0.7 / part.length)
    let lampShare = lampShare(source)
    let step = max(0.004, 0.4 / part.length)
    for y in max(rows.lowerBound, 0)...max(min(rows.upperBound, height - 1), 0) where left <= right
    {
      for x in left...right {
        let local = part.local(x, y)
        let surface = shape.surface(local)
        let coverage = min(max(0.5 - surface.distance * part.length, 0), 1)
        let index = y * width + x
        var color = light[index]
        if coverage < 1 {
          // The lamp stands at `slope`, so what hides it here lies that way.
          let hidden = shape.surface(local + shift).distance
          let shadow = smoothstep(blur, -blur, hidden)
          let near = max(surface.distance, 0) / max(shape.thickness, 0.05)
          let contact = 0.35 / (1 + 8 * near * near)
          color *= (1 - shadow * lampShare) * (1 - contact)
        }
        if coverage > 0 {
          let dx = shape.surface(local + Vector2(step, 0)).height - surface.height
          let dy = shape.surface(local + Vector2(0, step)).height - surface.height
          let normal = normalize(Vector3(-dx / step, -dy / step, 1))
          let metal = part.metal.shade(
            local * part.length,
            normal: normal,
            rotation: part.rotation,
            openness: surface.openness,
            light: source
          )
          color = blend(color, metal, coverage)
        }
        light[index] = color
      }
    }
  }

  /// How much of the belt's light comes from the lamp that throws shadows.
  private func lampShare(_ source: Light) -> Float {
    let direct = source.lampColor.y * source.lamp.z
    return 0.9 * direct / (direct + source.ambient.y)
  }
}
