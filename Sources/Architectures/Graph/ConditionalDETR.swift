import FloatGraph

/// Conditional DETR: "Conditional DETR for Fast Training Convergence", Meng et al., 2021.
///
/// DETR's encoder; in the decoder a query looks around a learned point. The point, its code and all that
/// the first layer makes of them do not depend on the picture and are constants of the graph; later
/// layers scale the code by what they have found.
extension GraphBuilder {
  /// Adds the whole detector.
  mutating func conditionalDETR() throws(ArchitectureError) {
    let maps = try backbone()
    let map = try detrProjection(of: maps[configuration.backbone.outputs.last!])
    let positions = try positionCode(of: map, level: [], name: "positions")
    let memory = try detrEncoder(map, positions: positions)
    graph.memory = memory

    let width = configuration.width
    let rows = configuration.queries
    let embedding = ConstantRows(
      rows: rows,
      columns: width,
      try reader.take(.queryEmbedding, .weight, shape: [rows, width])
    )
    let inner = try weights(.referencePointHead(linear: 0), outputs: width, inputs: width)
    let outer = try weights(.referencePointHead(linear: 1), outputs: 2, inputs: width)
    let points = embedding.linear(inner).relu().linear(outer).sigmoid()
    // Codes are x's, then y's here; the reference has them the other way round.
    let sines = points.sines(features: width / 2, temperature: 10000)
    let references = graph.append(.constant(points.matrix), inputs: [], name: "init_reference")
    let code = graph.append(.constant(sines.matrix), inputs: [], name: "query_sines")
    var queries = graph.append(
      .constant(ConstantRows(rows: rows, columns: width).matrix),
      inputs: [],
      name: "queries"
    )
    for index in 0..<configuration.decoderLayers {
      let sinePart: QueryParts.Sines
      if index == 0 {
        sinePart = .constant(sines)
      } else {
        let scale = try queryScale(.decoder, queries, xFirst: true, name: "decoder.layers.\(index)")
        sinePart = .value(
          graph.append(
            .multiply,
            inputs: [scale, code],
            name: "decoder.layers.\(index).scaled_sines"
          )
        )
      }
      queries = try conditionalSelfAttention(index, queries, position: .constant(embedding))
      queries = try conditionalCrossAttention(
        index,
        queries,
        QueryParts(
          position: index == 0 ? .constant(embedding) : .none,
          sines: sinePart,
          sineWeights: { $0.swappingColumns(width / 2) }
        ),
        memory: memory,
        positions: positions,
        grid: map
      )
      queries = try feedForward(.decoder, index, queries)
      graph.landmarks.append((name: "decoder_layer_\(index)", value: queries))
      if configuration.normalizesEveryLayer {
        queries = try decoderNorm(queries, name: "decoder.layers.\(index).norm")
      }
    }
    let output = try decoderNorm(queries, name: Module.finalNorm(.decoder).name)
    graph.logits = try linear(.classHead(0), output, outputs: configuration.logits)
    let deltas = try boxHead(0, output, mayShare: true)
    graph.boxes = graph.append(.refineBoxes, inputs: [deltas, references], name: "boxes")
  }

  /// Adds the two maps that scale a position code by a content.
  ///
  /// - Parameters:
  ///   - stack: whose maps they are.
  ///   - input: the contents.
  ///   - xFirst: whether the code that is scaled has the numbers of x before those of y, in place of the
  ///     reference's y before x.
  ///   - name: what stands before the names of the values.
  /// - Returns: one factor for each number of the code.
  /// - Throws: ``ArchitectureError``.
  mutating func queryScale(
    _ stack: Module.Stack,
    _ input: Value,
    xFirst: Bool,
    name: String
  ) throws(ArchitectureError) -> Value {
    let width = configuration.width
    let inner = try weights(.queryScale(stack, linear: 0), outputs: width, inputs: width)
    var outer = try weights(.queryScale(stack, linear: 1), outputs: width, inputs: width)
    if xFirst { outer = outer.swappingRows(width / 2) }
    let hidden = linear(inner, input, activation: .relu, name: "\(name).query_scale.0")
    return linear(outer, hidden, name: "\(name).query_scale.1")
  }
}

extension FloatOperation.Weights {
  /// The same map for inputs whose first `count` numbers and next `count` numbers changed places.
  func swappingColumns(_ count: Int) -> FloatOperation.Weights {
    FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: values.indices.map { values[$0 - $0 % inputs + Self.swapped($0 % inputs, count)] },
      bias: bias
    )
  }

  /// The same map whose first `count` outputs and next `count` outputs changed places.
  func swappingRows(_ count: Int) -> FloatOperation.Weights {
    FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: values.indices.map {
        values[Self.swapped($0 / inputs, count) * inputs + $0 % inputs]
      },
      bias: bias.indices.map { bias[Self.swapped($0, count)] }
    )
  }

  private static func swapped(_ index: Int, _ count: Int) -> Int {
    index < count ? index + count : index < 2 * count ? index - count : index
  }
}
