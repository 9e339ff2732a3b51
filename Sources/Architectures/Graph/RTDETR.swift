import FloatGraph

/// RT-DETR: "DETRs Beat YOLOs on Real-time Object Detection", Zhao et al., 2024, and RT-DETRv2: "Improved
/// Baseline with Bag-of-Freebies for Real-Time Detection Transformer", Lv et al., 2024.
///
/// The hybrid encoder lets the pixels of one scale attend to each other (AIFI) and fuses the scales by
/// convolutions (CCFF); the decoder begins with the tokens of the best class scores and refines boxes
/// layer by layer, with positions computed from the boxes.
extension GraphBuilder {
  /// Adds the whole detector.
  ///
  /// - Parameter hybrid: the part of the configuration that only this family has.
  /// - Throws: ``ArchitectureError``.
  mutating func rtDETR(
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) {
    let maps = try hybridEncoder(hybrid)
    let levels = try decoderLevels(maps, hybrid)
    let memory = tokens(levels, name: "tokens")
    graph.memory = memory
    let start = try bestTokens(memory, levels: levels, hybrid)
    try rtDETRDecoder(start, memory: memory, levels: levels, hybrid)
  }

  /// Adds the maps that the decoder samples: those of the encoder by 1×1 convolutions, further ones by 3×3
  /// convolutions of stride 2, all of them from the coarsest map.
  private mutating func decoderLevels(
    _ maps: [Value],
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> [Value] {
    var levels: [Value] = []
    for level in 0..<hybrid.levels {
      levels.append(
        try normedConvolution(
          .decoderProjection(level: level),
          maps[min(level, maps.count - 1)],
          outputs: configuration.width,
          level < maps.count ? .init(kernel: 1) : .init(kernel: 3, stride: 2, padding: 1),
          epsilon: hybrid.batchNormEpsilon
        )
      )
    }
    return levels
  }

  /// Adds the choice of the queries: the tokens whose best class score is highest.
  ///
  /// Tokens whose anchor reaches out of the picture count as zeros. The box head runs on the chosen tokens
  /// only, which is the same: it works on each row by itself.
  private mutating func bestTokens(
    _ memory: Value,
    levels: [Value],
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> (queries: Value, boxes: Value) {
    let width = configuration.width
    let masked = graph.append(
      .maskProposals(levels: levels),
      inputs: [memory],
      name: "proposals.masked_memory"
    )
    let output = try linear(.proposalOutput, masked, outputs: width)
    let tokens = try layerNorm(.proposalOutputNorm, output)
    let logits = try linear(.hybrid(.proposalScore), tokens, outputs: configuration.logits)
    graph.landmarks.append((name: "enc_logits", value: logits))
    let scores = graph.append(.rowMaximum, inputs: [logits], name: "proposals.scores")
    let chosen = graph.append(
      .topRows(count: configuration.queries, column: 0),
      inputs: [scores],
      name: "proposals.indices"
    )
    graph.landmarks.append((name: "proposal_indices", value: chosen))

    let rows = graph.append(.gatherRows, inputs: [tokens, chosen], name: "proposals.tokens")
    let deltas = try perceptron(rows, layers: 3, hidden: width, outputs: 4) {
      .proposalBox(linear: $0)
    }
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
    guard hybrid.learnsQueries else { return (rows, boxes) }
    let matrix = FloatOperation.Matrix(
      rows: configuration.queries,
      columns: width,
      values: try reader.take(.queryEmbedding, .weight, shape: [configuration.queries, width])
    )
    return (graph.append(.constant(matrix), inputs: [], name: "queries"), boxes)
  }

  private mutating func rtDETRDecoder(
    _ start: (queries: Value, boxes: Value),
    memory: Value,
    levels: [Value],
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) {
    let attention = FloatOperation.DeformableAttention(
      heads: configuration.decoderHeads,
      points: hybrid.points,
      levels: levels,
      isDiscrete: hybrid.isDiscrete
    )
    let width = configuration.width
    let last = configuration.decoderLayers - 1
    var (queries, boxes) = start
    for index in 0...last {
      let positions = try perceptron(
        boxes,
        layers: 2,
        hidden: 2 * width,
        outputs: width,
        name: "decoder.layers.\(index)."
      ) { .queryPosition(linear: $0) }
      queries = try querySelfAttention(index, queries, positions: positions)
      let name = "decoder.layers.\(index).encoder_attn"
      queries = try residual(
        queries,
        norm: .layer(.decoder, index, .crossAttentionNorm),
        name: "\(name)_sum",
        normalizesBefore: false
      ) { builder, value throws(ArchitectureError) in
        try builder.deformableAttention(
          { .layer(.decoder, index, .crossAttention($0)) },
          query: builder.add(value, positions, name: "\(name).with_positions"),
          value: memory,
          references: boxes,
          attention,
          name: name,
          landmark: "decoder_layer_\(index)",
          // Offsets are meant in halves of a box's side; RT-DETRv2 states another part.
          offsetScale: hybrid.offsetScale / 0.5
        )
      }
      queries = try feedForward(.decoder, index, queries)
      graph.landmarks.append((name: "decoder_layer_\(index)", value: queries))
      let deltas = try boxHead(index, queries, mayShare: false)
      boxes = graph.append(
        .refineBoxes,
        inputs: [deltas, boxes],
        name: index == last ? "boxes" : "decoder.layers.\(index).references"
      )
    }
    graph.boxes = boxes
    graph.logits = try linear(
      .classHead(last),
      queries,
      outputs: configuration.logits,
      mayShare: false
    )
  }

  /// Adds linear maps with ReLU between them.
  private mutating func perceptron(
    _ input: Value,
    layers: Int,
    hidden: Int,
    outputs: Int,
    name prefix: String = "",
    _ module: (Int) -> HybridModule
  ) throws(ArchitectureError) -> Value {
    var value = input
    for layer in 0..<layers {
      let isLast = layer == layers - 1
      value = try linear(
        .hybrid(module(layer)),
        value,
        outputs: isLast ? outputs : hidden,
        activation: isLast ? .none : .relu,
        name: prefix + module(layer).name
      )
    }
    return value
  }
}
