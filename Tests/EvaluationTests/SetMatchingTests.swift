import CheckedJSON
import Foundation
import Testing

@testable import Evaluation

@Suite("Set matching")
struct SetMatchingTests {
  @Test("the assignment is the cheapest of all permutations", arguments: [UInt64(1), 2, 3, 4])
  func cheapest(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for rows in 0...5 {
      for columns in 0...6 {
        // Few different costs, so that many are equal.
        let costs = (0..<rows * columns).map { _ in
          Double(Int.random(in: -4...4, using: &random)) / 2
        }
        let choice = LinearAssignment.solve(costs, rows: rows, columns: columns)
        let taken = choice.compactMap { $0 }
        #expect(choice.count == rows)
        #expect(taken.count == min(rows, columns) && Set(taken).count == taken.count)
        let cost = choice.enumerated().reduce(0.0) { sum, pair in
          sum + (pair.element.map { costs[pair.offset * columns + $0] } ?? 0)
        }
        let least = Self.least(costs, rows, columns)
        #expect(cost == least, "\(rows) x \(columns), seed \(seed)")
      }
    }
  }

  @Test("a hundred queries and forty targets: no exchange of two makes it cheaper")
  func exchanges() {
    var random = SeededGenerator(seed: 9)
    let (rows, columns) = (40, 100)
    let costs = (0..<rows * columns).map { _ in Double.random(in: -3...3, using: &random) }
    let choice = LinearAssignment.solve(costs, rows: rows, columns: columns).compactMap { $0 }
    let taken = Set(choice)
    for row in 0..<rows {
      let own = costs[row * columns + choice[row]]
      for column in 0..<columns where !taken.contains(column) {
        #expect(own <= costs[row * columns + column])
      }
      for other in 0..<row {
        let now = own + costs[other * columns + choice[other]]
        let exchanged = costs[row * columns + choice[other]] + costs[other * columns + choice[row]]
        #expect(now <= exchanged + 1e-12)
      }
    }
  }

