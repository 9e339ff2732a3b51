import Foundation
import Testing

@testable import FixedPoint

/// One row of scores and the factor that turns them into octaves.
private struct Row {
  var scores: [Int32]
  var rescale: Rescale

  /// The exact softmax of the integer scores under the factor as the integers state it.
  func exact(fractionBits: Int32) -> [Double] {
    let octavesPerUnit =
      Double(rescale.multiplier) * exp2(-Double(rescale.shift)) * exp2(-Double(fractionBits))
    let maximum = Double(scores.max()!)
    let exponentials = scores.map { exp2((Double($0) - maximum) * octavesPerUnit) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}

private func rows(seed: UInt64, fractionBits: Int32) -> [Row] {
  var generator = SeededGenerator(seed: seed)
  var rows: [Row] = []
  for count in [1, 2, 3, 4, 5, 15, 16, 17, 91, 92, 255, 850, 1056, 4096, 16384] {
    for spread: Int32 in [0, 1, 100, 5000, 100_000, 10_000_000, .max] {
      for octavesForSpread in [0.5, 4.0, 12.0, 40.0, 1000.0] {
        let factor = octavesForSpread / Double(max(spread, 1)) * exp2(Double(fractionBits))
        // multiplier · 2^-shift with a multiplier of 31 bits where the shift allows it
        let shift = Int32(min(max(30 - Foundation.log2(factor).rounded(.down), 1), 62))
        let multiplier = (factor * exp2(Double(shift))).rounded()
        guard multiplier < 0x1p31 else { continue }
        var scores = (0..<count).map { _ in
          Int32(
            truncatingIfNeeded: Int64.random(in: -Int64(spread)...Int64(spread), using: &generator)
          )
        }
        if count > 3 && generator.next() % 2 == 0 { scores[count / 2] = .min / 2 }
        rows.append(
          Row(scores: scores, rescale: Rescale(multiplier: Int32(multiplier), shift: shift))
        )
      }
    }
  }
  return rows
}

@Suite("Softmax")
struct SoftmaxTests {
  @Test(
    "attention probabilities are within 1 + count/65536 units of 2^-15, sums within count/2 + 1",
    arguments: [UInt64(17)]
  )
  func attention(seed: UInt64) {
    print("seed \(seed)")
    var range = ErrorRange()
    for row in rows(seed: seed, fractionBits: FractionBits.octaves) {
      let count = row.scores.count
      var probabilities = [Int16](repeating: -1, count: count)
      let sum = softmaxRow(
        scores: row.scores,
        count: count,
        toOctaves: row.rescale,
        probabilities: &probabilities
      )
      #expect(Int(sum) == probabilities.reduce(0) { $0 + Int($1) })
      #expect(abs(Double(sum) - 32768) <= Double(count) / 2 + 1)
      for (index, exact) in row.exact(fractionBits: FractionBits.octaves).enumerated() {
        let error = Double(probabilities[index]) - exact * 32768
        range.record(error, at: UInt64(count))
        if abs(error) > 1 + Double(count) / 65536 || probabilities[index] < 0 {
          Issue.record("\(count) scores, \(row.rescale), entry \(index): off by \(error)")
          return
        }
      }
    }
    print("softmaxRow, units of 2^-15: \(range)")
  }

  @Test(
    "unnormalised attention weights are within 0.52 units and their sum is returned",
    arguments: [UInt64(19)]
  )
  func weights(seed: UInt64) {
    print("seed \(seed)")
    var range = ErrorRange()
    for row in rows(seed: seed, fractionBits: FractionBits.octaves) {
      var weights = [UInt8](repeating: 1, count: row.scores.count)
      let sum = attentionWeightsRow(
        scores: row.scores,
        count: row.scores.count,
        toOctaves: row.rescale,
        weights: &weights
      )
      #expect(Int(sum) == weights.reduce(0) { $0 + Int($1) })
      #expect(weights.max() == 255)
      let exact = row.exact(fractionBits: FractionBits.octaves)
      let largest = exact.max()!
      for index in exact.indices {
        range.record(Double(weights[index]) - exact[index] / largest * 255, at: UInt64(exact.count))
      }
    }
    print("attentionWeightsRow, units: \(range)")
    #expect(range.largest <= 0.52)
  }

  @Test(
    "every class probability is within (count + 15) · 2^-31 of exact",
    arguments: [UInt64(23)]
  )
  func classes(seed: UInt64) {
    print("seed \(seed)")
    var range = ErrorRange()
    for row in rows(seed: seed, fractionBits: FractionBits.preciseOctaves) {
      let count = row.scores.count
      var probabilities = [Int32](repeating: -1, count: count)
      preciseSoftmaxRow(
        scores: row.scores,
        count: count,
        toOctaves: row.rescale,
        probabilities: &probabilities
      )
      for (index, exact) in row.exact(fractionBits: FractionBits.preciseOctaves).enumerated() {
        let error = Double(probabilities[index]) * 0x1p-30 - exact
        range.record(error, at: UInt64(count))
        if abs(error) > 0x1p-31 * Double(count + 15) {
          Issue.record("\(count) scores, \(row.rescale), entry \(index): off by \(error)")
          return
        }
      }
    }
    print("preciseSoftmaxRow: \(range), 2^\(Foundation.log2(range.largest))")
  }

  @Test("masked entries get exactly 0 and a row of equal entries is uniform")
  func masking() {
    let rescale = Rescale(multiplier: 1 << 30, shift: 26)
    var probabilities = [Int16](repeating: -1, count: 4)
    softmaxRow(
      scores: [5, Int32.min, 5, Int32.min],
      count: 4,
      toOctaves: rescale,
      probabilities: &probabilities
    )
    #expect(probabilities == [16384, 0, 16384, 0])
    softmaxRow(
      scores: [Int32](repeating: .min, count: 4),
      count: 4,
      toOctaves: rescale,
      probabilities: &probabilities
    )
    #expect(probabilities == [8192, 8192, 8192, 8192])
    softmaxRow(scores: [7], count: 1, toOctaves: rescale, probabilities: &probabilities)
    #expect(probabilities[0] == 32767)
  }

  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    var probabilities: [Int16] = [0, 0]
    let octavePerUnit = Rescale(multiplier: 1 << 30, shift: 14)
    let sum = softmaxRow(
      scores: [1, 0],
      count: 2,
      toOctaves: octavePerUnit,
      probabilities: &probabilities
    )
    #expect(probabilities == [21845, 10923])
    #expect(sum == 32768)
    var weights: [UInt8] = [0, 0]
    _ = attentionWeightsRow(scores: [1, 0], count: 2, toOctaves: octavePerUnit, weights: &weights)
    #expect(weights == [255, 128])
    var precise: [Int32] = [0, 0]
    preciseSoftmaxRow(
      scores: [-9, -9],
      count: 2,
      toOctaves: Rescale(multiplier: 1 << 30, shift: 4),
      probabilities: &precise
    )
    #expect(precise == [1 << 29, 1 << 29])
    let scale = OctaveScale(Rescale(multiplier: 1 << 30, shift: 40))
    #expect(scale.limit == .max)
    #expect(scale.octaves(from: 0, to: 1 << 27) == 1 << 17)
  }

  @Test("a limited distance is 32 octaves or more in Q6.26 for every width and shift")
  func limits() {
    for width in Int32(1)...31 {
      for multiplier in [Int32(1) << (width - 1), Int32(truncatingIfNeeded: Int64(1) << width - 1)]
      {
        for shift in Int32(1)...62 {
          let scale = OctaveScale(Rescale(multiplier: multiplier, shift: shift))
          for distance: UInt32 in [0, 1, scale.limit, .max] {
            let exact =
              (UInt128(distance) * UInt128(multiplier) + (UInt128(1) << UInt128(shift - 1)))
              >> UInt128(shift)
            let result = scale.octaves(
              from: Int32.min,
              to: Int32(bitPattern: distance &+ 0x8000_0000)
            )
            if exact < UInt128(1) << 31 || distance <= scale.limit {
              #expect(UInt128(result) == exact, "\(multiplier) \(shift) \(distance)")
            } else {
              #expect(result >= 1 << 31, "\(multiplier) \(shift) \(distance)")
            }
          }
        }
      }
    }
  }

  @Test("a rescale divided by a sum is exact to 2^-29 for every sum that a row can have")
  func normalizedRescale() {
    for multiplier: Int32 in [1 << 30, 1_288_490_189, Int32.max] {
      for sum: UInt32 in 1 << 14...1 << 17 {
        let rescale = Rescale(multiplier: multiplier, shift: 40).normalized(bySum: sum)
        let factor = Double(rescale.multiplier) * exp2(-Double(rescale.shift))
        let exact = Double(multiplier) * exp2(-40) * 32768 / Double(sum)
        #expect(abs(factor / exact - 1) <= exp2(-29))
      }
    }
    let same = Rescale(multiplier: 1_288_490_189, shift: 33)
    #expect(same.normalized(bySum: 1 << 15) == same)
  }
}
