import FixedPoint
import Kernels
import Testing

@Suite("Kernels that scale numbers by numbers")
struct ScalingTests {
  private static let small: [KernelElement] = [.uint8, .int8, .int16]

  @Test(
    "a product equals its definition between all types, within half a unit of the real one",
    arguments: 0..<200
  )
  func product(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let types = (0..<3).map { _ in Self.small.randomElement(using: &random)! }
    let count = Int.random(in: 0...70, using: &random)
    let a = AnyArray(random.numbers(count, types[0].range), types[0])
    let b = AnyArray(random.numbers(count, types[1].range), types[1])
    // Only bytes without a sign have a zero point of their own.
    let zeros = types.map { $0 == .uint8 ? random.numbers(1, $0.range)[0] : 0 }
    let rescale = Rescale(
      multiplier: random.numbers(1, 0...Int32.max)[0],
      shift: Int32.random(in: 1...62, using: &random)
    )
    let expected = zip(a.numbers, b.numbers).map { x, y in
      let product = (x - zeros[0]) * (y - zeros[1]) * Int64(rescale.multiplier)
      return limited(
        rounded(product, rescale.shift) + zeros[2],
        types[2].lowest,
        types[2].highest
      )
    }
    let real = zip(a.numbers, b.numbers).map { x, y in
      Double(x - zeros[0]) * Double(y - zeros[1]) * Double(rescale.multiplier)
        * Double(sign: .plus, exponent: -Int(rescale.shift), significand: 1) + Double(zeros[2])
    }
    let output = AnyArray(count: count, types[2])
    KernelTable.scalar.elementProduct(
      ElementProduct(
        a: .init(elements: a.raw, element: types[0], zeroPoint: Int32(zeros[0])),
        b: .init(elements: b.raw, element: types[1], zeroPoint: Int32(zeros[1])),
        count: count,
        rescale: rescale,
        zeroPoint: Int32(zeros[2]),
        output: output.raw,
        outputElement: types[2]
      )
    )
    let found = output.numbers
    #expect(found == expected, "seed \(seed): \(types), \(count) elements, \(rescale)")
    for (integer, real) in zip(found, real)
    where real > Double(types[2].lowest) && real < Double(types[2].highest) {
      #expect(abs(Double(integer) - real) <= 0.5 + 1e-6 * abs(real), "seed \(seed)")
    }
  }

  @Test(
    "a rectifier equals its definition between all types, within half a unit of the real one",
    arguments: 0..<200
  )
  func rectifier(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let types = (0..<2).map { _ in Self.small.randomElement(using: &random)! }
    let count = Int.random(in: 0...70, using: &random)
    let input = AnyArray(random.numbers(count, types[0].range), types[0])
    let zeros = types.map { random.numbers(1, $0.range)[0] }
    let positive = random.numbers(1, 0...Int32.max)[0]
    let negative = Int32.random(in: -Int32.max...Int32.max, using: &random)
    let shift = Int32.random(in: 1...62, using: &random)
    let unit = Double(sign: .plus, exponent: -Int(shift), significand: 1)
    var expected: [Int64] = []
    var real: [Double] = []
    for number in input.numbers {
      let x = number - zeros[0]
      let product = max(x, 0) * Int64(positive) + min(x, 0) * Int64(negative)
      expected.append(
        limited(rounded(product, shift) + zeros[1], types[1].lowest, types[1].highest)
      )
      real.append(Double(x) * Double(x > 0 ? positive : negative) * unit + Double(zeros[1]))
    }
    let inPlace = types[0].byteCount == types[1].byteCount && seed % 2 == 0
    let output = inPlace ? input : AnyArray(count: count, types[1])
    KernelTable.scalar.slopedRectifier(
      SlopedRectifier(
        input: input.raw,
        inputElement: types[0],
        inputZeroPoint: Int32(zeros[0]),
        count: count,
        positive: positive,
        negative: negative,
        shift: shift,
        zeroPoint: Int32(zeros[1]),
        output: output.raw,
        outputElement: types[1]
      )
    )
    let found = inPlace ? AnyArray(reading: output, as: types[1]).numbers : output.numbers
    #expect(found == expected, "seed \(seed): \(types), \(count) elements")
    for (integer, real) in zip(found, real)
    where real > Double(types[1].lowest) && real < Double(types[1].highest) {
      #expect(abs(Double(integer) - real) <= 0.5 + 1e-6 * abs(real), "seed \(seed)")
    }
  }
}
