import FloatGraph

/// Deformable DETR: "Deformable Transformers for End-to-End Object Detection", Zhu et al., 2021.
///
/// The tokens are the pixels of a pyramid, level by level. Attention over them samples a few points
/// around a reference: the token's own centre in the encoder, a learned or proposed point or box in
/// the decoder.
extension GraphBuilder {
  /// Adds the whole detector.
  ///
  /// - Parameter deformable: the part of the configuration that only this family has.
  /// - Throws: ``ArchitectureError``.
  mutating func deformableDETR(
    _ deformable: DetectorConfiguration.Deformable
  ) throws(ArchitectureError) {
    let levels = try pyramid(deformable)
    let embedding = try reader.take(
      .levelEmbedding,
      .weight,
      shape: [deformable.levels, configuration.width]
    )
    var codes: [Value] = []
    for (index, level) in levels.enumerated() {
      let row = embedding[index * configuration.width..<(index + 1) * configuration.width]
      codes.append(try positionCode(of: level, level: Array(row), name: "positions.\(index)"))
    }
    let memory = try deformableEncoder(
      tokens(levels, name: "tokens"),
      positions: tokens(codes, name: "positions"),
      levels: levels,
      points: deformable.encoderPoints
    )
    graph.memory = memory
    let start =
      deformable.isTwoStage
      ? try proposals(memory, levels: levels) : try learnedQueries()
    try deformableDecoder(start, memory: memory, levels: levels, deformable)
  }

  /// What the decoder starts with.
  struct DecoderStart {
    let queries: Value
    let positions: Value
    /// Points [n, 2] or boxes [n, 4] in 0…1.
    let references: Value
  }

  /// Adds the maps that attention samples from: those of the backbone by 1×1 convolutions, further
  /// ones by 3×3 convolutions of stride 2 from the last backbone map, then from the level before.
  private mutating func pyramid(
    _ deformable: DetectorConfiguration.Deformable
  ) throws(ArchitectureError) -> [Value] {
    let maps = try backbone()
    let outputs = configuration.backbone.outputs
    var levels: [Value] = []
    for level in 0..<deformable.levels {
      let source: Value
      let window: FloatOperation.Window
      if level < outputs.count {
        source = maps[outputs[level]]
        window = .init(kernel: 1)
      } else {
        source = level == outputs.count ? maps[outputs.last!] : levels[level - 1]
        window = .init(kernel: 3, stride: 2, padding: 1)
      }
      let module = Module.inputProjection(level: level)
      let weights = try reader.convolution(
        module,
        outputs: configuration.width,
        inputs: graph[source].channels,
        kernel: window.kernel
      )
      let projected = graph.append(
        .convolution(weights, window, .none),
        inputs: [source],
        name: module.name
      )
      let norm = try normalization(.inputNorm(level: level), channels: configuration.width)
      levels.append(
        graph.append(
          .groupNorm(norm, groups: 32),
          inputs: [projected],
          name: Module.inputNorm(level: level).name
        )
      )
    }
    return levels
  }

