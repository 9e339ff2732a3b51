import FixedPoint
import Kernels

extension ElementwiseCase {
  static func elementProduct(_ random: inout RandomNumbers) -> ElementwiseCase {
    let count = random.pick([random.number(1...40), random.number(1...3000)])
    let elements = [random.pick(narrowElements), random.pick(narrowElements)]
    let outputElement = random.pick(narrowElements)
    let isExtreme = random.chance(1, of: 3)
    let inputs = [
      filled(count * elements[0].byteCount, &random, extreme: isExtreme),
      filled(count * elements[1].byteCount, &random, extreme: isExtreme),
    ]
    let output = GuardedBytes(count: count * outputElement.byteCount)
    let factors = (0...1).map {
      ElementProduct.Factor(
        elements: inputs[$0].start,
        element: elements[$0],
        zeroPoint: elements[$0] == .uint8 ? Int32(random.number(0...255)) : 0
      )
    }
    let call = ElementProduct(
      a: factors[0],
      b: factors[1],
      count: count,
      rescale: Rescale(
        multiplier: Int32(random.extreme(0...0x7fff_ffff)),
        shift: shift(&random)
      ),
      zeroPoint: Int32(random.number(-300...300)),
      output: output.start,
      outputElement: outputElement
    )
    return ElementwiseCase(
      description:
        "elementProduct \(count) \(elements[0].name) and \(elements[1].name) → \(outputElement.name), shift \(call.rescale.shift)",
      buffers: inputs,
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.elementProduct(call) }
    )
  }

  static func slopedRectifier(_ random: inout RandomNumbers) -> ElementwiseCase {
    let count = random.pick([random.number(1...40), random.number(1...3000)])
    let element = random.pick(narrowElements)
    let outputElement = random.pick(narrowElements)
    let input = filled(count * element.byteCount, &random, extreme: random.chance(1, of: 3))
    let output = GuardedBytes(count: count * outputElement.byteCount)
    let call = SlopedRectifier(
      input: input.start,
      inputElement: element,
      inputZeroPoint: Int32(random.number(-300...300)),
      count: count,
      positive: Int32(random.extreme(0...0x7fff_ffff)),
      negative: Int32(random.extreme(-0x7fff_ffff...0x7fff_ffff)),
      shift: shift(&random),
      zeroPoint: Int32(random.number(-300...300)),
      output: output.start,
      outputElement: outputElement
    )
    return ElementwiseCase(
      description:
        "slopedRectifier \(count) \(element.name) → \(outputElement.name), shift \(call.shift)",
      buffers: [input],
      output: output,
      initial: GuardedBytes(count: output.count),
      call: { $0.slopedRectifier(call) }
    )
  }
}
