import FixedPoint
import Kernels
import Testing

@Suite("Attention kernels")
struct AttentionTests {
  private func weights(_ scores: [Int32], _ rescale: Rescale) -> [Int64] {
    var probabilities = [Int16](repeating: 0, count: scores.count)
    softmaxRow(
      scores: scores,
      count: scores.count,
      toOctaves: rescale,
      probabilities: &probabilities
    )
    return probabilities.map { Int64($0) }
  }

  @Test("a head equals softmax of products times values, padding left out", arguments: 0..<120)
  func head(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let channels = number(1...40)
    let stride = channels + number(0...9)
    let queries = number(1...5)
    let segments = number(1...4)
    let length = number(1...9)
    let segmentStride = length + number(0...3)
    let keyRows = (segments - 1) * segmentStride + length
    // One row in four of full range: the sums wrap, and so does the definition's.
    let bound: Int16 = seed % 4 == 0 ? 32767 : 2047
    let query = GuardedArray(random.numbers((queries - 1) * stride + channels, -bound...bound))
    let key = GuardedArray(random.numbers((keyRows - 1) * stride + channels, -bound...bound))
    let value = GuardedArray(
      random.numbers((keyRows - 1) * stride + channels, Int16(-16383)...16383)
    )
    let element: KernelElement = seed % 2 == 0 ? .uint8 : .int16
    let output = AnyArray(count: (queries - 1) * stride + channels, element)
    let before = output.numbers
    let scratchBytes = KernelTable.scalar.attentionScratch(segments * length, channels, channels)
    let scratch = GuardedMemory(byteCount: (scratchBytes + 63) / 64 * 64)
    let scoreRescale = Rescale(multiplier: Int32(number(1 << 29...Int(Int32.max))), shift: 36)
    let outputRescale = Rescale(
      multiplier: Int32(number(1 << 29...Int(Int32.max))),
      shift: Int32(number(40...48))
    )
    let zeroPoint = element == .uint8 ? Int32(number(0...255)) : 0
    KernelTable.scalar.attentionHead(
      AttentionHead(
        query: query.start,
        queryStride: stride,
        queryCount: queries,
        key: key.start,
        keyStride: stride,
        value: value.start,
        valueStride: stride,
        segments: segments,
        segmentLength: length,
        segmentStride: segmentStride,
        channels: channels,
        scoreRescale: scoreRescale,
        outputRescale: outputRescale,
        zeroPoint: zeroPoint,
        output: output.raw,
        outputElement: element,
        outputStride: stride,
        scratch: scratch.bytes.baseAddress!
      )
    )
    var expected = before
    let keys = (0..<segments).flatMap { segment in
      (0..<length).map { segment * segmentStride + $0 }
    }
    for row in 0..<queries {
      let scores = keys.map { other in
        Int32(
          truncatingIfNeeded: (0..<channels).reduce(Int64(0)) {
            $0 + Int64(query.start[row * stride + $1]) * Int64(key.start[other * stride + $1])
          }
        )
      }
      let probabilities = weights(scores, scoreRescale)
      let rescale = outputRescale.normalized(bySum: UInt32(probabilities.reduce(0, +)))
      for channel in 0..<channels {
        let sum = zip(keys, probabilities).reduce(Int64(0)) {
          $0 + $1.1 * Int64(value.start[$1.0 * stride + channel])
        }
        let product = wrapped(sum) * Int64(rescale.multiplier)
        expected[row * stride + channel] = limited(
          rounded(product, rescale.shift) + Int64(zeroPoint),
          element.lowest,
          element.highest
        )
      }
    }
    #expect(output.numbers == expected, "seed \(seed)")
    #expect(scratch.isIntact)
  }

