import FixedPoint
import Kernels

/// One call of an attention head with everything that it reads and writes.
struct AttentionCase: KernelCase {
  let description: String
  let buffers: [GuardedBytes]
  let output: GuardedBytes
  private let call: AttentionHead
  /// Whether a second call follows that finds the keys sorted, and whether it finds the values too.
  private let repeats: (keys: Bool, values: Bool)

  init(_ random: inout RandomNumbers) {
    let channels = random.pick([32, 32, 16, 64, random.number(1...40)])
    let segments = random.number(1...3)
    let length = random.pick([random.number(1...20), random.number(1...150)])
    let stride = length + random.number(0...3)
    let queries = random.number(1...5)
    let element = random.pick([KernelElement.uint8, .int8, .int16])
    let range = random.pick([10, 300, 5000, 32767])
    let valueChannels = random.pick([channels, channels, 64, 32, 16, random.number(1...40)])
    let biasRows = random.pick([0, 0, 1, segments])
    repeats = (random.number(0...3) == 0, random.number(0...1) == 0)
    func numbers(_ count: Int) -> GuardedBytes {
      let bytes = GuardedBytes(count: 2 * count)
      for index in 0..<count {
        bytes.array(of: Int16.self)[index] = Int16(random.extreme(-range...range))
      }
      return bytes
    }
    let keyRows = (segments - 1) * stride + length
    let query = numbers(queries * channels)
    let key = numbers(keyRows * channels)
    let value = numbers(keyRows * valueChannels)
    output = GuardedBytes(count: queries * valueChannels * element.byteCount)
    func biases(_ count: Int) -> GuardedBytes {
      let bytes = GuardedBytes(count: 4 * count)
      let least = -random.pick([100_000, 3 << 27])
      for index in 0..<count {
        bytes.array(of: Int32.self)[index] = Int32(random.extreme(least...0))
      }
      return bytes
    }
    let rowBias = biases(max(queries * segments, 1))
    let columnBias = biases(max(queries * biasRows * length, 1))
    call = AttentionHead(
      query: query.array(of: Int16.self),
      queryStride: channels,
      queryCount: queries,
      key: key.array(of: Int16.self),
      keyStride: channels,
      value: value.array(of: Int16.self),
      valueStride: valueChannels,
      segments: segments,
      segmentLength: length,
      segmentStride: stride,
      channels: channels,
      scoreRescale: Rescale(
        multiplier: Int32(random.extreme(0...0x7fff_ffff)),
        shift: Int32(random.number(10...60))
      ),
      outputRescale: Rescale(
        multiplier: Int32(random.number(1 << 30...0x7fff_ffff)),
        shift: Int32(random.pick([25, 26, 31, 32, 60, random.number(30...50)]))
      ),
      zeroPoint: Int32(random.number(-200...200)),
      output: output.start,
      outputElement: element,
      outputStride: valueChannels,
      scratch: output.start,
      valueChannels: valueChannels,
      rowBias: biasRows == 0 ? nil : UnsafePointer(rowBias.array(of: Int32.self)),
      columnBias: biasRows == 0 ? nil : UnsafePointer(columnBias.array(of: Int32.self)),
      columnBiasRows: max(biasRows, 1)
    )
    buffers = [query, key, value, rowBias, columnBias]
    description =
      "attention \(queries) queries × \(segments) × \(length) keys × \(channels) and \(valueChannels) → \(element.name), ±\(range), bias \(biasRows)"
  }

  func run(_ table: KernelTable) -> GuardedBytes? {
    let scratch = GuardedBytes(
      scratch: table.attentionScratch(call.keys, call.channels, call.valueChannels)
    )
    var call = call
    call.scratch = scratch.start
    output.fill(0x5a)
    table.attentionHead(call)
    if repeats.keys {
      call.hasKeys = true
      call.hasValues = repeats.values
      table.attentionHead(call)
    }
    return scratch.isIntact ? writtenOutput : nil
  }
}
