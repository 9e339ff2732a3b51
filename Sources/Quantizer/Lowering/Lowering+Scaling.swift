import FixedPoint
import FloatGraph
import ModelFile

/// Products of values, rectifiers with a slope, ratios of sides.
extension Lowering {
  mutating func lowerMultiplication(_ node: FloatGraph.Node) throws(QuantizationError) {
    var factors: [ValueIndex] = []
    for input in node.inputs {
      factors.append(
        analysis.isPosition[input.index] ? try spread(input) : try integer(input, .wide)
      )
    }
    let target = quantization(node.output, analysis.form[node.output.index])
    let ratio =
      quantization(of: factors[0]).step * quantization(of: factors[1]).step / target.step
    guard let rescale = Rescale(ratio) else {
      throw .scale(node: graph[node.output].name, ratio: ratio)
    }
    writer.operations.append(
      .multiply(
        Multiplication(
          a: factors[0],
          b: factors[1],
          output: define(node.output),
          rescale: rescale
        )
      )
    )
  }

  /// The codes of all tokens, in the units of their table.
  private mutating func spread(_ position: ValueID) throws(QuantizationError) -> ValueIndex {
    if let ready = spreadPositions[position] { return ready }
    let table = try positionTable(position)
    let levels = try grids(analysis.positionParts(position).map(\.grid))
    let output = add(
      quantization(of: table),
      channels: graph[position].channels,
      name: "\(graph[position].name).spread"
    )
    writer.operations.append(
      .spreadPositions(PositionSpread(table: table, levels: levels, output: output))
    )
    spreadPositions[position] = output
    return output
  }

  mutating func lowerParametricRelu(
    _ node: FloatGraph.Node,
    slope: Float
  ) throws(QuantizationError) {
    let input = try integer(node.inputs[0], .wide)
    let target = quantization(node.output, analysis.form[node.output.index])
    let ratio = quantization(of: input).step / target.step
    guard let common = CommonShift([ratio, ratio * abs(Double(slope))]) else {
      throw .scale(node: graph[node.output].name, ratio: ratio)
    }
    writer.operations.append(
      .rectify(
        Rectification(
          input: input,
          output: define(node.output),
          multiplier: common.multipliers[0],
          negativeMultiplier: slope < 0 ? -common.multipliers[1] : common.multipliers[1],
          shift: common.shift
        )
      )
    )
  }

  mutating func lowerModulation(_ node: FloatGraph.Node) throws(QuantizationError) {
    let input = try integer(node.inputs[0], .wide)
    let sides = try integer(node.inputs[1], .probability)
    let boxes = try integer(node.inputs[2], .probability)
    let target = quantization(node.output, analysis.form[node.output.index])
    let ratio = quantization(of: input).step / target.step
    guard let rescale = Rescale(ratio) else {
      throw .scale(node: graph[node.output].name, ratio: ratio)
    }
    writer.operations.append(
      .modulate(
        SideModulation(
          input: input,
          sides: sides,
          boxes: boxes,
          output: define(node.output),
          rescale: rescale
        )
      )
    )
  }
}
