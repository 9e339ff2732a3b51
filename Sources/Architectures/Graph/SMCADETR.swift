import FloatGraph

/// SMCA-DETR: "Fast Convergence of DETR with Spatially Modulated Co-Attention", Gao et al., 2021,
/// with one scale.
///
/// DETR, but for its cross-attention: each query predicts a point of the picture before the first
/// layer, and in every layer and for each head an offset from it and the widths of a Gaussian, whose
/// logarithm is added to the scores. Boxes are found relative to the point.
extension GraphBuilder {
  /// Adds the whole detector.
  ///
  /// - Parameter smca: the part of the configuration that only this family has.
  /// - Throws: ``ArchitectureError``.
  mutating func smcaDETR(_ smca: DetectorConfiguration.SMCA) throws(ArchitectureError) {
    let maps = try backbone()
    let map = try detrProjection(of: maps[configuration.backbone.outputs.last!])
    let positions = try positionCode(of: map, level: [], name: "positions")
    let memory = try detrEncoder(map, positions: positions)
    graph.memory = memory
    let (output, points) = try smcaDecoder(memory, positions: positions, map: map, smca)
    graph.logits = try linear(.classHead(0), output, outputs: configuration.logits)
    let deltas = try boxHead(0, output, mayShare: true)
    graph.boxes = graph.append(.refineBoxes, inputs: [deltas, points], name: "boxes")
  }

  private mutating func smcaDecoder(
    _ memory: Value,
    positions: Value,
    map: Value,
    _ smca: DetectorConfiguration.SMCA
  ) throws(ArchitectureError) -> (output: Value, points: Value) {
    let rows = configuration.queries
    let embedding = FloatOperation.Matrix(
      rows: rows,
      columns: configuration.width,
      values: try reader.take(.queryEmbedding, .weight, shape: [rows, configuration.width])
    )
    let queryPositions = graph.append(.constant(embedding), inputs: [], name: "query_positions")
    var queries = emptyQueries()
    var points: Value?
    let placedMemory = add(memory, positions, name: "memory.with_positions")
    let attention = FloatOperation.SpatialAttention(
      heads: configuration.decoderHeads,
      map: map,
      sharesKeys: false,
      gaussian: FloatOperation.Gaussian(
        extent: .picture(dividedBy: 32),
        firstPixel: 0,
        smooth: smca.smooth,
        scales: smca.scales,
        hasOffsets: true
      )
    )
    for index in 0..<configuration.decoderLayers {
      let spatial = try spatialQuery(index, queries, positions: queryPositions)
      if points == nil { points = try referencePoints(spatial) }
      var gaussian = [points!]
      if smca.scales > 0 {
        let count = smca.scales * configuration.decoderHeads
        gaussian.append(try linear(.layerPart(.decoder, index, "point3"), spatial, outputs: count))
      }
      let offsets = 2 * configuration.decoderHeads
      gaussian.append(try linear(.layerPart(.decoder, index, "point2"), spatial, outputs: offsets))

      queries = try querySelfAttention(index, queries, positions: queryPositions)
      let name = "decoder.layers.\(index).encoder_attn"
      queries = try residual(
        queries,
        norm: .layer(.decoder, index, .crossAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        try builder.modulatedAttention(
          index,
          query: builder.add(value, queryPositions, name: "\(name).with_positions"),
          key: placedMemory,
          value: memory,
          gaussian: gaussian,
          attention,
          name: "\(name).heads"
        )
      }
      queries = try feedForward(.decoder, index, queries)
      graph.landmarks.append((name: "decoder_layer_\(index)", value: queries))
    }
    return (try decoderNorm(queries, name: Module.finalNorm(.decoder).name), points!)
  }

  /// What a layer's Gaussians are predicted from: content and position of the queries, normalised.
  private mutating func spatialQuery(
    _ index: Int,
    _ queries: Value,
    positions: Value
  ) throws(ArchitectureError) -> Value {
    let sum = add(queries, positions, name: "decoder.layers.\(index).spatial_sum")
    return try layerNorm(.layerPart(.decoder, index, "norm4"), sum)
  }

  /// The points around which the queries look, in 0…1 of the picture.
  private mutating func referencePoints(_ spatial: Value) throws(ArchitectureError) -> Value {
    var value = spatial
    for layer in 0..<3 {
      let module = Module.layerPart(.decoder, 0, "point1.layers.\(layer)")
      let outputs = try reader.shape(module).value.first ?? 0
      value = try linear(
        module,
        value,
        outputs: layer == 2 ? 2 : outputs,
        activation: layer == 2 ? .none : .relu
      )
    }
    let points = graph.append(.sigmoid, inputs: [value], name: "init_reference")
    graph.landmarks.append((name: "init_reference", value: points))
    return points
  }

  private mutating func modulatedAttention(
    _ index: Int,
    query: Value,
    key: Value,
    value: Value,
    gaussian: [Value],
    _ attention: FloatOperation.SpatialAttention,
    name: String
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    func part(_ part: AttentionPart) -> Module { .layer(.decoder, index, .crossAttention(part)) }
    let queries = try linear(part(.query), query, outputs: width)
    let keys = try linear(part(.key), key, outputs: width)
    let values = try linear(part(.value), value, outputs: width)
    let heads = graph.append(
      .spatialAttention(attention),
      inputs: [queries, keys, values] + gaussian,
      name: name
    )
    return try linear(part(.output), heads, outputs: width)
  }
}
