import FixedPoint
import Kernels

/// One weighted sum over a rectangle of a map with everything that it reads and writes.
struct RegionCase: KernelCase {
  let description: String
  let buffers: [GuardedBytes]
  let output: GuardedBytes
  private let call: RegionSum

  init(_ random: inout RandomNumbers) {
    let channels = random.pick([64, 256, 32, 16, random.number(1...40)])
    let rows = random.number(0...6)
    let columns = random.number(0...7)
    let width = columns + random.number(1...3)
    let element = random.pick([KernelElement.uint8, .int16])
    let range = random.pick([10, 3000, 32767])
    // The rectangle is the last of the map, so that the guard stands right behind it.
    let value = GuardedBytes(
      count: 2 * max((max(rows - 1, 0) * width + columns) * channels, 1)
    )
    for index in 0..<value.count / 2 {
      value.array(of: Int16.self)[index] = Int16(random.extreme(-range...range))
    }
    func numbers(_ count: Int, _ range: ClosedRange<Int>) -> GuardedBytes {
      let bytes = GuardedBytes(count: 4 * max(count, 1))
      for index in 0..<count {
        bytes.array(of: Int32.self)[index] = Int32(random.extreme(range))
      }
      return bytes
    }
    let rowWeights = numbers(rows, 0...32768)
    let columnWeights = numbers(columns, 0...32768)
    let bias = numbers(channels, -(1 << 30)...1 << 30)
    let hasBias = random.number(0...1) == 0
    let zeroPoint = Int32(random.number(-200...200))
    output = GuardedBytes(count: channels * element.byteCount)
    call = RegionSum(
      value: value.array(of: Int16.self),
      pixelStride: channels,
      rowStride: channels * width,
      rowWeights: UnsafePointer(rowWeights.array(of: Int32.self)),
      rows: rows,
      columnWeights: UnsafePointer(columnWeights.array(of: Int32.self)),
      columns: columns,
      channels: channels,
      bias: hasBias ? UnsafePointer(bias.array(of: Int32.self)) : nil,
      rescale: Rescale(
        multiplier: Int32(random.number(1 << 30...0x7fff_ffff)),
        shift: Int32(random.pick([25, 26, 31, 32, 60, random.number(30...50)]))
      ),
      zeroPoint: zeroPoint,
      lowest: random.number(0...1) == 0 ? element.lowest : max(zeroPoint, element.lowest),
      highest: element.highest,
      output: output.start,
      outputElement: element
    )
    buffers = [value, rowWeights, columnWeights, bias]
    description =
      "region sum \(rows) × \(columns) pixels × \(channels) → \(element.name), ±\(range)"
  }

  func run(_ table: KernelTable) -> GuardedBytes? {
    output.fill(0x5a)
    table.regionSum(call)
    return writtenOutput
  }
}

/// One gated array with everything that it reads and writes.
struct GateCase: KernelCase {
  let description: String
  let buffers: [GuardedBytes]
  let output: GuardedBytes
  private let call: GatedRows

  init(_ random: inout RandomNumbers) {
    let count = random.pick([random.number(1...20), random.number(1...400)])
    let element = random.pick([KernelElement.uint8, .int16])
    func numbers() -> GuardedBytes {
      let bytes = GuardedBytes(count: 2 * count)
      for index in 0..<count {
        bytes.array(of: Int16.self)[index] = Int16(random.extreme(-32768...32767))
      }
      return bytes
    }
    let (input, gates) = (numbers(), numbers())
    let table = GuardedBytes(count: 4 * 257)
    for index in 0..<257 {
      table.array(of: Int32.self)[index] = Int32(random.extreme(0...32768))
    }
    output = GuardedBytes(count: count * element.byteCount)
    call = GatedRows(
      input: input.array(of: Int16.self),
      gates: gates.array(of: Int16.self),
      count: count,
      table: UnsafePointer(table.array(of: Int32.self)),
      rescale: Rescale(
        multiplier: Int32(random.number(1 << 30...0x7fff_ffff)),
        shift: Int32(random.pick([25, 31, 32, 60, random.number(30...50)]))
      ),
      zeroPoint: Int32(random.number(-200...200)),
      output: output.start,
      outputElement: element
    )
    buffers = [input, gates, table]
    description = "gate \(count) → \(element.name)"
  }

  func run(_ table: KernelTable) -> GuardedBytes? {
    output.fill(0x5a)
    table.gatedRows(call)
    return writtenOutput
  }
}