  private mutating func deformableEncoder(
    _ tokens: Value,
    positions: Value,
    levels: [Value],
    points: Int
  ) throws(ArchitectureError) -> Value {
    let attention = FloatOperation.DeformableAttention(
      heads: configuration.encoderHeads,
      points: points,
      levels: levels
    )
    var tokens = tokens
    for index in 0..<configuration.encoderLayers {
      let name = "encoder.layers.\(index).self_attn"
      tokens = try residual(
        tokens,
        norm: .layer(.encoder, index, .selfAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        try builder.deformableAttention(
          { .layer(.encoder, index, .selfAttention($0)) },
          query: builder.add(value, positions, name: "\(name).with_positions"),
          value: value,
          references: nil,
          attention,
          name: name,
          landmark: "encoder_layer_\(index)"
        )
      }
      tokens = try feedForward(.encoder, index, tokens)
      graph.landmarks.append((name: "encoder_layer_\(index)", value: tokens))
    }
    return tokens
  }

  /// Adds multi-scale deformable attention with its four linear maps.
  mutating func deformableAttention(
    _ part: (AttentionPart) -> Module,
    query: Value,
    value: Value,
    references: Value?,
    _ attention: FloatOperation.DeformableAttention,
    name: String,
    landmark: String,
    offsetScale: Double = 1
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    let samples = attention.heads * attention.levels.count * attention.points
    let projected = try linear(part(.deformableValue), value, outputs: width)
    let values = graph.append(
      .maskPadding(levels: attention.levels),
      inputs: [projected],
      name: "\(name).value"
    )
    let offsets = try linear(
      part(.samplingOffsets),
      query,
      outputs: 2 * samples,
      scale: offsetScale
    )
    let weights = try linear(part(.attentionWeights), query, outputs: samples)
    let sampled = graph.append(
      .deformableAttention(attention),
      inputs: [values, offsets, weights] + (references.map { [$0] } ?? []),
      name: "\(name).sampled"
    )
    if references != nil {
      graph.landmarks.append((name: "\(landmark).sampling_offsets", value: offsets))
    }
    graph.landmarks.append((name: "\(landmark).sampled", value: sampled))
    return try linear(part(.deformableOutput), sampled, outputs: width)
  }

  /// Adds queries that are trained: a row of the embedding is the position, then the content.
  private mutating func learnedQueries() throws(ArchitectureError) -> DecoderStart {
    let width = configuration.width
    let rows = configuration.queries
    let embedding = try reader.take(.queryEmbedding, .weight, shape: [rows, 2 * width])
    func half(_ first: Int) -> FloatOperation.Matrix {
      var values: [Float] = []
      for row in 0..<rows {
        let start = row * 2 * width + first
        values += embedding[start..<start + width]
      }
      return FloatOperation.Matrix(rows: rows, columns: width, values: values)
    }
    let positions = graph.append(.constant(half(0)), inputs: [], name: "query_positions")
    let queries = graph.append(.constant(half(width)), inputs: [], name: "queries")
    let points = try linear(.referencePoints, positions, outputs: 2)
    let references = graph.append(.sigmoid, inputs: [points], name: "init_reference")
    graph.landmarks.append((name: "init_reference", value: references))
    return DecoderStart(queries: queries, positions: positions, references: references)
  }

  private mutating func deformableDecoder(
    _ start: DecoderStart,
    memory: Value,
    levels: [Value],
    _ deformable: DetectorConfiguration.Deformable
  ) throws(ArchitectureError) {
    let attention = FloatOperation.DeformableAttention(
      heads: configuration.decoderHeads,
      points: deformable.decoderPoints,
      levels: levels
    )
    let last = configuration.decoderLayers - 1
    var queries = start.queries
    var references = start.references
    for index in 0...last {
      queries = try querySelfAttention(index, queries, positions: start.positions)
      let name = "decoder.layers.\(index).encoder_attn"
      queries = try residual(
        queries,
        norm: .layer(.decoder, index, .crossAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        try builder.deformableAttention(
          { .layer(.decoder, index, .crossAttention($0)) },
          query: builder.add(value, start.positions, name: "\(name).with_positions"),
          value: memory,
          references: references,
          attention,
          name: name,
          landmark: "decoder_layer_\(index)"
        )
      }
      queries = try feedForward(.decoder, index, queries)
      graph.landmarks.append((name: "decoder_layer_\(index)", value: queries))
      if deformable.refinesBoxes || index == last {
        let deltas = try boxHead(index, queries, mayShare: !deformable.refinesBoxes)
        references = graph.append(
          .refineBoxes,
          inputs: [deltas, references],
          name: index == last ? "boxes" : "decoder.layers.\(index).references"
        )
      }
      if deformable.refinesBoxes {
        graph.landmarks.append((name: "layer_references.\(index)", value: references))
      }
    }
    graph.boxes = references
    graph.logits = try linear(
      .classHead(last),
      queries,
      outputs: configuration.logits,
      mayShare: !deformable.isTwoStage
    )
  }
}
