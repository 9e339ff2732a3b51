import Testing

@testable import Evaluation

@Suite struct SetMatchingTests {
  @Test("the assignment costs as little as the best of all permutations")
  func optimal() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SetMatchingTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    func best(_ cost: [Double], _ rows: Int, _ columns: Int, _ row: Int, _ used: Set<Int>) -> Double
    {
      if row == rows { return 0 }
      return (0..<columns).filter { !used.contains($0) }.map {
        cost[row * columns + $0] + best(cost, rows, columns, row + 1, used.union([$0]))
      }.min()!
    }
    for _ in 0..<300 {
      let rows = Int.random(in: 0...5, using: &generator)
      let columns = Int.random(in: max(rows, 1)...7, using: &generator)
      // Few different costs, so that there are many equal ones, and negative ones.
      let cost = (0..<rows * columns).map { _ in
        Double(Int.random(in: -3...6, using: &generator)) / 2
      }
      let assigned = LinearAssignment.solve(cost: cost, rows: rows, columns: columns)
      #expect(Set(assigned).count == rows)
      let total = assigned.enumerated().reduce(0) { $0 + cost[$1.offset * columns + $1.element] }
      #expect(abs(total - best(cost, rows, columns, 0, [])) < 1e-9)
    }
  }

  @Test("generalised overlap: equal 1, half covered, side by side, far apart")
  func generalizedOverlap() {
    func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> NormalizedBox {
      NormalizedBox(centerX: x + width / 2, centerY: y + height / 2, width: width, height: height)
    }
    let unit = box(0, 0, 1, 1)
    #expect(unit.generalizedOverlap(with: unit) == 1)
    #expect(unit.generalizedOverlap(with: box(0, 0, 1, 0.5)) == 0.5)
    #expect(unit.generalizedOverlap(with: box(1, 0, 1, 1)) == 0)
    // Union 2, hull 4 wide and 1 high: 0 - 2/4.
    #expect(unit.generalizedOverlap(with: box(3, 0, 1, 1)) == -0.5)
    // A quarter shared: intersection 1/4, union 7/4, hull 9/4.
    #expect(
      abs(unit.generalizedOverlap(with: box(0.5, 0.5, 1, 1)) - (1.0 / 7 - 2.0 / 9)) < 1e-12
    )
    let point = box(0, 0, 0, 0)
    #expect(point.generalizedOverlap(with: point) == 1)
    #expect(unit.l1Distance(to: box(1, 0, 2, 1)) == 2.5)
  }

  @Test("queries in another order are matched to their own boxes")
  func permuted() {
    let boxes = (0..<8).map {
      NormalizedBox(centerX: Double($0) / 8, centerY: 0.5, width: 0.1, height: 0.1)
    }
    let order = [3, 1, 7, 0, 5, 2, 6, 4]
    let predictions = order.map { index in
      SetMatching.Prediction(
        probabilities: (0..<4).map { $0 == index % 4 ? 0.9 : 0.05 },
        box: boxes[index]
      )
    }
    let targets = [0, 4, 2].map { SetMatching.Target(category: $0 % 4, box: boxes[$0]) }
    for classCost in [SetMatching.ClassCost.probability, .focal] {
      let matching = SetMatching(
        targets: targets,
        predictions: predictions,
        classCost: classCost,
        weights: .deformableDETR
      )
      #expect(matching.pairs.map { order[$0.prediction] } == [0, 4, 2])
      #expect(matching.meanL1 == 0)
      #expect(abs(matching.meanGeneralizedOverlap - 1) < 1e-12)
      #expect(abs(matching.meanProbability - 0.9) < 1e-12)
    }
    let fewer = SetMatching(
      targets: targets,
      predictions: [predictions[5]],
      classCost: .probability,
      weights: .detr
    )
    #expect(fewer.pairs.map(\.target) == [2])
    #expect(abs(fewer.totalCost - (-0.9 - 2)) < 1e-12)
    let none = SetMatching(
      targets: [],
      predictions: predictions,
      classCost: .focal,
      weights: .detr
    )
    #expect(none.pairs.isEmpty)
  }

  @Test("a prediction that is not a number is chosen last")
  func notANumber() {
    let good = NormalizedBox(centerX: 0.9, centerY: 0.9, width: 0.1, height: 0.1)
    var broken = good
    broken.centerX = .nan
    let matching = SetMatching(
      targets: [
        SetMatching.Target(
          category: 0,
          box: NormalizedBox(centerX: 0, centerY: 0, width: 0.1, height: 0.1)
        )
      ],
      predictions: [
        SetMatching.Prediction(probabilities: [1], box: broken),
        SetMatching.Prediction(probabilities: [0], box: good),
      ],
      classCost: .probability,
      weights: .detr
    )
    #expect(matching.pairs.map(\.prediction) == [1])
  }
}
