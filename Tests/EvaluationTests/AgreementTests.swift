import Testing

@testable import Evaluation

@Suite("Agreement of float and integer detections")
struct AgreementTests {
  @Test("each figure of a hand-made example")
  func example() throws {
    let float = [
      Self.detection(x: 0, score: 0.9),
      Self.detection(x: 100, score: 0.5),
      Self.detection(x: 200, score: 0.3),
      Self.detection(x: 300, score: 0.2),
    ]
    let integer = [
      Self.detection(x: 0, score: 0.8),
      Self.detection(x: 102, score: 0.25),
      Self.detection(x: 300, score: 0.35),
      Self.detection(x: 400, score: 0.4),
    ]
    let agreement = Agreement(float: float, integer: integer)
    #expect(agreement.all.floatCount == 3)
    #expect(agreement.all.pairs.map(\.float) == [0, 1])
    #expect(agreement.all.unmatchedFloat == [2])
    #expect(agreement.all.matchedShare == 2.0 / 3)
    #expect(abs(try #require(agreement.all.scoreDifference) - 0.175) < 1e-12)
    // Moved by 2 of 10: 80 of 120 square pixels.
    let overlap = try #require(agreement.all.meanOverlap)
    #expect(abs(overlap - 5.0 / 6) < 1e-12)
    #expect(agreement.aboveThreshold.matchedShare == 1.0 / 3)
    #expect(agreement.confident.floatCount == 1)
    #expect(abs(try #require(agreement.confident.scoreDifference) - 0.1) < 1e-12)
    // The one at 300 has a partner below the threshold, the one at 400 none.
    #expect(agreement.integerCount == 3)
    #expect(agreement.extra == [3])
    #expect(agreement.extraShare == 1.0 / 3)
  }

  @Test("other photographs and other categories are never partners")
  func groups() {
    let one = Self.detection(x: 0, score: 0.9)
    var other = one
    other.imageID = 2
    var another = one
    another.categoryID = 2
    let agreement = Agreement(float: [one], integer: [other, another])
    #expect(agreement.all.matchedShare == 0)
    #expect(agreement.extra == [0, 1])
  }

  @Test("the highest overlap is taken first, whatever the scores")
  func greedy() {
    let float = [Self.detection(x: 0, score: 0.9), Self.detection(x: 2, score: 0.4)]
    let integer = [Self.detection(x: 2, score: 0.9), Self.detection(x: -2, score: 0.9)]
    let agreement = Agreement(float: float, integer: integer)
    #expect(agreement.all.pairs.map { [$0.float, $0.integer] } == [[1, 0], [0, 1]])
  }

  @Test("equal overlaps go by float score, then integer score, then order")
  func ties() {
    let twins = [Self.detection(x: 0, score: 0.4), Self.detection(x: 0, score: 0.6)]
    let three = [
      Self.detection(x: 0, score: 0.5), Self.detection(x: 0, score: 0.7),
      Self.detection(x: 0, score: 0.7),
    ]
    let agreement = Agreement(float: twins, integer: three)
    #expect(agreement.all.pairs.map { [$0.float, $0.integer] } == [[1, 1], [0, 2]])
    #expect(agreement.all.unmatchedInteger == [0])
  }

  @Test("without detections there is no figure, and the report says null")
  func empty() throws {
    let agreement = Agreement(float: [], integer: [])
    #expect(agreement.all.matchedShare == nil)
    #expect(agreement.all.scoreDifference == nil)
    #expect(agreement.extraShare == nil)
    #expect(agreement.json["matched_share"].optional == nil)
    #expect(agreement.text().split(separator: "\n").count == 8)
  }

  static func detection(x: Double, score: Double) -> Detection {
    Detection(imageID: 1, categoryID: 1, x: x, y: 0, width: 10, height: 10, score: score)
  }
}
