import Foundation
import Testing

@testable import FixedPoint

@Suite("Group normalisation")
struct GroupNormalizationTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    var statistics = NormalizationStatistics()
    statistics.add([1, 2, 6] as [Int32], count: 3)
    let group = GroupNormalization(statistics, scaledEpsilon: 0)
    #expect(group.meanInteger == 3 && group.meanFraction == 0)
    let inverse = Double(group.inverseDeviation) * exp2(-Double(group.inverseDeviationShift))
    #expect(abs(inverse / (3 / 42.0.squareRoot()) - 1) <= exp2(-28.5))
    #expect(group.affine(gamma: 100 << 16, beta: 0, outputShift: 16).apply(6) == 139)
    #expect(ChannelAffine(slope: 3, shift: 1, offset: 1).apply(5) == 8)
  }

  /// Checks every value of a group against the bound stated at `ChannelAffine.apply`.
  private func check(
    _ values: [Int32],
    statistics: NormalizationStatistics,
    epsilon: UInt64,
    outputShift: Int32,
    generator: inout SeededGenerator,
    range: inout ErrorRange
  ) {
    let scaled = scaledEpsilon(epsilon, count: UInt32(values.count))
    let exact = ExactStatistics(values, scaledEpsilon: scaled)
    let group = GroupNormalization(statistics, scaledEpsilon: scaled)
    let unit = exp2(-Double(outputShift))
    let limit = Int32(clamping: Int64(1) << Int64(15 + outputShift) - 1)
    for channel in 0..<4 {
      let gamma =
        channel == 0
        ? limit : Int32.random(in: -limit...limit, using: &generator) >> Int32(3 * channel)
      let beta = Int32.random(in: -limit...limit, using: &generator)
      let line = group.affine(gamma: gamma, beta: beta, outputShift: outputShift)
      if line.shift < 1 || line.shift > 44 || abs(line.offset) >= 1 << 53 {
        Issue.record("\(line) leaves the stated range")
        return
      }
      // All values of small groups; of large ones every 61st and the ends, where the outliers are.
      let step = values.count > 5000 ? 61 : 1
      let places =
        Array(stride(from: 0, to: values.count, by: step)) + [values.count / 2, values.count - 1]
      for place in places {
        let value = values[place]
        let score = exact.standardScore(value)
        let slope = Double(gamma) * unit
        let ideal = score * slope + Double(beta) * unit
        if abs(ideal) > 1e6 { continue }
        let error = Double(line.apply(value)) - ideal
        let bound =
          0.5 + abs(score) * unit + abs(score * slope) * exp2(-28.5)
          + 1.5 * exp2(-Double(line.shift))
        if abs(error) > bound {
          Issue.record("n \(values.count), ε \(epsilon), \(line), value \(value): off by \(error)")
          return
        }
        if outputShift >= 16, abs(score) <= 256, exact.deviation >= 0x1p-6, abs(ideal) <= 32768 {
          range.record(error, at: UInt64(values.count))
        }
      }
    }
  }

  @Test(
    "every output of 16-bit groups is within the derived bound, below 0.51 units where stated",
    arguments: [UInt64(37)]
  )
  func error(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var range = ErrorRange()
    for row in NormalizationRows.rows(counts: [1, 2, 3, 8, 64, 1000, 133_600], seed: seed) {
      var statistics = NormalizationStatistics()
      statistics.add(row, count: row.count)
      for epsilon: UInt64 in [0, 45_035, 1 << 32, 1 << 49] {
        for outputShift: Int32 in [13, 16, 20] {
          check(
            row.map(Int32.init),
            statistics: statistics,
            epsilon: epsilon,
            outputShift: outputShift,
            generator: &generator,
            range: &range
          )
        }
      }
    }
    print("group normalisation, output units: \(range)")
    #expect(range.largest <= 0.51)
  }

  @Test(
    "values of 20 bits and groups of 2^22 values stay within the bound",
    arguments: [UInt64(41)]
  )
  func largest(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var range = ErrorRange()
    let extreme = Int32(1) << 20 - 1
    let count = 1 << 22
    // The sums of a two-valued group are known, so few of its values need a look.
    for high in [1, 5, count / 2, count - 1] {
      for (a, b) in [(extreme, -extreme), (extreme, extreme - 1), (Int32(0), Int32(1))] {
        let low = count - high
        let sum = Int64(a) * Int64(high) + Int64(b) * Int64(low)
        let squares = Int64(a) * Int64(a) * Int64(high) + Int64(b) * Int64(b) * Int64(low)
        let statistics = NormalizationStatistics(
          count: UInt32(count),
          sum: sum,
          sumOfSquares: UInt64(squares)
        )
        let group = GroupNormalization(statistics, scaledEpsilon: 0)
        let radicand =
          Int128(count) * Int128(squares) - Int128(sum) * Int128(sum)
        let gamma = Int32.random(in: (1 << 26)...(1 << 28), using: &generator)
        let line = group.affine(gamma: gamma, beta: -77_777_777, outputShift: 16)
        for value in [a, b] {
          let centred = Int128(count) * Int128(value) - Int128(sum)
          let score = Double(centred) / Double(radicand).squareRoot()
          let ideal = (score * Double(gamma) - 77_777_777) * 0x1p-16
          let error = Double(line.apply(value)) - ideal
          range.record(error, at: UInt64(high))
          let bound =
            0.5 + abs(score) * 0x1p-16 + abs(score) * Double(gamma) * 0x1p-16 * exp2(-28.5)
            + 1.5 * exp2(-Double(line.shift))
          #expect(abs(error) <= bound, "\(high) of \(a), the rest \(b): value \(value)")
        }
      }
    }
    print("groups of 2^22: \(range)")
  }

  @Test("a group of equal values gives β, whatever ε, and its slope stays bounded")
  func equalValues() {
    for count in [1, 2, 1000, 1 << 22] {
      for value in [0, 7, -12_345, 1 << 20 - 1] {
        let statistics = NormalizationStatistics(
          count: UInt32(count),
          sum: Int64(count * value),
          sumOfSquares: UInt64(count * value * value)
        )
        for scaled: UInt64 in [0, 1, 2, 1 << 40] {
          let group = GroupNormalization(statistics, scaledEpsilon: scaled)
          let inverse = Double(group.inverseDeviation) * exp2(-Double(group.inverseDeviationShift))
          #expect(inverse <= exp2(11.5) * (1 + exp2(-28.5)) && group.inverseDeviationShift >= 19)
          let line = group.affine(gamma: .max, beta: -1234 << 13, outputShift: 13)
          #expect(line.apply(Int32(value)) == -1234, "\(count) times \(value), ε·n² = \(scaled)")
        }
      }
    }
  }

  @Test("parts of a group merge to the same statistics in any split", arguments: [UInt64(43)])
  func merging(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let values = (0..<1000).map { _ in Int16.random(in: .min ... .max, using: &generator) }
    var whole = NormalizationStatistics()
    whole.add(values, count: values.count)
    for split in stride(from: 0, through: 1000, by: 77) {
      var left = NormalizationStatistics()
      left.add(Array(values[..<split]), count: split)
      var right = NormalizationStatistics()
      right.add(values[split...].map(Int32.init), count: 1000 - split)
      right.merge(left)
      #expect(right == whole)
    }
  }

  @Test("the lines of a row of channels are applied and clamped one by one")
  func rows() {
    let lines = (0..<5).map { ChannelAffine(slope: Int32($0) - 2, shift: 1, offset: 1) }
    let input: [Int16] = [.max, .max, .max, 101, .min]
    var wide = [Int16](repeating: 0, count: 5)
    channelAffineRow(input: input, count: 5, channels: lines, output: &wide)
    #expect(wide == [-32767, -16383, 0, 51, -32768])
    var bytes = [UInt8](repeating: 9, count: 5)
    channelAffineRow(input: input, count: 5, channels: lines, output: &bytes)
    #expect(bytes == [0, 0, 0, 51, 0])
    let double = [ChannelAffine(slope: 4, shift: 1, offset: 1)]
    var one: [Int16] = [0]
    channelAffineRow(input: [.max], count: 1, channels: double, output: &one)
    #expect(one == [.max])
  }

  @Test("the inverse root of 128-bit radicands is within 2^-29.1", arguments: [UInt64(47)])
  func wideRoots(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var range = ErrorRange()
    for _ in 0..<300_000 {
      let bits = UInt128(generator.next()) << 64 | UInt128(generator.next())
      let value = max(bits >> UInt128.random(in: 0..<128, using: &generator), 1)
      let root = InverseSquareRoot(of: value)
      let relative =
        Double(root.mantissa) * exp2(-Double(root.shift)) * Double(value).squareRoot() - 1
      range.record(relative, at: UInt64(truncatingIfNeeded: value))
      if let narrow = UInt64(exactly: value), InverseSquareRoot(of: narrow) != root {
        Issue.record("the 64-bit form differs for \(narrow)")
        return
      }
    }
    #expect(range.largest <= exp2(-29.1))
    let power = InverseSquareRoot(of: UInt128(1) << 80)
    #expect(power.mantissa == 1 << 31 && power.shift == 71)
  }
}
