import FloatGraph

/// Cross-attention whose heads see contents and positions side by side: "Conditional DETR for Fast
/// Training Convergence", Meng et al., 2021; DAB-DETR has the same.
///
/// A head of queries and keys is the head of the contents, then that of the positions, so that its
/// scores are the sum of two products; values have contents only. A map whose outputs become one half
/// of every head is a map of twice the outputs, zero in the other half; two such maps are added. That is
/// exact, and an add is free where it ends a product.
extension GraphBuilder {
  /// Which part of every head the outputs of a map become.
  enum HeadPart: Int {
    case content = 0
    case position = 1
  }

  /// Weights and bias of a linear map.
  mutating func weights(
    _ module: Module,
    outputs: Int,
    inputs: Int
  ) throws(ArchitectureError) -> FloatOperation.Weights {
    FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: try reader.take(module, .weight, shape: [outputs, inputs]),
      bias: try reader.take(module, .bias, shape: [outputs])
    )
  }

  /// Adds a map with weights that are at hand.
  mutating func linear(
    _ weights: FloatOperation.Weights,
    _ input: Value,
    activation: FloatOperation.Activation = .none,
    name: String
  ) -> Value {
    graph.append(.linear(weights, activation), inputs: [input], name: name)
  }

  /// What a decoder layer's queries are made of; a constant part needs no node.
  struct QueryParts {
    /// The position that the layer adds to contents, if it does.
    enum Position {
      case none
      case constant(ConstantRows)
      case value(Value)
    }
    let position: Position
    /// The code that is compared with positions.
    enum Sines {
      case constant(ConstantRows)
      case value(Value)
    }
    let sines: Sines
    /// Changes the weights of the map that takes the code.
    let sineWeights: (FloatOperation.Weights) -> FloatOperation.Weights
  }

  /// Adds the attention of queries over the tokens, with its shortcut and its norm.
  ///
  /// - Parameters:
  ///   - index: the decoder layer.
  ///   - input: the queries' contents.
  ///   - parts: their positions.
  ///   - memory: the tokens.
  ///   - positions: the code of the tokens' pixels.
  ///   - grid: the map of the tokens.
  /// - Returns: the new contents.
  /// - Throws: ``ArchitectureError``.
  mutating func conditionalCrossAttention(
    _ index: Int,
    _ input: Value,
    _ parts: QueryParts,
    memory: Value,
    positions: Value,
    grid: Value
  ) throws(ArchitectureError) -> Value {
    func module(_ part: AttentionPart) -> Module { .layer(.decoder, index, .crossAttention(part)) }
    let width = configuration.width
    let name = "decoder.layers.\(index).encoder_attn"
    let addsPositions =
      switch parts.position {
      case .none: false
      default: true
      }
    return try residual(
      input,
      norm: .layer(.decoder, index, .crossAttentionNorm),
      name: "\(name)_sum"
    ) { builder, value throws(ArchitectureError) in
      let content = try builder.weights(module(.queryContent), outputs: width, inputs: width)
      var query = builder.linear(
        builder.inHeads(content, [.content]),
        value,
        name: module(.queryContent).name
      )
      let sine = parts.sineWeights(
        try builder.weights(module(.querySine), outputs: width, inputs: width)
      )
      let wideSine = builder.inHeads(sine, [.position])
      var constant: ConstantRows?
      switch parts.sines {
      case .constant(let rows): constant = rows.linear(wideSine)
      case .value(let sines):
        let part = builder.linear(wideSine, sines, name: module(.querySine).name)
        query = builder.add(query, part, name: "\(name).query_with_sines")
      }
      switch parts.position {
      case .none: break
      case .constant(let rows):
        let position = try builder.weights(module(.queryPosition), outputs: width, inputs: width)
        let part = rows.linear(builder.inHeads(position, [.content]))
        constant = constant.map { $0 + part } ?? part
      case .value(let rows):
        let position = try builder.weights(module(.queryPosition), outputs: width, inputs: width)
        let part = builder.linear(
          builder.inHeads(position, [.content]),
          rows,
          name: module(.queryPosition).name
        )
        query = builder.add(query, part, name: "\(name).query_with_positions")
      }
      if let constant {
        let rows = builder.graph.append(
          .constant(constant.matrix),
          inputs: [],
          name: "\(name).query_constant"
        )
        query = builder.add(query, rows, name: "\(name).query")
      }

      let keyContent = try builder.weights(module(.keyContent), outputs: width, inputs: width)
      let keyPosition = try builder.weights(module(.keyPosition), outputs: width, inputs: width)
      let key = builder.add(
        builder.linear(
          builder.inHeads(keyContent, [.content]),
          memory,
          name: module(.keyContent).name
        ),
        builder.linear(
          builder.inHeads(keyPosition, addsPositions ? [.content, .position] : [.position]),
          positions,
          name: module(.keyPosition).name
        ),
        name: "\(name).key"
      )
      let values = try builder.linear(module(.value), memory, outputs: width)
      let heads = builder.graph.append(
        .attention(.init(heads: builder.configuration.decoderHeads, keyGrid: grid)),
        inputs: [query, key, values],
        name: "\(name).heads"
      )
      return try builder.linear(module(.output), heads, outputs: width)
    }
  }

  /// Adds the attention among the queries, with its shortcut and its norm: the maps of contents and of
  /// positions are added.
  ///
  /// - Parameters:
  ///   - index: the decoder layer.
  ///   - input: the queries' contents.
  ///   - position: their positions.
  /// - Returns: the new contents.
  /// - Throws: ``ArchitectureError``.
  mutating func conditionalSelfAttention(
    _ index: Int,
    _ input: Value,
    position: QueryParts.Position
  ) throws(ArchitectureError) -> Value {
    func module(_ part: AttentionPart) -> Module { .layer(.decoder, index, .selfAttention(part)) }
    let width = configuration.width
    let name = "decoder.layers.\(index).self_attn"
    return try residual(
      input,
      norm: .layer(.decoder, index, .selfAttentionNorm),
      name: "\(name)_sum"
    ) { builder, value throws(ArchitectureError) in
      var operands: [Value] = []
      for (content, place, operand) in [
        (AttentionPart.queryContent, AttentionPart.queryPosition, "query"),
        (.keyContent, .keyPosition, "key"),
      ] {
        let part: Value
        switch position {
        case .constant(let rows):
          let weights = try builder.weights(module(place), outputs: width, inputs: width)
          part = builder.graph.append(
            .constant(rows.linear(weights).matrix),
            inputs: [],
            name: module(place).name
          )
        case .value(let rows): part = try builder.linear(module(place), rows, outputs: width)
        case .none: preconditionFailure("queries attend to each other with their positions")
        }
        let contents = try builder.linear(module(content), value, outputs: width)
        operands.append(builder.add(contents, part, name: "\(name).\(operand)"))
      }
      operands.append(try builder.linear(module(.value), value, outputs: width))
      let heads = builder.graph.append(
        .attention(.init(heads: builder.configuration.decoderHeads, keyGrid: nil)),
        inputs: operands,
        name: "\(name).heads"
      )
      return try builder.linear(module(.output), heads, outputs: width)
    }
  }

  /// The same map with its outputs as parts of heads of twice the width.
  func inHeads(
    _ weights: FloatOperation.Weights,
    _ parts: [HeadPart]
  ) -> FloatOperation.Weights {
    let heads = configuration.decoderHeads
    let width = weights.outputs / heads
    var values = [Float](repeating: 0, count: 2 * weights.values.count)
    var bias = [Float](repeating: 0, count: 2 * weights.outputs)
    for output in 0..<weights.outputs {
      for part in parts {
        let row = (output / width * 2 + part.rawValue) * width + output % width
        bias[row] = weights.bias[output]
        for input in 0..<weights.inputs {
          values[row * weights.inputs + input] = weights.values[output * weights.inputs + input]
        }
      }
    }
    return FloatOperation.Weights(
      outputs: 2 * weights.outputs,
      inputs: weights.inputs,
      values: values,
      bias: bias
    )
  }
}
