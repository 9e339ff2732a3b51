import FloatGraph

/// DAB-DETR: "Dynamic Anchor Boxes are Better Queries for DETR", Liu et al., 2022.
///
/// Queries are boxes, refined after every layer by one shared head. The code of a box gives the
/// query's position; that of its centre, scaled by the content and by the sides that the content looks
/// for over the box's own, is compared with the positions of tokens. All that the first layer makes of
/// the learned boxes alone is constant.
extension GraphBuilder {
  /// Adds the whole detector.
  ///
  /// - Parameter anchors: the part of the configuration that only this family has.
  /// - Throws: ``ArchitectureError``.
  mutating func dabDETR(
    _ anchors: DetectorConfiguration.AnchorBoxes
  ) throws(ArchitectureError) {
    let maps = try backbone()
    let map = try detrProjection(of: maps[configuration.backbone.outputs.last!])
    let code = FloatOperation.PositionCode(
      kind: .sine(
        features: configuration.width / 2,
        temperature: anchors.rowTemperature,
        scale: anchors.positionScale,
        offset: 0
      ),
      level: [],
      columnTemperature: anchors.columnTemperature
    )
    let positions = graph.append(.positionCode(code), inputs: [map], name: "positions")
    let memory = try anchorEncoder(map, positions: positions, anchors)
    graph.memory = memory
    try anchorDecoder(memory, positions: positions, grid: map, anchors)
  }

