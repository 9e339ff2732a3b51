import FixedPoint
import Kernels
import Testing

@Suite("Normalisation kernels")
struct NormalizationTests {
  @Test("rows are normalised as FixedPoint defines it, in place too", arguments: 0..<40)
  func rows(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let rows = Int.random(in: 1...4, using: &random)
    let channels = Int.random(in: 1...70, using: &random)
    let numbers = random.numbers(rows * channels, Int16.min...Int16.max)
    let input = GuardedArray(numbers)
    let gain = GuardedArray(random.numbers(channels, Int32(-1 << 28)...Int32(1 << 28)))
    let bias = GuardedArray(random.numbers(channels, Int32(-1 << 24)...Int32(1 << 24)))
    let epsilon = scaledEpsilon(UInt64(seed) << 32, count: UInt32(channels))
    let element: KernelElement = seed % 2 == 0 ? .int16 : .uint8
    let separate = AnyArray(count: rows * channels, element)
    let isInPlace = seed % 4 == 0
    KernelTable.scalar.rowNormalization(
      RowNormalization(
        input: input.start,
        rows: rows,
        channels: channels,
        scaledEpsilon: epsilon,
        gain: gain.start,
        bias: bias.start,
        fractionBits: 16,
        output: isInPlace ? input.raw : separate.raw,
        outputElement: element
      )
    )
    let found = isInPlace ? input.elements.map { Int64($0) } : separate.numbers
    var expected: [Int64] = []
    for row in 0..<rows {
      var statistics = NormalizationStatistics()
      let slice = Array(numbers[row * channels..<(row + 1) * channels])
      statistics.add(slice, count: channels)
      let normalization = LayerNormalization(statistics, scaledEpsilon: epsilon)
      for (channel, number) in slice.enumerated() {
        let output = normalization.output(
          Int32(number),
          gamma: gain.start[channel],
          beta: bias.start[channel],
          outputShift: 16
        )
        expected.append(limited(output, element.lowest, element.highest))
      }
    }
    #expect(found == expected, "seed \(seed)")
  }

  @Test(
    "statistics of groups add up over parts, and lines are applied by channel",
    arguments: 0..<40
  )
  func groups(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let rows = Int.random(in: 1...9, using: &random)
    let groups = Int.random(in: 1...8, using: &random)
    let width = Int.random(in: 1...9, using: &random)
    let channels = groups * width
    let input = GuardedArray(random.numbers(rows * channels, Int16.min...Int16.max))
    var statistics = [NormalizationStatistics](repeating: .init(), count: groups)
    let cut = Int.random(in: 0...rows, using: &random)
    for part in [0..<cut, cut..<rows] {
      KernelTable.scalar.groupStatistics(
        GroupStatistics(
          input: input.start + part.lowerBound * channels,
          rows: part.count,
          groups: groups,
          channelsPerGroup: width,
          statistics: &statistics
        )
      )
    }
    for group in 0..<groups {
      var expected = NormalizationStatistics()
      for row in 0..<rows {
        expected.add(input.start + row * channels + group * width, count: width)
      }
      #expect(statistics[group] == expected)
    }
    let lines = (0..<channels).map { _ in
      ChannelAffine(
        slope: Int32.random(in: -1 << 20...1 << 20, using: &random),
        shift: Int32.random(in: 1...44, using: &random),
        offset: Int64.random(in: -1 << 50...1 << 50, using: &random)
      )
    }
    let element: KernelElement = seed % 2 == 0 ? .int16 : .uint8
    let output = AnyArray(count: rows * channels, element)
    KernelTable.scalar.channelLines(
      ChannelLines(
        input: input.start,
        rows: rows,
        channels: channels,
        lines: lines,
        output: output.raw,
        outputElement: element
      )
    )
    let expected = input.elements.enumerated().map { index, number in
      limited(lines[index % channels].apply(Int32(number)), element.lowest, element.highest)
    }
    #expect(output.numbers == expected, "seed \(seed)")
  }
}
