import Vision

/// A rendered picture of machine parts on a conveyor belt, with the boxes of all of them.
///
///     let scene = Scene(seed: 1, index: 0, width: 640, height: 480)
///     for object in scene.objects { print(object.partClass.name, object.x, object.y) }
///
/// Seed and index decide everything: the same bytes on every machine. Parts are 8 to 200 pixels long in
/// a picture of 640 columns (in proportion in others), lie on each other, and reach over the border; each
/// one shows at least two fifths of itself, and its box encloses what can be seen.
public struct Scene: Sendable {
  /// A part in the picture.
  public struct Object: Sendable, Equatable {
    public let partClass: PartClass
    /// The box around the visible pixels: left column, top row, columns and rows.
    public let x: Int
    public let y: Int
    public let width: Int
    public let height: Int
    /// How many pixels show the part.
    public let area: Int
  }

  public let image: Image
  public let objects: [Object]

  /// The least share of a part that is visible, and how many pixels.
  static let visibleShare: Float = 0.4
  static let visiblePixels = 16

  /// Renders a scene.
  ///
  /// - Parameters:
  ///   - seed: of the set of scenes.
  ///   - index: of the scene in the set.
  ///   - width: columns, at least 32.
  ///   - height: rows, at least 32.
  public init(seed: UInt64, index: Int, width: Int = 640, height: Int = 480) {
    precondition(width >= 32 && height >= 32, "a scene has at least 32 × 32 pixels")
    var random = SceneRandom(seed: seed, index: index)
    let light = Light(&random)
    let belt = Belt(&random, width: width)
    let camera = Camera(&random)
    var parts = Self.layOut(&random, width: width, height: height)
    var seen = Visibility(parts, width: width, height: height)
    while let hidden = seen.parts.firstIndex(where: { !Self.isVisible($0) }) {
      parts.remove(at: hidden)
      seen = Visibility(parts, width: width, height: height)
    }
    var canvas = Canvas(width: width, height: height, belt: belt, light: light)
    for part in parts { canvas.draw(part, light: light) }
    image = camera.picture(of: canvas, lit: light)
    objects = zip(parts, seen.parts).map { part, seen in
      Object(
        partClass: part.partClass,
        x: seen.columns.first,
        y: seen.rows.first,
        width: seen.columns.last - seen.columns.first + 1,
        height: seen.rows.last - seen.rows.first + 1,
        area: seen.visible
      )
    }
  }

  private static func isVisible(_ part: Visibility.Part) -> Bool {
    part.visible >= visiblePixels && Float(part.visible) >= visibleShare * Float(part.whole)
  }

  /// Throws parts onto the belt until enough of it is covered.
  private static func layOut(
    _ random: inout SceneRandom,
    width: Int,
    height: Int
  ) -> [PlacedPart] {
    let scale = Float(width) / 640
    // The camera's distance is the scene's: parts differ in size by what they are.
    let zoom = random.ratio(26...125)
    let isTidy = random.chance(0.4)
    let crowding = random.uniform(0.06...0.5)
    let limit = random.integer(3...40)
    let favourites = random.chance(0.25) ? random.integer(1...3) : PartClass.allCases.count
    let offset = random.integer(0...PartClass.allCases.count - 1)
    var covered: Float = 0
    var parts: [PlacedPart] = []
    var tries = 0
    while parts.count < limit, tries < 200, covered < crowding * Float(width * height) {
      tries += 1
      let kind = (offset + random.integer(0...favourites - 1)) % PartClass.allCases.count
      let partClass = PartClass.allCases[kind]
      let relative = random.uniform(partClass.relativeLength) * random.ratio(0.75...1.33)
      let length = min(max(zoom * relative, 8), 200) * scale
      let part = PlacedPart(
        partClass: partClass,
        shape: partClass.shape(&random),
        metal: Metal(&random),
        centre: Vector2(
          random.uniform(-0.02...1.02) * Float(width),
          random.uniform(-0.02...1.02) * Float(height)
        ),
        length: length,
        rotation: Rotation(turns: random.uniform(0...1))
      )
      // Tidy scenes keep parts apart.
      let radius = length * 0.5
      if isTidy, parts.contains(where: { touches($0, part, gap: radius * 0.1) }) { continue }
      let half = part.shape.half * length
      covered += 4 * half.x * half.y * 0.7
      parts.append(part)
    }
    return parts
  }

  private static func touches(_ a: PlacedPart, _ b: PlacedPart, gap: Float) -> Bool {
    SyntheticScenes.length(a.centre - b.centre)
      < (SyntheticScenes.length(a.shape.half) * a.length
        + SyntheticScenes.length(b.shape.half) * b.length) * 0.85 + gap
  }
}
