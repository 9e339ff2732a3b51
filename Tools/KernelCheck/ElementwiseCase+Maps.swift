import FixedPoint
import Kernels

extension ElementwiseCase {
  static func maximumPool(_ random: inout RandomNumbers) -> ElementwiseCase {
    let isInt16 = random.chance(1, of: 3)
    let elementBytes = isInt16 ? 2 : 1
    let channels = random.pick([3, 16, 64, 256, random.number(1...150)])
    let rows = random.number(1...6)
    let taps = random.pick([9, 4, random.number(1...12)])
    let pixels = (0..<5).map { _ in
      filled(channels * elementBytes, &random, extreme: isInt16 && random.chance(1, of: 3))
    }
    let pointers = GuardedBytes(count: rows * taps * MemoryLayout<UnsafeRawPointer>.stride)
    let places = pointers.array(of: UnsafeRawPointer.self)
    for index in 0..<rows * taps { places[index] = UnsafeRawPointer(random.pick(pixels).start) }
    let output = GuardedBytes(count: rows * channels * elementBytes)
    let call = MaximumPool(
      rows: UnsafePointer(places),
      rowCount: rows,
      taps: taps,
      channels: channels,
      output: output.start
    )
    return ElementwiseCase(
      description:
        "maximumPool \(rows) rows × \(taps) taps × \(channels) \(isInt16 ? "int16" : "uint8")",
      buffers: pixels + [pointers],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { isInt16 ? $0.maximumPoolInt16(call) : $0.maximumPoolUInt8(call) }
    )
  }

  static func groupStatistics(_ random: inout RandomNumbers) -> ElementwiseCase {
    let groups = random.pick([32, 32, random.number(1...40)])
    let channelsPerGroup = random.pick([8, 8, random.number(1...20)])
    let rows = random.number(1...8)
    let input = filled(
      rows * groups * channelsPerGroup * 2,
      &random,
      extreme: random.chance(1, of: 2)
    )
    // Statistics are added to; the initial ones lie in the output.
    let bytes = groups * MemoryLayout<NormalizationStatistics>.stride
    let initial = GuardedBytes(count: bytes)
    initial.fill(0)
    for group in 0..<groups {
      initial.array(of: NormalizationStatistics.self)[group] = NormalizationStatistics(
        count: UInt32(random.number(0...100_000)),
        // Products, because `Int` has 32 bits on some boards.
        sum: 3 * Int64(random.number(-1_000_000_000...1_000_000_000)),
        sumOfSquares: 100_000 * UInt64(random.number(0...1_000_000_000))
      )
    }
    let output = GuardedBytes(count: bytes)
    let call = GroupStatistics(
      input: input.array(of: Int16.self),
      rows: rows,
      groups: groups,
      channelsPerGroup: channelsPerGroup,
      statistics: output.array(of: NormalizationStatistics.self)
    )
    return ElementwiseCase(
      description: "groupStatistics \(rows) rows × \(groups) groups × \(channelsPerGroup)",
      buffers: [input],
      output: output,
      initial: initial,
      call: { $0.groupStatistics(call) }
    )
  }

  static func channelLines(_ random: inout RandomNumbers) -> ElementwiseCase {
    let channels = random.pick([256, 32, random.number(1...100)])
    let rows = random.number(1...6)
    let element = random.pick([KernelElement.int16, .uint8])
    let input = filled(rows * channels * 2, &random, extreme: random.chance(1, of: 3))
    let lines = GuardedBytes(count: channels * MemoryLayout<ChannelAffine>.stride)
    let isExtreme = random.chance(1, of: 3)
    for channel in 0..<channels {
      lines.array(of: ChannelAffine.self)[channel] = ChannelAffine(
        slope: Int32(random.extreme(-0x7fff_ffff...0x7fff_ffff)),
        shift: Int32(isExtreme ? random.number(1...44) : random.number(26...36)),
        offset: Int64(random.extreme(isExtreme ? -(1 << 52)...1 << 52 : -(1 << 45)...1 << 45))
      )
    }
    let output = GuardedBytes(count: rows * channels * element.byteCount)
    let call = ChannelLines(
      input: input.array(of: Int16.self),
      rows: rows,
      channels: channels,
      lines: lines.array(of: ChannelAffine.self),
      output: output.start,
      outputElement: element
    )
    return ElementwiseCase(
      description: "channelLines \(rows) × \(channels) → \(element.name)",
      buffers: [input, lines],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.channelLines(call) }
    )
  }

  static func sigmoid(_ random: inout RandomNumbers) -> ElementwiseCase {
    let count = random.pick([random.number(1...40), random.number(1...1000)])
    let input = numbers(count, &random)
    let output = GuardedBytes(count: 4 * count)
    let call = SigmoidMap(
      input: input.array(of: Int32.self),
      count: count,
      output: output.array(of: Int32.self)
    )
    return ElementwiseCase(
      description: "sigmoid \(count)",
      buffers: [input],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.sigmoid(call) }
    )
  }

  static func boxUpdate(_ random: inout RandomNumbers) -> ElementwiseCase {
    let rows = random.number(1...50)
    let referenceChannels = random.pick([2, 4])
    let delta = numbers(4 * rows, &random)
    let reference = GuardedBytes(count: 4 * rows * referenceChannels)
    for index in 0..<rows * referenceChannels {
      reference.array(of: Int32.self)[index] = Int32(random.extreme(0...1 << 30))
    }
    let output = GuardedBytes(count: 16 * rows)
    let call = BoxUpdate(
      delta: delta.array(of: Int32.self),
      reference: reference.array(of: Int32.self),
      referenceChannels: referenceChannels,
      rows: rows,
      output: output.array(of: Int32.self)
    )
    return ElementwiseCase(
      description: "boxUpdate \(rows) rows, \(referenceChannels) reference channels",
      buffers: [delta, reference],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.boxUpdate(call) }
    )
  }

  /// Logits in Q7.24 of all sizes.
  private static func numbers(_ count: Int, _ random: inout RandomNumbers) -> GuardedBytes {
    let bytes = GuardedBytes(count: 4 * count)
    let bits = random.pick([20, 26, 28, 31])
    for index in 0..<count {
      bytes.array(of: Int32.self)[index] = Int32(random.extreme(-(1 << bits)...(1 << bits) - 1))
    }
    return bytes
  }
}
