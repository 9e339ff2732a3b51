import FixedPoint
import Kernels

/// One call of deformable sampling with everything that it reads and writes.
struct SamplingCase: KernelCase {
  let description: String
  let buffers: [GuardedBytes]
  let output: GuardedBytes
  private let call: DeformableSampling

  init(_ random: inout RandomNumbers) {
    let channels = random.pick([32, 32, 16, 64, random.number(1...40)])
    let levelCount = random.number(1...5)
    let points = random.pick([4, 4, random.number(1...6)])
    let samples = levelCount * points
    let queries = random.number(1...6)
    let heads = random.number(1...2)
    let element = random.chance(3, of: 4) ? KernelElement.int8 : .int16
    let outputElement = random.pick([KernelElement.uint8, .int8, .int16])
    let isExtreme = random.chance(1, of: 4)
    let isDiscrete = random.chance(1, of: 4)

    let levels = GuardedBytes(count: levelCount * MemoryLayout<DeformableSampling.Level>.stride)
    var tokens = 0
    for index in 0..<levelCount {
      let height = random.number(1...9)
      let width = random.number(1...9)
      levels.array(of: DeformableSampling.Level.self)[index] = DeformableSampling.Level(
        firstToken: tokens,
        height: Int32(height),
        width: Int32(width)
      )
      tokens += height * width
    }
    let value = GuardedBytes(count: tokens * channels * heads * element.byteCount)
    for index in 0..<value.count {
      value.array(of: UInt8.self)[index] = UInt8(
        isExtreme ? random.pick([128, 127]) : random.number(0...255)
      )
    }
    let offsets = GuardedBytes(count: queries * samples * heads * 4)
    let offsetRange = random.pick([100, 3000, 32767])
    for index in 0..<offsets.count / 2 {
      offsets.array(of: Int16.self)[index] = Int16(random.extreme(-offsetRange...offsetRange))
    }
    let logits = GuardedBytes(count: queries * samples * heads * 2)
    let logitRange = random.pick([0, 10, 3000, 32767])
    for index in 0..<logits.count / 2 {
      logits.array(of: Int16.self)[index] = Int16(random.extreme(-logitRange...logitRange))
    }
    let bases = GuardedBytes(count: queries * levelCount * 8)
    let spans = GuardedBytes(count: queries * levelCount * 8)
    for index in 0..<bases.count / 4 {
      bases.array(of: Int32.self)[index] = Int32(
        isExtreme
          ? random.extreme(Int(Int32.min)...Int(Int32.max)) : random.number(-100_000...600_000)
      )
      spans.array(of: Int32.self)[index] = Int32(random.number(0...600_000))
    }
    output = GuardedBytes(count: queries * channels * heads * outputElement.byteCount)
    call = DeformableSampling(
      value: value.start,
      valueElement: element,
      valueStride: channels * heads,
      channels: channels,
      levels: levels.array(of: DeformableSampling.Level.self),
      levelCount: levelCount,
      points: points,
      queryCount: queries,
      offsets: offsets.array(of: Int16.self),
      offsetStride: samples * heads * 2,
      logits: logits.array(of: Int16.self),
      logitStride: samples * heads,
      bases: bases.array(of: Int32.self),
      spans: random.chance(1, of: 3) ? UnsafePointer(spans.array(of: Int32.self)) : nil,
      offsetRescale: Rescale(
        multiplier: Int32(random.number(1 << 30...0x7fff_ffff)),
        shift: Int32(random.number(20...40))
      ),
      logitRescale: Rescale(
        multiplier: Int32(random.extreme(0...0x7fff_ffff)),
        shift: Int32(random.number(1...62))
      ),
      outputRescale: Rescale(
        multiplier: Int32(random.number(1 << 30...0x7fff_ffff)),
        shift: Int32(random.pick([25, 26, 31, 32, random.number(30...50)]))
      ),
      zeroPoint: Int32(random.number(-200...200)),
      output: output.start,
      outputElement: outputElement,
      outputStride: channels * heads,
      scratch: output.start,
      isDiscrete: isDiscrete
    )
    buffers = [levels, value, offsets, logits, bases, spans]
    description =
      "sampling \(queries) × \(levelCount) levels × \(points) points × \(channels) \(element.name) → \(outputElement.name)\(isDiscrete ? ", one pixel a point" : "")"
  }

  func run(_ table: KernelTable) -> GuardedBytes? {
    let scratch = GuardedBytes(scratch: table.samplingScratch(call.levelCount * call.points))
    var call = call
    call.scratch = scratch.start
    output.fill(0x5a)
    table.deformableSampling(call)
    return scratch.isIntact ? writtenOutput : nil
  }
}
