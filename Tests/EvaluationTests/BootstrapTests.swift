import Testing

@testable import Evaluation

@Suite struct BootstrapTests {
  private func data(seed: UInt64, images: [Int]) -> (CocoAnnotations, [Detection], [Detection]) {
    var objects: [CocoAnnotations.Annotation] = []
    var good: [Detection] = []
    var bad: [Detection] = []
    // A picture's content depends on its original, not on its id.
    for (position, original) in images.enumerated() {
      var generator = SeededGenerator(seed: seed &+ UInt64(original) &* 1000)
      for number in 0..<Int.random(in: 0...4, using: &generator) {
        let category = Int.random(in: 1...2, using: &generator)
        let bbox = BoundingBox(
          x: Double.random(in: 0...300, using: &generator),
          y: Double(40 * number),
          width: Double.random(in: 5...60, using: &generator),
          height: 30
        )
        objects.append(
          CocoAnnotations.Annotation(
            id: objects.count + 1,
            imageID: position + 1,
            categoryID: category,
            bbox: bbox
          )
        )
        for isGood in [true, false] {
          var moved = bbox
          moved.x += Double.random(in: 0...(isGood ? 8 : 20), using: &generator)
          let detection = Detection(
            imageID: position + 1,
            categoryID: category,
            bbox: moved,
            score: Double.random(in: 0...1, using: &generator)
          )
          if isGood { good.append(detection) } else { bad.append(detection) }
        }
      }
    }
    let annotations = CocoAnnotations(
      images: images.indices.map { CocoAnnotations.Image(id: $0 + 1) },
      categories: [1, 2].map { CocoAnnotations.Category(id: $0) },
      annotations: objects
    )
    return (annotations, good, bad)
  }

  @Test("a picture that counts three times is three copies of it")
  func weights() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let (annotations, detections, _) = data(seed: seed, images: Array(0..<6))
      let evaluation = try CocoEvaluation(annotations: annotations, detections: detections)
      let weights = [3, 0, 1, 2, 0, 1]
      let copies = weights.enumerated().flatMap { Array(repeating: $0, count: $1) }
      let (drawn, found, _) = data(seed: seed, images: copies)
      let expected = try CocoEvaluation(annotations: drawn, detections: found)[.averagePrecision]
      let value = evaluation.averagePrecision(weights) ?? -1
      #expect(abs(value - expected) < 1e-12, "seed \(seed)")
      let ones = evaluation.averagePrecision([Int](repeating: 1, count: 6)) ?? -1
      #expect(abs(ones - evaluation[.averagePrecision]) < 1e-12)
    }
  }

  @Test("the same seed gives the same interval, and a clear difference leaves 0 outside")
  func interval() throws {
    let (annotations, good, bad) = data(seed: 5, images: Array(0..<60))
    let one = try CocoEvaluation(annotations: annotations, detections: good)
    let other = try CocoEvaluation(annotations: annotations, detections: bad)
    let first = PairedBootstrap(reference: one, tested: other, draws: 200, seed: 3)
    let second = PairedBootstrap(reference: one, tested: other, draws: 200, seed: 3)
    let third = PairedBootstrap(reference: one, tested: other, draws: 200, seed: 4)
    #expect(first.interval == second.interval)
    #expect(first.interval != third.interval)
    #expect(first.interval.lowerBound > 0)
    #expect(first.interval.contains(first.difference))
    #expect(first.interval.contains(first.mean))
    let reversed = PairedBootstrap(reference: other, tested: one, draws: 200, seed: 3)
    #expect(reversed.difference == -first.difference)
    #expect(abs(reversed.interval.upperBound + first.interval.lowerBound) < 1e-12)
  }
}
