import FixedPoint
import Kernels

/// One call of a family whose output is one array, drawn from random numbers.
struct ElementwiseCase: KernelCase {
  let description: String
  let buffers: [GuardedBytes]
  let output: GuardedBytes
  private let initial: GuardedBytes
  private let call: (KernelTable) -> Void

  init(
    description: String,
    buffers: [GuardedBytes],
    output: GuardedBytes,
    initial: GuardedBytes,
    call: @escaping (KernelTable) -> Void
  ) {
    self.description = description
    self.buffers = buffers
    self.output = output
    self.initial = initial
    self.call = call
  }

  func run(_ table: KernelTable) -> GuardedBytes? {
    output.start.copyMemory(from: initial.start, byteCount: output.count)
    call(table)
    return writtenOutput
  }

  static func filled(_ count: Int, _ random: inout RandomNumbers, extreme: Bool)
    -> GuardedBytes
  {
    let bytes = GuardedBytes(count: count)
    let array = bytes.array(of: UInt8.self)
    for index in 0..<count {
      array[index] = UInt8(random.number(0...255))
    }
    if extreme {
      for index in 0..<count / 2 where random.chance(1, of: 2) {
        (bytes.start + 2 * index).storeBytes(
          of: random.pick([-32768, 32767, 0x7f80, -1]),
          as: Int16.self
        )
      }
    }
    return bytes
  }

  static let narrowElements: [KernelElement] = [.uint8, .int8, .int16]

  static func shift(_ random: inout RandomNumbers) -> Int32 {
    Int32(random.pick([1, 20, 25, 26, 30, 31, 32, 33, 34, 45, 62, random.number(26...45)]))
  }

  static func unitChange(_ random: inout RandomNumbers) -> ElementwiseCase {
    let count = random.pick([random.number(1...40), random.number(1...3000)])
    let element = random.pick(narrowElements)
    let outputElement = random.pick(narrowElements)
    let input = filled(count * element.byteCount, &random, extreme: random.chance(1, of: 3))
    let output = GuardedBytes(count: count * outputElement.byteCount)
    let call = UnitChange(
      input: input.start,
      inputElement: element,
      inputZeroPoint: Int32(random.number(-300...300)),
      count: count,
      rescale: Rescale(
        multiplier: Int32(random.extreme(0...0x7fff_ffff)),
        shift: shift(&random)
      ),
      output: output.start,
      outputElement: outputElement,
      outputZeroPoint: Int32(random.number(-300...300))
    )
    return ElementwiseCase(
      description:
        "unitChange \(count) \(element.name) → \(outputElement.name), shift \(call.rescale.shift)",
      buffers: [input],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.unitChange(call) }
    )
  }

  static func weightedSum(_ random: inout RandomNumbers) -> ElementwiseCase {
    let count = random.pick([random.number(1...40), random.number(1...3000)])
    let elements = [random.pick(narrowElements), random.pick(narrowElements)]
    let outputElement = random.pick(narrowElements)
    let isExtreme = random.chance(1, of: 3)
    let inputs = [
      filled(count * elements[0].byteCount, &random, extreme: isExtreme),
      filled(count * elements[1].byteCount, &random, extreme: isExtreme),
    ]
    let output = GuardedBytes(count: count * outputElement.byteCount)
    let terms = (0...1).map {
      WeightedSum.Term(
        elements: inputs[$0].start,
        element: elements[$0],
        zeroPoint: Int32(random.number(-300...300)),
        multiplier: Int32(random.extreme(0...0x7fff_ffff))
      )
    }
    let call = WeightedSum(
      a: terms[0],
      b: terms[1],
      count: count,
      shift: shift(&random),
      zeroPoint: Int32(random.number(-300...300)),
      lowest: outputElement.lowest + Int32(random.number(0...100)),
      highest: outputElement.highest,
      output: output.start,
      outputElement: outputElement
    )
    return ElementwiseCase(
      description:
        "weightedSum \(count) \(elements[0].name) and \(elements[1].name) → \(outputElement.name), shift \(call.shift)",
      buffers: inputs,
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.weightedSum(call) }
    )
  }

  static func rowNormalization(_ random: inout RandomNumbers) -> ElementwiseCase {
    let channels = random.pick([32, 64, 256, 512, random.number(1...100)])
    let rows = random.number(1...5)
    let element = random.pick([KernelElement.int16, .uint8])
    let input = GuardedBytes(count: rows * channels * 2)
    let spread = random.pick([0, 1, 3, 100, 3000, 32767])
    let isExtreme = random.chance(1, of: 4)
    for index in 0..<rows * channels {
      input.array(of: Int16.self)[index] = Int16(
        isExtreme ? random.extreme(-32768...32767) : random.number(-spread...spread)
      )
    }
    let gain = GuardedBytes(count: 4 * channels)
    let bias = GuardedBytes(count: 4 * channels)
    for index in 0..<channels {
      gain.array(of: Int32.self)[index] = Int32(random.number(-(1 << 28)...1 << 28))
      bias.array(of: Int32.self)[index] = Int32(random.number(-(1 << 28)...1 << 28))
    }
    let output = GuardedBytes(count: rows * channels * element.byteCount)
    let call = RowNormalization(
      input: input.array(of: Int16.self),
      rows: rows,
      channels: channels,
      scaledEpsilon: UInt64(random.pick([0, 1, 1000, 7_907_758])),
      gain: gain.array(of: Int32.self),
      bias: bias.array(of: Int32.self),
      fractionBits: Int32(random.pick([5, 9, 10, 18, 23, 30])),
      output: output.start,
      outputElement: element
    )
    return ElementwiseCase(
      description:
        "rowNormalization \(rows) × \(channels) → \(element.name), ±\(spread), \(call.fractionBits) bits",
      buffers: [input, gain, bias],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.rowNormalization(call) }
    )
  }
}
