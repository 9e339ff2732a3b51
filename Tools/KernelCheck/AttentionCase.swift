import FixedPoint
import Kernels

/// One call of an attention head with everything that it reads and writes.
struct AttentionCase {
  let description: String
  private let buffers: [GuardedBytes]
  private let output: GuardedBytes
  private let call: AttentionHead

  init(_ random: inout RandomNumbers) {
    let channels = random.pick([32, 32, 16, 64, random.number(1...40)])
    let valueChannels = random.chance(1, of: 3) ? random.pick([16, 32, 64]) : channels
    let segments = random.number(1...3)
    let length = random.pick([random.number(1...20), random.number(1...150)])
    let stride = length + random.number(0...3)
    let queries = random.number(1...5)
    let element = random.pick([KernelElement.uint8, .int8, .int16])
    let range = random.pick([10, 300, 5000, 32767])
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
      valueChannels: valueChannels
    )
    buffers = [query, key, value]
    description =
      "attention \(queries) queries × \(segments) × \(length) keys × \(channels), values × \(valueChannels) → \(element.name), ±\(range)"
  }

  func run(_ table: KernelTable) -> GuardedBytes? {
    let scratch = GuardedBytes(
      scratch: table.attentionScratch(call.keys, call.channels, call.valueChannels)
    )
    var call = call
    call.scratch = scratch.start
    output.fill(0x5a)
    table.attentionHead(call)
    guard output.isIntact, scratch.isIntact, buffers.allSatisfy({ $0.isIntact }) else { return nil }
    let copy = GuardedBytes(count: output.count)
    copy.start.copyMemory(from: output.start, byteCount: output.count)
    return copy
  }
}
