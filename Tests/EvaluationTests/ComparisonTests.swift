import CheckedJSON
import Testing

@testable import Evaluation

@Suite("Comparison of a float and an integer model")
struct ComparisonTests {
  @Test("the drop is the float figure minus the integer figure, with its interval")
  func drop() throws {
    let set = try RandomCocoSet(seed: 8, images: 12, categories: 2, largestCount: 10)
    let fewer = set.detections.enumerated().filter { $0.offset % 3 > 0 }.map(\.element)
    let comparison = try Comparison(
      annotations: set.annotations,
      float: set.detections,
      integer: fewer
    )
    let float = DirectCocoEvaluation(set.annotations, set.detections)
    let integer = DirectCocoEvaluation(set.annotations, fewer)
    let one = try #require(float.metrics[.averagePrecision])
    let other = try #require(integer.metrics[.averagePrecision])
    let drop = try #require(comparison.averagePrecisionDrop)
    #expect(abs(drop - (one - other)) < 1e-12)
    #expect(try comparison.json["AP_drop"].double == drop)
    let bootstrap = try #require(comparison.bootstrap(draws: 300))
    #expect(bootstrap.interval.contains(drop))
    #expect(
      try bootstrap.json["interval_95"].doubles == [
        bootstrap.interval.lowerBound, bootstrap.interval.upperBound,
      ]
    )
    #expect(try bootstrap.json["draws"].int == 300)
  }

  @Test("without objects there is no drop")
  func nothing() throws {
    let annotations = try CocoAnnotations(
      images: [CocoAnnotations.Image(id: 1)],
      categories: [CocoAnnotations.Category(id: 1)],
      annotations: []
    )
    let one = AgreementTests.detection(x: 0, score: 0.9)
    let comparison = try Comparison(annotations: annotations, float: [one], integer: [one])
    #expect(comparison.averagePrecisionDrop == nil)
    #expect(comparison.json["AP_drop"].optional == nil)
    #expect(comparison.bootstrap() == nil)
    #expect(comparison.agreement.all.matchedShare == 1)
  }

  @Test("an unknown photograph is named with the side it is on")
  func unknownImage() throws {
    let annotations = try CocoAnnotations(images: [], categories: [], annotations: [])
    let one = AgreementTests.detection(x: 0, score: 0.9)
    #expect {
      _ = try Comparison(annotations: annotations, float: [], integer: [one])
    } throws: {
      "\($0)".hasPrefix("integer detections: '[0].image_id':")
    }
  }
}
