import FloatGraph

/// DETR: "End-to-End Object Detection with Transformers", Carion et al., 2020.
///
/// The tokens are the pixels of the last map; keys and queries of every attention carry positions,
/// values do not.
extension GraphBuilder {
  /// Adds the whole detector.
  mutating func detr() throws(ArchitectureError) {
    let maps = try backbone()
    let map = try detrProjection(of: maps[configuration.backbone.outputs.last!])
    let positions = try positionCode(of: map, level: [], name: "positions")
    let memory = try detrEncoder(map, positions: positions)
    graph.memory = memory
    let output = try detrDecoder(memory, positions: positions, grid: map)
    graph.logits = try linear(.classHead(0), output, outputs: configuration.logits)
    let boxes = try boxHead(0, output, mayShare: true)
    graph.boxes = graph.append(.sigmoid, inputs: [boxes], name: "boxes")
  }

  mutating func detrProjection(of map: Value) throws(ArchitectureError) -> Value {
    let module = Module.inputProjection(level: 0)
    let weights = try reader.convolution(
      module,
      outputs: configuration.width,
      inputs: graph[map].channels,
      kernel: 1
    )
    return graph.append(
      .convolution(weights, .init(kernel: 1), .none),
      inputs: [map],
      name: module.name
    )
  }

  /// Adds the encoder over the pixels of one map.
  mutating func detrEncoder(
    _ map: Value,
    positions: Value
  ) throws(ArchitectureError) -> Value {
    let attention = FloatOperation.Attention(heads: configuration.encoderHeads, keyGrid: map)
    var tokens = map
    for index in 0..<configuration.encoderLayers {
      let name = "encoder.layers.\(index).self_attn"
      tokens = try residual(
        tokens,
        norm: .layer(.encoder, index, .selfAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        let placed = builder.add(value, positions, name: "\(name).with_positions")
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
    return configuration.normalizesBefore ? try layerNorm(.finalNorm(.encoder), tokens) : tokens
  }

  private mutating func detrDecoder(
    _ memory: Value,
    positions: Value,
    grid: Value
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    let rows = configuration.queries
    let embedding = FloatOperation.Matrix(
      rows: rows,
      columns: width,
      values: try reader.take(.queryEmbedding, .weight, shape: [rows, width])
    )
    let queryPositions = graph.append(.constant(embedding), inputs: [], name: "query_positions")
    var queries = emptyQueries()
    let placedMemory = add(memory, positions, name: "memory.with_positions")
    let attention = FloatOperation.Attention(heads: configuration.decoderHeads, keyGrid: grid)
    for index in 0..<configuration.decoderLayers {
      queries = try querySelfAttention(index, queries, positions: queryPositions)
      let name = "decoder.layers.\(index).encoder_attn"
      queries = try residual(
        queries,
        norm: .layer(.decoder, index, .crossAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        try builder.attention(
          { .layer(.decoder, index, .crossAttention($0)) },
          query: builder.add(value, queryPositions, name: "\(name).with_positions"),
          key: placedMemory,
          value: memory,
          attention,
          name: "\(name).heads"
        )
      }
      queries = try feedForward(.decoder, index, queries)
      graph.landmarks.append((name: "decoder_layer_\(index)", value: queries))
      if configuration.normalizesEveryLayer {
        queries = try decoderNorm(queries, name: "decoder.layers.\(index).norm")
      }
    }
    return try decoderNorm(queries, name: Module.finalNorm(.decoder).name)
  }

  /// The content of the queries before the first decoder layer: zeros.
  mutating func emptyQueries() -> Value {
    let zero = FloatOperation.Matrix(
      rows: configuration.queries,
      columns: configuration.width,
      values: [Float](repeating: 0, count: configuration.queries * configuration.width)
    )
    return graph.append(.constant(zero), inputs: [], name: "queries")
  }

  /// The decoder's last norm, under a name of its own for each use.
  mutating func decoderNorm(
    _ input: Value,
    name: String
  ) throws(ArchitectureError) -> Value {
    let norm = try normalization(.finalNorm(.decoder), channels: configuration.width)
    return graph.append(.layerNorm(norm), inputs: [input], name: name)
  }
}
