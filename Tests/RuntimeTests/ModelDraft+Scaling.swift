import FixedPoint
import ModelFile

extension ModelDraft {
  mutating func multiply(_ a: ValueIndex, _ b: ValueIndex, to element: Element) -> ValueIndex {
    let output = value(element, channels(a))
    let ratio = spread(output) / (spread(a) * spread(b))
    writer.operations.append(
      .multiply(Multiplication(a: a, b: b, output: output, rescale: rescale(ratio)))
    )
    return output
  }

  mutating func rectify(
    _ input: ValueIndex,
    slope: Double,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(input))
    let factor = rescale(spread(output) / spread(input))
    writer.operations.append(
      .rectify(
        Rectification(
          input: input,
          output: output,
          multiplier: factor.multiplier,
          negativeMultiplier: Int32(Double(factor.multiplier) * slope),
          shift: factor.shift
        )
      )
    )
    return output
  }

  mutating func modulate(
    _ input: ValueIndex,
    sides: ValueIndex,
    boxes: ValueIndex,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(input))
    writer.operations.append(
      .modulate(
        SideModulation(
          input: input,
          sides: sides,
          boxes: boxes,
          output: output,
          rescale: rescale(0.7 * spread(output) / spread(input))
        )
      )
    )
    return output
  }

  mutating func spread(_ table: ValueIndex, over levels: [ValueIndex]) -> ValueIndex {
    let output = value(.int16, channels(table), zeroPoint: 0)
    writer.operations.append(
      .spreadPositions(PositionSpread(table: table, levels: levels, output: output))
    )
    return output
  }
}
