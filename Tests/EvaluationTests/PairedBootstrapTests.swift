import Testing

@testable import Evaluation

@Suite("Paired bootstrap")
struct PairedBootstrapTests {
  @Test("a draw has the average precision of the photographs repeated", arguments: 0..<6)
  func repeated(seed: Int) throws {
    // Distinct scores: among equal ones the order of repeated photographs would matter.
    var random = SeededGenerator(seed: UInt64(seed))
    let set = try RandomCocoSet(
      seed: UInt64(100 + seed),
      images: 9,
      categories: 3,
      largestCount: 12
    )
    var detections = set.detections
    for index in detections.indices { detections[index].score = .random(in: 0...1, using: &random) }
    let evaluation = try CocoEvaluation(annotations: set.annotations, detections: detections)
    let weights = evaluation.imageIDs.map { _ in Int.random(in: 0...3, using: &random) }
    let drawn = PairedBootstrap.averagePrecision(
      evaluation.matches.map(ResampledCategory.init),
      weights
    )

    var images: [CocoAnnotations.Image] = []
    var objects: [CocoAnnotations.Annotation] = []
    var copies: [Detection] = []
    for (id, weight) in zip(evaluation.imageIDs, weights) {
      for _ in 0..<weight {
        images.append(CocoAnnotations.Image(id: images.count))
        for var object in set.annotations.annotations where object.imageID == id {
          object.imageID = images.count - 1
          object.id = objects.count + 1
          objects.append(object)
        }
        for var detection in detections where detection.imageID == id {
          detection.imageID = images.count - 1
          copies.append(detection)
        }
      }
    }
    let direct = try CocoEvaluation(
      annotations: CocoAnnotations(
        images: images,
        categories: set.annotations.categories,
        annotations: objects
      ),
      detections: copies
    )
    let value = try #require(drawn)
    #expect(abs(value - direct.metrics[.averagePrecision]) < 1e-12, "seed \(seed)")
  }

  @Test("a side against itself differs in no draw")
  func itself() throws {
    let (one, _) = try Self.sides()
    let bootstrap = try #require(PairedBootstrap(one, one, draws: 50))
    #expect(bootstrap.difference == 0)
    #expect(bootstrap.interval == 0...0)
    #expect(bootstrap.firstDeviation > 0)
    #expect(bootstrap.firstDeviation == bootstrap.secondDeviation)
  }

  @Test("a seed determines the draws, another seed gives others")
  func seeds() throws {
    let (one, other) = try Self.sides()
    let first = try #require(PairedBootstrap(one, other, draws: 200, seed: 5))
    let again = try #require(PairedBootstrap(one, other, draws: 200, seed: 5))
    let different = try #require(PairedBootstrap(one, other, draws: 200, seed: 6))
    #expect(first.differences == again.differences)
    #expect(first.differences != different.differences)
    #expect(first.interval.contains(first.difference))
    #expect(first.interval(holding: 0.5).lowerBound >= first.interval.lowerBound)
    #expect(first.interval(holding: 1) == first.differences[0]...first.differences[199])
  }

  // One category, each photograph with one object found exactly or not at all: average precision of
  // a draw is close to the share found, so its deviation is that of a share, sqrt(p (1 - p) / n).
  @Test("the deviation is that of a share where average precision is one")
  func deviation() throws {
    let objects = (0..<100).map { CocoEvaluationTests.object($0 + 1, image: $0, side: 20) }
    let found = (0..<60).map { CocoEvaluationTests.detection(image: $0, side: 20, score: 0.9) }
    let annotations = try CocoAnnotations(
      images: (0..<100).map { CocoAnnotations.Image(id: $0) },
      categories: [CocoAnnotations.Category(id: 5)],
      annotations: objects
    )
    let one = try CocoEvaluation(annotations: annotations, detections: found)
    let none = try CocoEvaluation(annotations: annotations, detections: [])
    let bootstrap = try #require(PairedBootstrap(one, none, draws: 4000))
    // 4000 draws know a deviation to about 1.1 %; the 101 recalls round shares to 1 %.
    #expect(abs(bootstrap.deviation / (0.6 * 0.4 / 100).squareRoot() - 1) < 0.05)
    #expect(abs(bootstrap.interval.lowerBound - 0.504) < 0.02)
    #expect(abs(bootstrap.interval.upperBound - 0.696) < 0.02)
  }

  @Test("without objects there is no interval")
  func nothing() throws {
    let empty = try CocoEvaluationTests.evaluate([], [])
    #expect(PairedBootstrap(empty, empty) == nil)
  }

  private static func sides() throws -> (CocoEvaluation, CocoEvaluation) {
    let set = try RandomCocoSet(seed: 77, images: 20, categories: 3, largestCount: 10)
    var random = SeededGenerator(seed: 1)
    var moved = set.detections
    for index in moved.indices { moved[index].x += Double.random(in: 0...6, using: &random) }
    return (
      try CocoEvaluation(annotations: set.annotations, detections: set.detections),
      try CocoEvaluation(annotations: set.annotations, detections: moved)
    )
  }
}
