import FixedPoint
import Foundation
import Testing

@Suite("A softmax of many scores in units of its own")
struct PreciseSoftmaxTests {
  @Test("is within its bound", arguments: 0..<60)
  func isNear(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let count = seed % 3 == 0 ? 65536 : Int.random(in: 1...3000, using: &random)
    let spread: Int32 = [3, 1000, 4_000_000, 500_000_000][seed % 4]
    var scores = (0..<count).map { _ in Int32.random(in: -spread...spread, using: &random) }
    if count > 3 { scores[1] = Int32.min }
    // About 0.01 to 30 octaves over the spread.
    let octaves = Double.random(in: 0.01...30, using: &random) / Double(spread)
    var shift = 1
    while shift < 62, octaves * exp2(Double(26 + shift)) < exp2(30) { shift += 1 }
    let rescale = Rescale(
      multiplier: Int32(min(octaves * exp2(Double(26 + shift)), 2_147_483_647)),
      shift: Int32(shift)
    )
    let unit = Int32.random(
      in: 1...Int32.max >> Int32.random(in: 0...20, using: &random),
      using: &random
    )
    let factor = Double(rescale.multiplier) * exp2(Double(-26 - shift))
    let greatest = scores.max()!
    let exponentials = scores.map {
      $0 == Int32.min ? 0 : exp2((Double($0) - Double(greatest)) * factor)
    }
    let sum = exponentials.reduce(0, +)
    let softmax = PreciseSoftmax(scores: scores, count: count, toOctaves: rescale, unit: unit)
    let bound = Double(unit) * Double(count + 15) * exp2(-31) + 0.5
    for (score, exponential) in zip(scores, exponentials) {
      let found = Double(softmax(score))
      #expect(abs(found - exponential / sum * Double(unit)) <= bound, "seed \(seed)")
    }
  }

  @Test("two equal scores share")
  func workedNumber() {
    let softmax = PreciseSoftmax(
      scores: [7, 7],
      count: 2,
      toOctaves: Rescale(multiplier: 1 << 30, shift: 30),
      unit: 1000
    )
    #expect(softmax(7) == 500)
  }
}