  /// Adds an encoder that scales the code of a token's pixel by the token's content.
  private mutating func anchorEncoder(
    _ map: Value,
    positions: Value,
    _ anchors: DetectorConfiguration.AnchorBoxes
  ) throws(ArchitectureError) -> Value {
    let attention = FloatOperation.Attention(heads: configuration.encoderHeads, keyGrid: map)
    var tokens = map
    for index in 0..<configuration.encoderLayers {
      let layer = "encoder.layers.\(index)"
      let name = "\(layer).self_attn"
      tokens = try residual(
        tokens,
        norm: .layer(.encoder, index, .selfAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        let scale = try builder.queryScale(.encoder, value, xFirst: false, name: layer)
        let scaled = builder.graph.append(
          .multiply,
          inputs: [scale, positions],
          name: "\(layer).scaled_positions"
        )
        let placed = builder.add(value, scaled, name: "\(name).with_positions")
        return try builder.attention(
          { .layer(.encoder, index, .selfAttention($0)) },
          query: placed,
          key: placed,
          value: value,
          attention,
          name: "\(name).heads"
        )
      }
      tokens = try feedForward(.encoder, index, tokens)
      graph.landmarks.append((name: "encoder_layer_\(index)", value: tokens))
    }
    return anchors.normalizesMemory ? try layerNorm(.finalNorm(.encoder), tokens) : tokens
  }

  private mutating func anchorDecoder(
    _ memory: Value,
    positions: Value,
    grid: Value,
    _ anchors: DetectorConfiguration.AnchorBoxes
  ) throws(ArchitectureError) {
    let width = configuration.width
    let start = try anchorStart(anchors)
    var queries = graph.append(.constant(start.contents.matrix), inputs: [], name: "queries")
    var references = graph.append(
      .constant(start.boxes.matrix),
      inputs: [],
      name: "init_reference"
    )
    let last = configuration.decoderLayers - 1
    for index in 0...last {
      let parts =
        index == 0
        ? try constantParts(start)
        : try boxParts(queries, references, index: index)
      queries = try conditionalSelfAttention(index, queries, position: parts.position)
      queries = try conditionalCrossAttention(
        index,
        queries,
        QueryParts(
          position: index == 0 || anchors.keepsQueryPositions ? parts.position : .none,
          sines: parts.sines,
          sineWeights: { $0.swappingColumns(width / 2) }
        ),
        memory: memory,
        positions: positions,
        grid: grid
      )
      queries = try feedForward(.decoder, index, queries)
      graph.landmarks.append((name: "decoder_layer_\(index)", value: queries))
      let isLast = index == last
      let output =
        isLast ? try decoderNorm(queries, name: Module.finalNorm(.decoder).name) : queries
      if isLast {
        graph.logits = try linear(.classHead(0), output, outputs: configuration.logits)
      }
      references = graph.append(
        .refineBoxes,
        inputs: [try boxHead(0, output, name: "bbox_embed.\(index)"), references],
        name: isLast ? "boxes" : "decoder.layers.\(index).references"
      )
    }
    graph.boxes = references
  }

  /// What the decoder starts from: every box with every pattern, pattern by pattern.
  private struct AnchorStart {
    var contents: ConstantRows
    var boxes: ConstantRows
  }

  private mutating func anchorStart(
    _ anchors: DetectorConfiguration.AnchorBoxes
  ) throws(ArchitectureError) -> AnchorStart {
    let (width, queries) = (configuration.width, configuration.queries)
    let copies = max(anchors.patterns, 1)
    let boxes = try reader.take(.queryEmbedding, .weight, shape: [queries, 4])
    var contents = ConstantRows(rows: copies * queries, columns: width)
    if anchors.patterns > 0 {
      let patterns = try reader.take(.patterns, .weight, shape: [anchors.patterns, width])
      contents.values = (0..<copies).flatMap { pattern in
        (0..<queries * width).map { Double(patterns[pattern * width + $0 % width]) }
      }
    }
    return AnchorStart(
      contents: contents,
      boxes: ConstantRows(
        rows: copies * queries,
        columns: 4,
        (0..<copies).flatMap { _ in boxes }
      ).sigmoid()
    )
  }

  /// Positions and codes of the first layer, where contents and boxes are those of the model.
  private mutating func constantParts(
    _ start: AnchorStart
  ) throws(ArchitectureError) -> (position: QueryParts.Position, sines: QueryParts.Sines) {
    let width = configuration.width
    let codes = start.boxes.sines(features: width / 2, temperature: 10000)
    let (inner, outer) = try pointHead()
    let position = codes.linear(inner).relu().linear(outer)
    let (anchorInner, anchorOuter) = try anchorHead()
    let sides = start.contents.linear(anchorInner).relu().linear(anchorOuter).sigmoid()
    var sines = codes.columns(0..<width)
    for row in 0..<sines.rows {
      for column in 0..<width {
        let side = column / (width / 2)
        sines.values[row * width + column] *=
          sides.values[row * 2 + side] / start.boxes.values[row * 4 + 2 + side]
      }
    }
    return (.constant(position), .constant(sines))
  }

  /// Positions and codes of later layers.
  private mutating func boxParts(
    _ queries: Value,
    _ references: Value,
    index: Int
  ) throws(ArchitectureError) -> (position: QueryParts.Position, sines: QueryParts.Sines) {
    let width = configuration.width
    let layer = "decoder.layers.\(index)"
    let codes = graph.append(
      .boxSine(features: width / 2, temperature: 10000),
      inputs: [references],
      name: "\(layer).sines"
    )
    let (inner, outer) = try pointHead()
    let hidden = linear(inner, codes, activation: .relu, name: "\(layer).ref_point_head.0")
    let position = linear(outer, hidden, name: "\(layer).ref_point_head.1")
    let scale = try queryScale(.decoder, queries, xFirst: true, name: layer)
    let centres = graph.append(
      .sliceColumns(0..<width),
      inputs: [codes],
      name: "\(layer).centre_sines"
    )
    let scaled = graph.append(
      .multiply,
      inputs: [scale, centres],
      name: "\(layer).scaled_sines"
    )
    let (anchorInner, anchorOuter) = try anchorHead()
    let anchorHidden = linear(
      anchorInner,
      queries,
      activation: .relu,
      name: "\(layer).ref_anchor_head.0"
    )
    let sides = graph.append(
      .sigmoid,
      inputs: [linear(anchorOuter, anchorHidden, name: "\(layer).ref_anchor_head.1")],
      name: "\(layer).sides"
    )
    let modulated = graph.append(
      .modulateBySides,
      inputs: [scaled, sides, references],
      name: "\(layer).modulated_sines"
    )
    return (.value(position), .value(modulated))
  }

  /// From the code of a box, x before y here, to the query's position.
  private mutating func pointHead() throws(ArchitectureError) -> (
    FloatOperation.Weights, FloatOperation.Weights
  ) {
    let width = configuration.width
    let inner = try weights(.referencePointHead(linear: 0), outputs: width, inputs: 2 * width)
    let outer = try weights(.referencePointHead(linear: 1), outputs: width, inputs: width)
    return (inner.swappingColumns(width / 2), outer)
  }

  /// From a content to a width and a height.
  private mutating func anchorHead() throws(ArchitectureError) -> (
    FloatOperation.Weights, FloatOperation.Weights
  ) {
    let width = configuration.width
    return (
      try weights(.referenceAnchorHead(linear: 0), outputs: width, inputs: width),
      try weights(.referenceAnchorHead(linear: 1), outputs: 2, inputs: width)
    )
  }

  /// The shared box head, with names of its own for each use.
  private mutating func boxHead(
    _ index: Int,
    _ input: Value,
    name: String
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    var value = input
    for layer in 0..<3 {
      let weights = try weights(
        .boxHead(index, linear: layer),
        outputs: layer == 2 ? 4 : width,
        inputs: width
      )
      let activation: FloatOperation.Activation = layer == 2 ? .none : .relu
      value = linear(weights, value, activation: activation, name: "\(name).layers.\(layer)")
    }
    return value
  }
}
