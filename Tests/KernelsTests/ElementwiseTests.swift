import FixedPoint
import Kernels
import Testing

@Suite("Element-wise kernels and pools")
struct ElementwiseTests {
  private static let small: [KernelElement] = [.uint8, .int8, .int16]

  @Test("a weighted sum equals its definition between all types", arguments: 0..<200)
  func weightedSum(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let types = (0..<3).map { _ in Self.small.randomElement(using: &random)! }
    let count = Int.random(in: 0...70, using: &random)
    let a = AnyArray(random.numbers(count, types[0].range), types[0])
    let b = AnyArray(random.numbers(count, types[1].range), types[1])
    let zeros = types.map { Int32(random.numbers(1, $0.range)[0]) }
    let multipliers = random.numbers(2, 0...Int32.max)
    let shift = Int32.random(in: 1...62, using: &random)
    let lowest = Int32.random(in: types[2].lowest...types[2].highest, using: &random)
    let highest = Int32.random(in: lowest...types[2].highest, using: &random)
    let expected = zip(a.numbers, b.numbers).map { x, y in
      let sum =
        (x - Int64(zeros[0])) * Int64(multipliers[0]) + (y - Int64(zeros[1]))
        * Int64(multipliers[1])
      return limited(rounded(sum, shift) + Int64(zeros[2]), lowest, highest)
    }
    let output = types[2] == types[0] && seed % 2 == 0 ? a : AnyArray(count: count, types[2])
    KernelTable.scalar.weightedSum(
      WeightedSum(
        a: .init(
          elements: a.raw,
          element: types[0],
          zeroPoint: zeros[0],
          multiplier: multipliers[0]
        ),
        b: .init(
          elements: b.raw,
          element: types[1],
          zeroPoint: zeros[1],
          multiplier: multipliers[1]
        ),
        count: count,
        shift: shift,
        zeroPoint: zeros[2],
        lowest: lowest,
        highest: highest,
        output: output.raw,
        outputElement: types[2]
      )
    )
    #expect(output.numbers == expected, "seed \(seed): \(types), \(count) elements, shift \(shift)")
  }

  @Test("a change of units equals its definition between all types", arguments: 0..<200)
  func unitChange(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let all = Self.small + [.int32]
    let from = all.randomElement(using: &random)!
    let to = all.randomElement(using: &random)!
    let count = Int.random(in: 0...70, using: &random)
    let input = AnyArray(random.numbers(count, from.range), from)
    let zeroIn = from == .int32 ? 0 : random.numbers(1, from.range)[0]
    let zeroOut = to == .int32 ? 0 : random.numbers(1, to.range)[0]
    let rescale = Rescale(
      multiplier: random.numbers(1, 0...Int32.max)[0],
      shift: Int32.random(in: 1...62, using: &random)
    )
    let expected = input.numbers.map {
      limited(
        rounded(($0 - zeroIn) * Int64(rescale.multiplier), rescale.shift) + zeroOut,
        to.lowest,
        to.highest
      )
    }
    let inPlace = from.byteCount == to.byteCount && seed % 2 == 0
    let output = inPlace ? input : AnyArray(count: count, to)
    KernelTable.scalar.unitChange(
      UnitChange(
        input: input.raw,
        inputElement: from,
        inputZeroPoint: Int32(zeroIn),
        count: count,
        rescale: rescale,
        output: output.raw,
        outputElement: to,
        outputZeroPoint: Int32(zeroOut)
      )
    )
    let result =
      inPlace
      ? AnyArray(reading: output, as: to).numbers : output.numbers
    #expect(result == expected, "seed \(seed): \(from) to \(to), \(count) elements, \(rescale)")
  }

  @Test("a pool takes the greatest of its taps", arguments: 0..<60)
  func maximumPool(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let element: KernelElement = seed % 2 == 0 ? .uint8 : .int16
    let rows = Int.random(in: 1...5, using: &random)
    let taps = Int.random(in: 1...10, using: &random)
    let channels = Int.random(in: 1...40, using: &random)
    let pixels = (0..<rows * taps).map { _ in
      AnyArray(random.numbers(channels, element.range), element)
    }
    let pointers = pixels.map { UnsafeRawPointer($0.raw) }
    let output = AnyArray(count: rows * channels, element)
    pointers.withUnsafeBufferPointer {
      let call = MaximumPool(
        rows: $0.baseAddress!,
        rowCount: rows,
        taps: taps,
        channels: channels,
        output: output.raw
      )
      let table = KernelTable.scalar
      (element == .uint8 ? table.maximumPoolUInt8 : table.maximumPoolInt16)(call)
    }
    for row in 0..<rows {
      for channel in 0..<channels {
        let greatest = (0..<taps).map { pixels[row * taps + $0].numbers[channel] }.max()
        #expect(output.numbers[row * channels + channel] == greatest, "seed \(seed)")
      }
    }
  }

  @Test("sigmoids and box updates are those of FixedPoint, sums saturating")
  func probabilities() {
    var random = SeededGenerator(seed: 7)
    let deltas = GuardedArray(random.numbers(44, Int32.min...Int32.max))
    let output = GuardedArray<Int32>(count: 44)
    KernelTable.scalar.sigmoid(
      SigmoidMap(input: deltas.start, count: 44, output: output.start)
    )
    #expect(output.elements == deltas.elements.map { sigmoid($0) })
    for channels in [2, 4] {
      let references = GuardedArray(random.numbers(11 * channels, Int32(0)...Int32(1 << 30)))
      KernelTable.scalar.boxUpdate(
        BoxUpdate(
          delta: deltas.start,
          reference: references.start,
          referenceChannels: channels,
          rows: 11,
          output: output.start
        )
      )
      for index in 0..<44 {
        var logit = Int64(deltas.start[index])
        if index % 4 < channels {
          logit += Int64(inverseSigmoid(references.start[index / 4 * channels + index % 4]))
        }
        let saturated = Int32(min(max(logit, Int64(Int32.min)), Int64(Int32.max)))
        #expect(output.start[index] == sigmoid(saturated))
      }
    }
  }
}