  @Test("generalised overlap of equal, half, touching and distant boxes")
  func generalizedOverlap() {
    func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> CenterBox {
      CenterBox(centerX: x, centerY: y, width: width, height: height)
    }
    let unit = box(0.5, 0.5, 0.5, 0.5)
    #expect(unit.generalizedIntersectionOverUnion(with: unit) == 1)
    #expect(unit.generalizedIntersectionOverUnion(with: box(0.5, 0.375, 0.5, 0.25)) == 0.5)
    #expect(
      box(0.25, 0.5, 0.5, 1).generalizedIntersectionOverUnion(with: box(0.75, 0.5, 0.5, 1)) == 0
    )
    // Two squares of 1/4 in opposite corners: the hull is 1, the union 1/8.
    let corner = box(0.125, 0.125, 0.25, 0.25)
    let opposite = box(0.875, 0.875, 0.25, 0.25)
    #expect(corner.generalizedIntersectionOverUnion(with: opposite) == -0.875)
    let point = box(0.5, 0.5, 0, 0)
    #expect(point.generalizedIntersectionOverUnion(with: point) == 0)
    #expect(unit.distance(to: box(0.25, 0.625, 0.5, 0.25)) == 0.625)
  }

  @Test("costs are DETR's and Deformable DETR's formulas")
  func costs() throws {
    let box = CenterBox(centerX: 0.5, centerY: 0.5, width: 0.5, height: 0.5)
    let half = CenterBox(centerX: 0.5, centerY: 0.375, width: 0.5, height: 0.25)
    func pair(_ cost: SetMatching.Cost) throws -> SetMatching.Pair {
      let matching = SetMatching(
        probabilities: [0.1, 0.7],
        classCount: 2,
        boxes: [half],
        targetClasses: [1],
        targetBoxes: [box],
        cost: cost
      )
      return try #require(matching.pairs.first)
    }
    let detr = try pair(.detr)
    #expect(abs(detr.cost - (-0.7 + 5 * 0.375 - 2 * 0.5)) < 1e-12)
    let focal = try pair(.deformableDetr)
    let term = 0.25 * 0.09 * -log(0.7) - 0.75 * 0.49 * -log(0.3)
    #expect(abs(focal.classCost - term) < 1e-7)
    #expect(abs(focal.cost - (2 * focal.classCost + 5 * 0.375 - 2 * 0.5)) < 1e-12)
  }

  @Test("the class decides where boxes are equal, the box where classes are")
  func choice() {
    let left = CenterBox(centerX: 0.2, centerY: 0.5, width: 0.2, height: 0.2)
    let right = CenterBox(centerX: 0.8, centerY: 0.5, width: 0.2, height: 0.2)
    let byClass = SetMatching(
      probabilities: [0.9, 0.1, 0.2, 0.8],
      classCount: 2,
      boxes: [left, left],
      targetClasses: [1, 0],
      targetBoxes: [left, left]
    )
    #expect(byClass.pairs.map(\.prediction) == [1, 0])
    let byBox = SetMatching(
      probabilities: [0.5, 0.5, 0.5],
      classCount: 1,
      boxes: [right, left, left],
      targetClasses: [0],
      targetBoxes: [right]
    )
    #expect(byBox.pairs.map(\.prediction) == [0])
    let more = SetMatching(
      probabilities: [1],
      classCount: 1,
      boxes: [right],
      targetClasses: [0, 0],
      targetBoxes: [left, right]
    )
    #expect(more.pairs.map(\.target) == [1])
  }

  @Test("boxes too large for an area still get partners")
  func hugeBoxes() {
    let huge = Detection(
      imageID: 1,
      categoryID: 1,
      x: -1e300,
      y: 0,
      width: 1e300,
      height: 1e300,
      score: 1
    )
    let matching = SetMatching(
      predictions: [huge, huge],
      targets: [huge, huge],
      imageWidth: 640,
      imageHeight: 480
    )
    #expect(matching.pairs.count == 2)
  }

  @Test("detections against themselves: no distance, same categories")
  func itself() throws {
    let set = try RandomCocoSet(seed: 3, images: 6, categories: 3, largestCount: 8)
    let full = set.detections.filter { $0.width > 0 && $0.height > 0 }
    let agreement = try SetAgreement(annotations: set.annotations, float: full, integer: full)
    #expect(agreement.targetCount > 50)
    #expect(agreement.pairCount == agreement.targetCount)
    #expect(agreement.meanDistance == 0)
    #expect(agreement.meanGeneralizedOverlap == 1)
    #expect(agreement.sameCategoryShare == 1)
    #expect(try agreement.json["pairs"].int == agreement.pairCount)
  }

  @Test("a photograph without a size is named", arguments: [nil, 0])
  func noSize(width: Int?) throws {
    let annotations = try CocoAnnotations(
      images: [CocoAnnotations.Image(id: 1, width: width, height: 480)],
      categories: [],
      annotations: [],
      source: "val.json"
    )
    let one = AgreementTests.detection(x: 0, score: 1)
    #expect {
      _ = try SetAgreement(annotations: annotations, float: [one], integer: [one])
    } throws: {
      "\($0)" == "val.json: 'images[0].width': expected a positive number of pixels, found "
        + (width.map(String.init) ?? "nothing")
    }
  }

  private static func least(_ costs: [Double], _ rows: Int, _ columns: Int) -> Double {
    func search(_ row: Int, _ free: Set<Int>, _ skips: Int) -> Double {
      if row == rows { return 0 }
      var best = skips > 0 ? search(row + 1, free, skips - 1) : .infinity
      for column in free {
        let rest = search(row + 1, free.subtracting([column]), skips)
        best = min(best, costs[row * columns + column] + rest)
      }
      return best
    }
    return search(0, Set(0..<columns), max(0, rows - columns))
  }
}
