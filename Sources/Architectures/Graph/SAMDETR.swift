import FloatGraph

/// SAM-DETR: "Accelerating DETR Convergence via Semantic-Aligned Matching", Zhang et al., 2022, with
/// one scale, with or without SMCA.
///
/// Each decoder layer makes new queries for its cross-attention out of the encoder's map: a small
/// network looks at the features in a query's box and picks one salient point a head; the features
/// there and the sine code of the point, both weighted by gates of the query's content, become
/// queries of full width for every head, so that they lie in the space of the keys.
///
/// Sine codes come x first here and y first in the checkpoints; the weights that read them are
/// turned around. The 1×1 convolution before the network is linear, so it runs on the map before
/// features are averaged, not after.
extension GraphBuilder {
  /// Adds the whole detector.
  ///
  /// - Parameter sam: the part of the configuration that only this family has.
  /// - Throws: ``ArchitectureError``.
  mutating func samDETR(_ sam: DetectorConfiguration.SAM) throws(ArchitectureError) {
    let maps = try backbone()
    var map = try detrProjection(of: maps[configuration.backbone.outputs.last!])
    if sam.normalizesInput {
      let norm = try normalization(.inputNorm(level: 0), channels: configuration.width)
      map = graph.append(
        .groupNorm(norm, groups: 32),
        inputs: [map],
        name: Module.inputNorm(level: 0).name
      )
    }
    let positions = try positionCode(of: map, level: [], name: "positions")
    let memory = try detrEncoder(map, positions: positions)
    graph.memory = memory

    let start = FloatOperation.Matrix(
      rows: configuration.queries,
      columns: 4,
      values: try reader.take(.queryEmbedding, .weight, shape: [configuration.queries, 4])
    )
    let logits = graph.append(.constant(start), inputs: [], name: "query_boxes")
    var boxes = graph.append(.sigmoid, inputs: [logits], name: "init_reference")
    graph.landmarks.append((name: "init_reference", value: boxes))
    var queries = emptyQueries()
    let last = configuration.decoderLayers - 1
    for index in 0...last {
      queries = try samSelfAttention(index, queries, boxes: boxes)
      let name = "decoder.layers.\(index).encoder_attn"
      queries = try residual(
        queries,
        norm: .layer(.decoder, index, .crossAttentionNorm),
        name: "\(name)_sum"
      ) { builder, value throws(ArchitectureError) in
        try builder.alignedAttention(
          index,
          value,
          boxes: boxes,
          memory: memory,
          positions: positions,
          map: map,
          sam
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

  private func part(_ index: Int, _ name: String) -> Module { .layerPart(.decoder, index, name) }

  /// Adds self-attention whose positions are the sine codes of the boxes' centres.
  private mutating func samSelfAttention(
    _ index: Int,
    _ queries: Value,
    boxes: Value
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    let name = "decoder.layers.\(index).self_attn"
    let centres = graph.append(.sliceColumns(0..<2), inputs: [boxes], name: "\(name).centres")
    let sines = sineCode(centres, name: "\(name).sines")
    return try residual(
      queries,
      norm: .layer(.decoder, index, .selfAttentionNorm),
      name: "\(name)_sum"
    ) { builder, value throws(ArchitectureError) in
      func placed(_ content: String, _ position: String) throws(ArchitectureError) -> Value {
        let first = try builder.linear(builder.part(index, content), value, outputs: width)
        let weights = try builder.weights(builder.part(index, position), width, width)
          .swappingColumnHalves()
        let second = builder.product(weights, sines, builder.part(index, position))
        return builder.add(first, second, name: "decoder.layers.\(index).\(content)_placed")
      }
      let heads = builder.graph.append(
        .attention(.init(heads: builder.configuration.decoderHeads, keyGrid: nil)),
        inputs: [
          try placed("sa_qcontent_proj", "sa_qpos_proj"),
          try placed("sa_kcontent_proj", "sa_kpos_proj"),
          try builder.linear(builder.part(index, "sa_v_proj"), value, outputs: width),
        ],
        name: "\(name).heads"
      )
      return try builder.linear(builder.part(index, "self_attn.out_proj"), heads, outputs: width)
    }
  }

  /// Adds cross-attention with queries made of what lies at salient points.
  private mutating func alignedAttention(
    _ index: Int,
    _ queries: Value,
    boxes: Value,
    memory: Value,
    positions: Value,
    map: Value,
    _ sam: DetectorConfiguration.SAM
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    let heads = configuration.decoderHeads
    let name = "decoder.layers.\(index).encoder_attn"
    let salient = try salientPoints(index, memory: memory, boxes: boxes, sam)
    let content = graph.append(
      .regionSampling(.init(bins: sam.bins)),
      inputs: [memory, boxes, salient.places],
      name: "\(name).content"
    )
    let points = graph.append(
      .pointsInBoxes,
      inputs: [boxes, salient.places],
      name: "\(name).points"
    )
    let sines = sineCode(points, name: "\(name).sines")
    let contentGates = try linear(part(index, "attn1"), queries, outputs: heads * width)
    let sineGates = product(
      try weights(part(index, "attn2"), heads * width, width).swappingRowHalves(heads: heads),
      queries,
      part(index, "attn2")
    )
    let gated = graph.append(
      .gate(rows: heads),
      inputs: [content, contentGates],
      name: "\(name).gated_content"
    )
    let gatedSines = graph.append(
      .gate(rows: heads),
      inputs: [sines, sineGates],
      name: "\(name).gated_sines"
    )
    let query = add(
      try linear(part(index, "ca_qcontent_proj"), gated, outputs: width),
      try perceptron(index, "ca_qpos_sine_proj", gatedSines, swapsHalves: true),
      name: "\(name).query"
    )
    let key = add(
      try linear(part(index, "ca_kcontent_proj"), memory, outputs: width),
      try perceptron(index, "ca_kpos_sine_proj", positions, swapsHalves: false),
      name: "\(name).key"
    )
    let value = try linear(part(index, "ca_v_proj"), memory, outputs: width)
    let gaussian = FloatOperation.Gaussian(
      extent: .map,
      firstPixel: 0.5,
      smooth: 8,
      scales: 2,
      hasOffsets: false
    )
    let attention = FloatOperation.SpatialAttention(
      heads: heads,
      map: map,
      sharesKeys: true,
      gaussian: sam.isModulated ? gaussian : nil
    )
    let attended = graph.append(
      .spatialAttention(attention),
      inputs: [query, key, value] + (salient.scales.map { [points, $0] } ?? []),
      name: "\(name).heads"
    )
    return try linear(part(index, "cross_attn.out_proj"), attended, outputs: width)
  }

  /// Adds the network that finds one point a head inside of each box.
  ///
  /// Its last layer ends in a tangent: `tanh(x) = 2 sigmoid(2x) − 1`, so that twice the weights and
  /// a sigmoid give the place in 0…1 of the box.
  ///
  /// - Returns: places [n, 2 · heads], and with SMCA scales [n, 2 · heads].
  private mutating func salientPoints(
    _ index: Int,
    memory: Value,
    boxes: Value,
    _ sam: DetectorConfiguration.SAM
  ) throws(ArchitectureError) -> (places: Value, scales: Value?) {
    let coordinates = 2 * configuration.decoderHeads
    let reduction = part(index, "point1.0")
    let channels = try reader.shape(reduction).value.first ?? 0
    let reduced = try reader.convolution(
      reduction,
      outputs: channels,
      inputs: configuration.width,
      kernel: 1
    )
    let features = graph.append(
      .linear(reduced.withoutBias(), .none),
      inputs: [memory],
      name: reduction.name
    )
    var value = graph.append(
      .regionPooling(.init(bins: sam.bins, bias: reduced.bias)),
      inputs: [features, boxes],
      name: "decoder.layers.\(index).bins"
    )
    for layer in [0, 2, 4] {
      let module = part(index, "point2.\(layer)")
      let outputs = try reader.shape(module).value.first ?? 0
      var weights = try weights(module, outputs, graph[value].channels)
      if layer == 0 { weights = weights.interleavingColumns(groups: channels) }
      value = product(weights, value, module, activation: .relu)
    }
    let module = part(index, "point2.6")
    let weights = try weights(
      module,
      sam.isModulated ? 2 * coordinates : coordinates,
      graph[value].channels
    )
    let places = product(weights.rows(0..<coordinates).doubled(), value, module)
    let sigmoid = graph.append(.sigmoid, inputs: [places], name: "\(module.name).places")
    guard sam.isModulated else { return (sigmoid, nil) }
    let scales = graph.append(
      .linear(weights.rows(coordinates..<2 * coordinates), .none),
      inputs: [value],
      name: "\(module.name).scales"
    )
    return (sigmoid, scales)
  }

  /// Adds two linear maps with ReLU between them.
  private mutating func perceptron(
    _ index: Int,
    _ name: String,
    _ input: Value,
    swapsHalves: Bool
  ) throws(ArchitectureError) -> Value {
    let first = part(index, "\(name).layers.0")
    let outputs = try reader.shape(first).value.first ?? 0
    var weights = try weights(first, outputs, configuration.width)
    if swapsHalves { weights = weights.swappingColumnHalves() }
    let hidden = product(weights, input, first, activation: .relu)
    return try linear(part(index, "\(name).layers.1"), hidden, outputs: configuration.width)
  }

  private mutating func sineCode(_ points: Value, name: String) -> Value {
    graph.append(
      .boxSine(features: configuration.width / 2, temperature: 10000),
      inputs: [points],
      name: name
    )
  }

  private mutating func weights(
    _ module: Module,
    _ outputs: Int,
    _ inputs: Int
  ) throws(ArchitectureError) -> FloatOperation.Weights {
    FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: try reader.take(module, .weight, shape: [outputs, inputs]),
      bias: try reader.take(module, .bias, shape: [outputs])
    )
  }

  private mutating func product(
    _ weights: FloatOperation.Weights,
    _ input: Value,
    _ module: Module,
    activation: FloatOperation.Activation = .none
  ) -> Value {
    graph.append(.linear(weights, activation), inputs: [input], name: module.name)
  }
}

extension FloatOperation.Weights {
  /// The same map for inputs whose halves have changed places.
  fileprivate func swappingColumnHalves() -> Self {
    let half = inputs / 2
    return reordered(columns: (0..<inputs).map { ($0 + half) % inputs })
  }

  /// The map with groups of inputs turned from group by group to side by side: input `i` of group
  /// `g`, which was `g · n + i`, becomes `i · groups + g`.
  fileprivate func interleavingColumns(groups: Int) -> Self {
    let count = inputs / groups
    return reordered(columns: (0..<inputs).map { $0 % groups * count + $0 / groups })
  }

  /// The map with the halves of each head's outputs exchanged.
  fileprivate func swappingRowHalves(heads: Int) -> Self {
    let width = outputs / heads
    return reordered(
      rows: (0..<outputs).map { $0 / width * width + ($0 % width + width / 2) % width }
    )
  }

  fileprivate func rows(_ range: Range<Int>) -> Self { reordered(rows: Array(range)) }

  fileprivate func doubled() -> Self {
    Self(
      outputs: outputs,
      inputs: inputs,
      values: values.map { 2 * $0 },
      bias: bias.map { 2 * $0 }
    )
  }

  fileprivate func withoutBias() -> Self {
    Self(outputs: outputs, inputs: inputs, values: values, bias: [])
  }

  private func reordered(columns: [Int]) -> Self {
    Self(
      outputs: outputs,
      inputs: inputs,
      values: values.indices.map { values[$0 / inputs * inputs + columns[$0 % inputs]] },
      bias: bias
    )
  }

  private func reordered(rows: [Int]) -> Self {
    Self(
      outputs: rows.count,
      inputs: inputs,
      values: rows.flatMap { values[$0 * inputs..<($0 + 1) * inputs] },
      bias: rows.map { bias[$0] }
    )
  }
}