  @Test("deformable sampling equals the sum over four corners of each point", arguments: 0..<160)
  func sampling(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let element: KernelElement = seed % 2 == 0 ? .int8 : .int16
    let outputElement: KernelElement = seed % 3 == 0 ? .int16 : .uint8
    let channels = number(1...40)
    let stride = channels + number(0...9)
    let queries = number(1...6)
    let points = number(1...4)
    let levels = (0..<number(1...3)).map { _ in (height: number(1...6), width: number(1...6)) }
    let tokens = levels.reduce(0) { $0 + $1.height * $1.width }
    let samples = levels.count * points
    var geometry: [DeformableSampling.Level] = []
    var first = 0
    for level in levels {
      geometry.append(
        .init(firstToken: first, height: Int32(level.height), width: Int32(level.width))
      )
      first += level.height * level.width
    }
    let bound: Int64 = element == .int8 ? 127 : 16383
    let value = AnyArray(
      random.numbers((tokens - 1) * stride + channels, -bound...bound),
      element
    )
    let offsetStride = 2 * samples + 3
    let offsets = GuardedArray(
      random.numbers((queries - 1) * offsetStride + 2 * samples, Int16.min...Int16.max)
    )
    let logits = GuardedArray(
      random.numbers((queries - 1) * samples + samples, Int16(-20000)...20000)
    )
    let bases = GuardedArray(
      random.numbers(queries * levels.count * 2, Int32(-2 << 16)...Int32(7 << 16))
    )
    let hasSpans = seed % 5 < 2
    let spans = GuardedArray(
      random.numbers(queries * levels.count * 2, Int32(0)...Int32(7 << 16))
    )
    // Offsets of up to 4 pixels, or of wild sizes that wrap.
    let offsetRescale = Rescale(multiplier: 1 << 30, shift: seed % 7 == 0 ? 13 : 27)
    let logitRescale = Rescale(multiplier: Int32(number(1 << 28...1 << 30)), shift: 26)
    let outputRescale = Rescale(
      multiplier: 1 << 30,
      shift: element == .int8 ? 44 : 50
    )
    let zeroPoint = outputElement == .uint8 ? Int32(number(0...255)) : 0
    let output = AnyArray(count: (queries - 1) * stride + channels, outputElement)
    let before = output.numbers
    let bytes = KernelTable.scalar.samplingScratch(samples)
    let scratch = GuardedMemory(byteCount: (bytes + 63) / 64 * 64)
    geometry.withUnsafeBufferPointer {
      KernelTable.scalar.deformableSampling(
        DeformableSampling(
          value: value.raw,
          valueElement: element,
          valueStride: stride,
          channels: channels,
          levels: $0.baseAddress!,
          levelCount: levels.count,
          points: points,
          queryCount: queries,
          offsets: offsets.start,
          offsetStride: offsetStride,
          logits: logits.start,
          logitStride: samples,
          bases: bases.start,
          spans: hasSpans ? spans.start : nil,
          offsetRescale: offsetRescale,
          logitRescale: logitRescale,
          outputRescale: outputRescale,
          zeroPoint: zeroPoint,
          output: output.raw,
          outputElement: outputElement,
          outputStride: stride,
          scratch: scratch.bytes.baseAddress!
        )
      )
    }
    #expect(scratch.isIntact)

    var expected = before
    let numbers = value.numbers
    for query in 0..<queries {
      var sums = [Int64](repeating: 0, count: channels)
      let scores = (0..<samples).map { Int32(logits.start[query * samples + $0]) }
      for (sample, weight) in weights(scores, logitRescale).enumerated() {
        let level = sample / points
        let location = (0..<2).map { axis in
          let place = (query * levels.count + level) * 2 + axis
          let product =
            Int64(offsets.start[query * offsetStride + 2 * sample + axis])
            * Int64(offsetRescale.multiplier)
          var offset = wrapped(rounded(product, offsetRescale.shift))
          if hasSpans { offset = rounded(offset * Int64(spans.start[place]), 16) }
          return wrapped(Int64(bases.start[place]) + offset)
        }
        let fractions = location.map { ($0 & 0xffff) >> 1 }
        let bottom = rounded(weight * fractions[1], 15)
        let top = weight - bottom
        let right = (rounded(top * fractions[0], 15), rounded(bottom * fractions[0], 15))
        let corners = [
          (0, 0, top - right.0), (1, 0, right.0), (0, 1, bottom - right.1), (1, 1, right.1),
        ]
        #expect(corners.reduce(0) { $0 + $1.2 } == weight)
        for (x, y, corner) in corners {
          let column = Int(location[0] >> 16) + x
          let row = Int(location[1] >> 16) + y
          guard (0..<levels[level].width).contains(column),
            (0..<levels[level].height).contains(row)
          else { continue }
          let pixel = geometry[level].firstToken + row * levels[level].width + column
          for channel in 0..<channels {
            sums[channel] += corner * numbers[pixel * stride + channel]
          }
        }
      }
      for channel in 0..<channels {
        let product = wrapped(sums[channel]) * Int64(outputRescale.multiplier)
        expected[query * stride + channel] = limited(
          rounded(product, outputRescale.shift) + Int64(zeroPoint),
          outputElement.lowest,
          outputElement.highest
        )
      }
    }
    #expect(output.numbers == expected, "seed \(seed)")
  }
}
