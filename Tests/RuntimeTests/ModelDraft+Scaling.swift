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

  mutating func selectQuery(_ input: ValueIndex) -> ValueIndex {
    let output = value(
      element(input),
      channels(input),
      zeroPoint: writer.values[input.index].zeroPoint
    )
    writer.operations.append(.selectQuery(QuerySelection(input: input, output: output)))
    return output
  }

  mutating func attentionMap(
    _ query: ValueIndex,
    _ key: ValueIndex,
    heads: Int,
    keyGrid: ValueIndex?,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, heads)
    let width = Double(channels(query) / heads)
    let octaves = 4 * Double(1 << 26) / (width.squareRoot() * spread(query) * spread(key))
    writer.operations.append(
      .attentionMap(
        AttentionMap(
          query: query,
          key: key,
          output: output,
          heads: heads,
          keyGrid: keyGrid,
          scoreRescale: rescale(octaves),
          unit: element == .uint8 ? 700 : 90_000
        )
      )
    )
    return output
  }

  mutating func enlarge(_ input: ValueIndex, to target: ValueIndex) -> ValueIndex {
    let output = value(
      element(input),
      channels(input),
      zeroPoint: writer.values[input.index].zeroPoint
    )
    writer.operations.append(
      .enlarge(Enlargement(input: input, target: target, output: output))
    )
    return output
  }
}
