extension CheckpointPlan {
  /// Adds the hybrid encoder of RT-DETR, its batch norms fitted to what flows through it.
  ///
  /// What attention adds to the tokens of the coarsest map is not computed: behind the last norm its
  /// share is small, and the norm's gains and biases decide what follows.
  ///
  /// - Parameters:
  ///   - family: the options.
  ///   - stages: the maps of the backbone, finest first.
  /// - Returns: the maps of the encoder, finest first.
  mutating func addHybridEncoder(
    _ family: SyntheticRTDETR,
    _ stages: [FeatureMaps]
  ) -> [FeatureMaps] {
    let width = family.encoderWidth
    var maps: [FeatureMaps] = []
    for (index, stage) in stages.enumerated() {
      maps.append(
        addConvolution(
          .init(numbered: "model.encoder_input_proj.\(index)"),
          stage,
          outputs: width,
          .init(kernel: 1),
          gain: 1
        )
      )
    }
    let last = maps.count - 1
    addAttendedScale("model.encoder.encoder.0.layers.0", family, &maps[last])
    var finer = [maps[last]]
    for index in 0..<last {
      finer[index] = addActivated("model.encoder.lateral_convs.\(index)", finer[index], width, 1)
      finer.append(
        addFusion(
          "model.encoder.fpn_blocks.\(index)",
          finer[index].enlarged().joined(maps[last - 1 - index]),
          family
        )
      )
    }
    var outputs = [finer[last]]
    for index in 0..<last {
      let halved = addActivated(
        "model.encoder.downsample_convs.\(index)",
        outputs[index],
        width,
        3,
        stride: 2
      )
      outputs.append(
        addFusion(
          "model.encoder.pan_blocks.\(index)",
          halved.joined(finer[last - 1 - index]),
          family
        )
      )
    }
    return outputs
  }

  private mutating func addAttendedScale(
    _ name: String,
    _ family: SyntheticRTDETR,
    _ map: inout FeatureMaps
  ) {
    var tokens = ActivationStatistics(map)
    // Sines and cosines of places in turns.
    let positions = ActivationStatistics(channels: family.encoderWidth, variance: 0.5)
    addSelfAttention(
      "\(name).self_attn",
      positions: positions,
      scoreDeviation: 1,
      branchDeviation: 0.3,
      &tokens
    )
    addFeedForward(name, hidden: family.hiddenWidth, &tokens)
    let norm = "\(name).final_layer_norm"
    map.normalizePixels(
      gains: random("\(norm).weight").uniforms(map.channels, in: 0.6...1.4),
      biases: random("\(norm).bias").normals(map.channels, deviation: 0.2)
    )
  }

  /// Adds a convolution with its batch norm and SiLU.
  private mutating func addActivated(
    _ name: String,
    _ input: FeatureMaps,
    _ outputs: Int,
    _ kernel: Int,
    stride: Int = 1
  ) -> FeatureMaps {
    var maps = addConvolution(
      .init(normed: name),
      input,
      outputs: outputs,
      .init(kernel: kernel, stride: stride, padding: kernel / 2),
      gain: 1.5
    )
    maps.activate()
    return maps
  }

  /// Adds a CSPRep layer with three RepVGG blocks.
  private mutating func addFusion(
    _ name: String,
    _ input: FeatureMaps,
    _ family: SyntheticRTDETR
  ) -> FeatureMaps {
    let hidden = family.fusionWidth
    var maps = addActivated("\(name).conv1", input, hidden, 1)
    for block in 0..<3 {
      let place = "\(name).bottlenecks.\(block)"
      var sum = addConvolution(
        .init(normed: "\(place).conv1"),
        maps,
        outputs: hidden,
        .init(kernel: 3, padding: 1),
        gain: 1
      )
      sum.add(
        addConvolution(
          .init(normed: "\(place).conv2"),
          maps,
          outputs: hidden,
          .init(kernel: 1),
          gain: 1
        )
      )
      sum.activate()
      maps = sum
    }
    maps.add(addActivated("\(name).conv2", input, hidden, 1))
    if hidden == family.encoderWidth { return maps }
    return addActivated("\(name).conv3", maps, family.encoderWidth, 1)
  }
}

extension ResNetNames.Pair {
  /// A convolution and its norm as members 0 and 1 of a sequence.
  init(numbered place: String) {
    self.init(weights: "\(place).0.weight", norm: "\(place).1")
  }

  /// A convolution and its norm as RT-DETR's encoder names them.
  init(normed place: String) {
    self.init(weights: "\(place).conv.weight", norm: "\(place).norm")
  }
}
