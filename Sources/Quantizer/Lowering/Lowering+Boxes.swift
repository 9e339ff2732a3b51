import FloatGraph
import ModelFile

extension Lowering {
  /// Either plain logits or the boxes of chosen proposals.
  mutating func lowerSigmoid(_ node: FloatGraph.Node) throws(QuantizationError) {
    if let (delta, indices) = analysis.proposal(node.inputs[0]) {
      let deltas = try integer(delta, .logit)
      let rows = try integer(indices, .index)
      let levels = try grids(anchorLevels(node.inputs[0]))
      writer.operations.append(
        .proposalBoxes(
          ProposalBoxes(
            delta: deltas,
            indices: rows,
            output: define(node.output),
            levels: levels
          )
        )
      )
    } else {
      let input = try integer(node.inputs[0], .logit)
      writer.operations.append(.sigmoid(Sigmoid(input: input, output: define(node.output))))
    }
  }

  private func anchorLevels(_ value: ValueID) -> [ValueID] {
    guard let node = analysis.node(making: value) else { return [] }
    if case .anchorLogits(let levels) = node.operation { return levels }
    return node.inputs.lazy.filter { analysis.isAnchorPart($0) }.map { anchorLevels($0) }.first
      ?? []
  }

  mutating func lowerTopRows(
    _ node: FloatGraph.Node,
    count: Int,
    column: Int
  ) throws(QuantizationError) {
    let input = try integer(node.inputs[0], .logit)
    writer.operations.append(
      .topRows(TopRows(input: input, output: define(node.output), count: count, column: column))
    )
  }
}
