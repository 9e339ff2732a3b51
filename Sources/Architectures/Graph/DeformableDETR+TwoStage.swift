import FloatGraph

extension GraphBuilder {
  /// Adds the first stage: every token proposes a box, the best become queries.
  ///
  /// The proposals are ranked by the logit of class 0 alone, as the reference does. The box head
  /// runs on the chosen tokens only, which is the same: it works on each row by itself.
  ///
  /// - Parameters:
  ///   - memory: the encoder's output.
  ///   - levels: the maps of the pyramid.
  /// - Returns: queries, positions and boxes of the proposals, best first.
  /// - Throws: ``ArchitectureError``.
  mutating func proposals(
    _ memory: Value,
    levels: [Value]
  ) throws(ArchitectureError) -> DecoderStart {
    let width = configuration.width
    let head = configuration.decoderLayers
    let masked = graph.append(
      .maskProposals(levels: levels),
      inputs: [memory],
      name: "proposals.masked_memory"
    )
    let output = try linear(.proposalOutput, masked, outputs: width)
    let tokens = try layerNorm(.proposalOutputNorm, output)
    let logits = try linear(
      .classHead(head),
      tokens,
      outputs: configuration.logits,
      mayShare: false
    )
    graph.landmarks.append((name: "enc_logits", value: logits))
    let chosen = graph.append(
      .topRows(count: configuration.queries, column: 0),
      inputs: [logits],
      name: "proposals.indices"
    )
    graph.landmarks.append((name: "proposal_indices", value: chosen))

    let rows = graph.append(.gatherRows, inputs: [tokens, chosen], name: "proposals.tokens")
    let deltas = try boxHead(head, rows, mayShare: false)
    let anchors = graph.append(
      .anchorLogits(levels: levels),
      inputs: [],
      name: "proposals.anchors"
    )
    let chosenAnchors = graph.append(
      .gatherRows,
      inputs: [anchors, chosen],
      name: "proposals.chosen_anchors"
    )
    let sum = add(deltas, chosenAnchors, name: "proposals.box_logits")
    let boxes = graph.append(.sigmoid, inputs: [sum], name: "init_reference")
    graph.landmarks.append((name: "init_reference", value: boxes))

    let sines = graph.append(
      .boxSine(features: width / 2, temperature: 10000),
      inputs: [boxes],
      name: "proposals.sines"
    )
    let embedded = try layerNorm(
      .proposalPositionNorm,
      linear(.proposalPosition, sines, outputs: 2 * width)
    )
    return DecoderStart(
      queries: graph.append(
        .sliceColumns(width..<2 * width),
        inputs: [embedded],
        name: "queries"
      ),
      positions: graph.append(
        .sliceColumns(0..<width),
        inputs: [embedded],
        name: "query_positions"
      ),
      references: boxes
    )
  }
}
