import FloatGraph

extension GraphBuilder {
  /// Adds a sublayer with its shortcut and its norm.
  ///
  /// Post-norm is `norm(x + sublayer(x))`, pre-norm is `x + sublayer(norm(x))`.
  ///
  /// - Parameters:
  ///   - input: x.
  ///   - norm: the norm.
  ///   - name: the name of the sum.
  ///   - normalizesBefore: whether this is pre-norm; by default what the configuration says.
  ///   - sublayer: adds what is computed from its argument.
  /// - Returns: the new x.
  /// - Throws: ``ArchitectureError``.
  mutating func residual(
    _ input: Value,
    norm: Module,
    name: String,
    normalizesBefore: Bool? = nil,
    _ sublayer: (inout GraphBuilder, Value) throws(ArchitectureError) -> Value
  ) throws(ArchitectureError) -> Value {
    if normalizesBefore ?? configuration.normalizesBefore {
      let output = try sublayer(&self, try layerNorm(norm, input))
      return add(input, output, name: name)
    }
    let output = try sublayer(&self, input)
    return try layerNorm(norm, add(input, output, name: name))
  }

  /// Whether the layers of a stack normalise their inputs; RT-DETR's decoder never does.
  private func normalizesBefore(_ stack: Module.Stack) -> Bool {
    configuration.normalizesBefore && (stack == .encoder || configuration.hybrid == nil)
  }

  /// Adds the feed-forward part of a layer.
  mutating func feedForward(
    _ stack: Module.Stack,
    _ index: Int,
    _ input: Value
  ) throws(ArchitectureError) -> Value {
    let hidden =
      stack == .encoder ? configuration.encoderHiddenWidth : configuration.decoderHiddenWidth
    let width = configuration.width
    let activation = configuration.activation
    return try residual(
      input,
      norm: .layer(stack, index, .feedForwardNorm),
      name: "\(stack).layers.\(index).ffn_sum",
      normalizesBefore: normalizesBefore(stack)
    ) { builder, value throws(ArchitectureError) in
      let learnsSlope = builder.configuration.anchors?.learnsSlopes ?? false
      var expanded = try builder.linear(
        .layer(stack, index, .expansion),
        value,
        outputs: hidden,
        activation: learnsSlope ? .none : activation
      )
      if learnsSlope {
        let slope = Module.layer(stack, index, .activationSlope)
        expanded = builder.graph.append(
          .parametricRelu(slope: try builder.reader.take(slope, .weight, shape: [1])[0]),
          inputs: [expanded],
          name: slope.name
        )
      }
      return try builder.linear(.layer(stack, index, .contraction), expanded, outputs: width)
    }
  }

  /// Adds multi-head attention with its four linear maps.
  ///
  /// - Parameters:
  ///   - part: makes the module of one of the maps.
  ///   - query: rows that ask, with their positions.
  ///   - key: rows that are asked, with their positions.
  ///   - value: rows that are asked.
  ///   - attention: heads and mask.
  ///   - name: the name of what comes out of the heads.
  ///   - width: the width of all maps; by default that of the model.
  /// - Returns: what the output map makes of it.
  /// - Throws: ``ArchitectureError``.
  mutating func attention(
    _ part: (AttentionPart) -> Module,
    query: Value,
    key: Value,
    value: Value,
    _ attention: FloatOperation.Attention,
    name: String,
    width: Int? = nil
  ) throws(ArchitectureError) -> Value {
    let width = width ?? configuration.width
    let queries = try linear(part(.query), query, outputs: width)
    let keys = try linear(part(.key), key, outputs: width)
    let values = try linear(part(.value), value, outputs: width)
    let heads = graph.append(
      .attention(attention),
      inputs: [queries, keys, values],
      name: name
    )
    return try linear(part(.output), heads, outputs: width)
  }

  /// Adds the self-attention of the queries, the same in DETR and Deformable DETR.
  mutating func querySelfAttention(
    _ index: Int,
    _ input: Value,
    positions: Value
  ) throws(ArchitectureError) -> Value {
    let heads = configuration.decoderHeads
    let name = "decoder.layers.\(index).self_attn"
    return try residual(
      input,
      norm: .layer(.decoder, index, .selfAttentionNorm),
      name: "\(name)_sum",
      normalizesBefore: normalizesBefore(.decoder)
    ) { builder, value throws(ArchitectureError) in
      let placed = builder.add(value, positions, name: "\(name).with_positions")
      return try builder.attention(
        { .layer(.decoder, index, .selfAttention($0)) },
        query: placed,
        key: placed,
        value: value,
        .init(heads: heads, keyGrid: nil),
        name: "\(name).heads"
      )
    }
  }
}
