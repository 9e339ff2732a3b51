import Evaluation

/// Annotations and detections drawn with a seed, with everything that makes evaluation difficult:
/// crowds, equal scores, areas that differ from the box, empty boxes, more than 100 detections,
/// photographs and categories without anything, ids with gaps and out of order.
struct RandomCocoSet {
  let annotations: CocoAnnotations
  let detections: [Detection]

  init(seed: UInt64, images: Int, categories: Int, largestCount: Int) throws {
    var random = SeededGenerator(seed: seed)
    let imageIDs = (0..<images).map { $0 * 7 + 3 }.shuffled(using: &random)
    let categoryIDs = (0..<categories).map { $0 * 3 }.shuffled(using: &random)
    var objects: [CocoAnnotations.Annotation] = []
    var detections: [Detection] = []
    for image in imageIDs {
      // One category more than is listed.
      for category in categoryIDs + [1000] where Int.random(in: 0..<5, using: &random) > 0 {
        let own = (0..<Int.random(in: 0...5, using: &random)).map { _ in Self.box(&random) }
        for box in own {
          objects.append(
            CocoAnnotations.Annotation(
              id: objects.count + 1,
              imageID: image,
              categoryID: category,
              box: box,
              area: Bool.random(using: &random) ? box.area : box.area * 0.6,
              isCrowd: Int.random(in: 0..<6, using: &random) == 0
            )
          )
        }
        for _ in 0..<Int.random(in: 0...largestCount, using: &random) {
          var box = Self.box(&random)
          if let near = own.randomElement(using: &random), Int.random(in: 0..<3, using: &random) > 0
          {
            box = near
            box.x += Double(Int.random(in: -8...8, using: &random))
            box.y += Double(Int.random(in: -8...8, using: &random))
            if Bool.random(using: &random) { box.width *= 0.8 }
          }
          detections.append(
            Detection(
              imageID: image,
              categoryID: category,
              x: box.x,
              y: box.y,
              width: box.width,
              height: box.height,
              score: Double(Int.random(in: 0...12, using: &random)) / 12
            )
          )
        }
      }
    }
    annotations = try CocoAnnotations(
      images: imageIDs.map { CocoAnnotations.Image(id: $0, width: 300, height: 200) },
      categories: categoryIDs.map { CocoAnnotations.Category(id: $0) },
      annotations: objects.shuffled(using: &random)
    )
    self.detections = detections.shuffled(using: &random)
  }

  private static func box(_ random: inout SeededGenerator) -> BoundingBox {
    let sides: [Double] = [0, 8, 16, 32, 32, 48, 64, 96, 96, 150]
    return BoundingBox(
      x: Double(Int.random(in: -10..<150, using: &random)),
      y: Double(Int.random(in: -10..<100, using: &random)),
      width: sides.randomElement(using: &random) ?? 1,
      height: sides.randomElement(using: &random) ?? 1
    )
  }
}
