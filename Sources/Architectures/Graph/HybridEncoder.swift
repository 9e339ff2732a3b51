import FloatGraph

/// The hybrid encoder of RT-DETR: attention within a scale, fusion of the scales by convolutions.
extension GraphBuilder {
  /// Adds backbone and encoder.
  ///
  /// - Parameter hybrid: what only this family has.
  /// - Returns: the maps, finest first, ``DetectorConfiguration/Hybrid/encoderWidth`` channels each.
  /// - Throws: ``ArchitectureError``.
  mutating func hybridEncoder(
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> [Value] {
    let stages = try backbone()
    var maps: [Value] = []
    for (level, stage) in configuration.backbone.outputs.enumerated() {
      let module = Module.inputProjection(level: level)
      let weights = try reader.foldedConvolution(
        module,
        outputs: hybrid.encoderWidth,
        inputs: graph[stages[stage]].channels,
        kernel: 1
      )
      maps.append(
        graph.append(
          .convolution(weights, .init(kernel: 1), .none),
          inputs: [stages[stage]],
          name: module.name
        )
      )
    }
    for (index, scale) in hybrid.attendedScales.enumerated() {
      maps[scale] = try attended(maps[scale], index, hybrid)
    }
    return try fused(maps, hybrid)
  }

  /// Adds the layers of a transformer encoder over the pixels of one map.
  private mutating func attended(
    _ map: Value,
    _ scale: Int,
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> Value {
    var positions: Value?
    if hybrid.hasPositions {
      let code = FloatOperation.PositionCode(
        kind: .sineHalves(features: hybrid.encoderWidth / 2, temperature: hybrid.temperature),
        level: []
      )
      positions = graph.append(
        .positionCode(code),
        inputs: [map],
        name: "aifi.\(scale).positions"
      )
    }
    var tokens = map
    for index in 0..<configuration.encoderLayers {
      func module(_ part: LayerPart) -> Module {
        .hybrid(.layer(scale: scale, index, part))
      }
      let name = "aifi.\(scale).layers.\(index)"
      tokens = try residual(
        tokens,
        norm: module(.selfAttentionNorm),
        name: "\(name).self_attn_sum"
      ) { builder, value throws(ArchitectureError) in
        let placed =
          positions.map { builder.add(value, $0, name: "\(name).self_attn.with_positions") }
          ?? value
        return try builder.attention(
          { module(.selfAttention($0)) },
          query: placed,
          key: placed,
          value: value,
          .init(heads: builder.configuration.encoderHeads, keyGrid: nil),
          name: "\(name).self_attn.heads",
          width: hybrid.encoderWidth
        )
      }
      // With norms before the sublayers the reference adds the feed-forward part to the normalised tokens.
      if configuration.normalizesBefore { tokens = try layerNorm(module(.feedForwardNorm), tokens) }
      let expanded = try linear(
        module(.expansion),
        tokens,
        outputs: configuration.encoderHiddenWidth,
        activation: hybrid.encoderActivation
      )
      let contracted = try linear(
        module(.contraction),
        expanded,
        outputs: hybrid.encoderWidth
      )
      tokens = add(tokens, contracted, name: "\(name).ffn_sum")
      if !configuration.normalizesBefore {
        tokens = try layerNorm(module(.feedForwardNorm), tokens)
      }
    }
    return tokens
  }

  /// Adds the way from the coarsest map to the finest one (FPN) and back (PAN).
  private mutating func fused(
    _ maps: [Value],
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> [Value] {
    var finer: [Value] = [maps[maps.count - 1]]
    for index in 0..<maps.count - 1 {
      let lateral = try hybridConvolution(
        .lateral(index),
        finer[index],
        outputs: hybrid.encoderWidth,
        .init(kernel: 1),
        hybrid
      )
      finer[index] = lateral
      let enlarged = graph.append(
        .upsample(factor: 2),
        inputs: [lateral],
        name: "fpn.\(index).upsampled"
      )
      let both = graph.append(
        .concatenateColumns,
        inputs: [enlarged, maps[maps.count - 2 - index]],
        name: "fpn.\(index).concatenated"
      )
      finer.append(try fusion({ .fpn(index, $0) }, both, hybrid))
    }
    var outputs: [Value] = [finer[maps.count - 1]]
    for index in 0..<maps.count - 1 {
      let halved = try hybridConvolution(
        .downsample(index),
        outputs[index],
        outputs: hybrid.encoderWidth,
        .init(kernel: 3, stride: 2, padding: 1),
        hybrid
      )
      let both = graph.append(
        .concatenateColumns,
        inputs: [halved, finer[maps.count - 2 - index]],
        name: "pan.\(index).concatenated"
      )
      outputs.append(try fusion({ .pan(index, $0) }, both, hybrid))
    }
    for (index, output) in outputs.enumerated() {
      graph.landmarks.append((name: "E\(configuration.backbone.outputs[index] + 2)", value: output))
    }
    return outputs
  }

  /// Adds a CSPRep layer: one half through RepVGG blocks, the other half beside them, then their sum.
  private mutating func fusion(
    _ part: (HybridModule.FusionPart) -> HybridModule,
    _ input: Value,
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> Value {
    let hidden = try reader.shape(.hybrid(part(.convolution(1)))).value.first ?? 0
    let point = FloatOperation.Window(kernel: 1)
    var value = try hybridConvolution(
      part(.convolution(1)),
      input,
      outputs: hidden,
      point,
      hybrid
    )
    var block = 0
    while reader.has(.hybrid(part(.block(block, branch: 1)))) {
      value = try repVGGBlock(part, block, value, hidden, hybrid)
      block += 1
    }
    let beside = try hybridConvolution(
      part(.convolution(2)),
      input,
      outputs: hidden,
      point,
      hybrid
    )
    let sum = add(value, beside, name: "\(part(.convolution(3)).name)_input")
    // Where both have the same width the reference has no third convolution.
    guard reader.has(.hybrid(part(.convolution(3)))) else { return sum }
    return try hybridConvolution(
      part(.convolution(3)),
      sum,
      outputs: hybrid.encoderWidth,
      point,
      hybrid
    )
  }

  /// Adds the sum of a 3×3 and a 1×1 convolution, each with its batch norm, as one 3×3 convolution
  /// ("RepVGG: Making VGG-style ConvNets Great Again", Ding et al., 2021).
  private mutating func repVGGBlock(
    _ part: (HybridModule.FusionPart) -> HybridModule,
    _ block: Int,
    _ input: Value,
    _ width: Int,
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> Value {
    let module = Module.hybrid(part(.block(block, branch: 1)))
    let square = try reader.foldedConvolution(
      module,
      outputs: width,
      inputs: width,
      kernel: 3,
      epsilon: hybrid.batchNormEpsilon
    )
    let point = try reader.foldedConvolution(
      .hybrid(part(.block(block, branch: 2))),
      outputs: width,
      inputs: width,
      kernel: 1,
      epsilon: hybrid.batchNormEpsilon
    )
    return activated(
      .convolution(
        square.adding(centre: point),
        .init(kernel: 3, padding: 1),
        fused(hybrid.activation)
      ),
      input,
      module,
      hybrid.activation
    )
  }

  private mutating func hybridConvolution(
    _ module: HybridModule,
    _ input: Value,
    outputs: Int,
    _ window: FloatOperation.Window,
    _ hybrid: DetectorConfiguration.Hybrid
  ) throws(ArchitectureError) -> Value {
    try normedConvolution(
      module,
      input,
      outputs: outputs,
      window,
      epsilon: hybrid.batchNormEpsilon,
      activation: hybrid.activation
    )
  }

  /// Adds a convolution with its batch norm folded into it.
  mutating func normedConvolution(
    _ module: HybridModule,
    _ input: Value,
    outputs: Int,
    _ window: FloatOperation.Window,
    epsilon: Double,
    activation: FloatOperation.Activation = .none
  ) throws(ArchitectureError) -> Value {
    let weights = try reader.foldedConvolution(
      .hybrid(module),
      outputs: outputs,
      inputs: graph[input].channels,
      kernel: window.kernel,
      epsilon: epsilon
    )
    return activated(
      .convolution(weights, window, fused(activation)),
      input,
      .hybrid(module),
      activation
    )
  }
}

extension FloatOperation.Weights {
  /// 3×3 weights with those of a 1×1 convolution added in the middle.
  fileprivate func adding(centre: FloatOperation.Weights) -> FloatOperation.Weights {
    var sum = values
    for output in 0..<outputs {
      for input in 0..<inputs {
        sum[(output * 9 + 4) * inputs + input] += centre.values[output * inputs + input]
      }
    }
    return FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: sum,
      bias: zip(bias, centre.bias).map { $0 + $1 }
    )
  }
}
