import CheckedJSON

/// RT-DETR and RT-DETRv2: "DETRs Beat YOLOs on Real-time Object Detection", Zhao et al., 2024.
///
/// The defaults are those of the published RT-DETR R50.
public struct SyntheticRTDETR: SyntheticFamily {
  /// The backbone; its last three maps are read.
  public var backbone = SyntheticResNet.resNet50D
  /// The width of the hybrid encoder.
  public var encoderWidth = 256
  /// The width of the decoder.
  public var width = 256
  /// Heads of every attention.
  public var heads = 8
  /// Samples a head and level.
  public var points = 4
  /// Layers of the decoder.
  public var decoderLayers = 6
  /// The width inside the feed-forward parts.
  public var hiddenWidth = 1024
  /// The width inside the fusions, in parts of the encoder's.
  public var hiddenExpansion = 1.0
  /// Boxes that the detector gives.
  public var queries = 300
  /// Classes.
  public var classes = 80
  /// Height and width of the network's input.
  public var side = 640
  /// Whether the names and the configuration are those of RT-DETRv2.
  public var isSecondVersion = false
  /// Whether sampling points take one pixel each (RT-DETRv2).
  public var isDiscrete = false

  /// Describes the published RT-DETR R50.
  public init() {}

  /// The published RT-DETR R50.
  public static let resNet50 = SyntheticRTDETR()

  /// The published RT-DETR R18.
  public static let resNet18: SyntheticRTDETR = {
    var family = SyntheticRTDETR()
    family.backbone = .resNet18D
    family.decoderLayers = 3
    family.hiddenExpansion = 0.5
    return family
  }()

  /// A detector of a few hundred thousand weights, for tests.
  public static let tiny: SyntheticRTDETR = {
    var family = SyntheticRTDETR()
    family.backbone = .tiny
    family.backbone.naming = .rtDETR
    family.encoderWidth = 48
    family.width = 64
    family.heads = 4
    family.points = 2
    family.decoderLayers = 2
    family.hiddenWidth = 96
    family.hiddenExpansion = 0.5
    family.queries = 60
    family.classes = 30
    family.side = 96
    return family
  }()

  /// The same detector as an RT-DETRv2.
  ///
  /// - Returns: the changed options.
  public func secondVersion() -> SyntheticRTDETR {
    var family = self
    family.isSecondVersion = true
    return family
  }

  private static let levels = 3
  /// The width inside the fusions.
  var fusionWidth: Int { Int(Double(encoderWidth) * hiddenExpansion) }

  public func check() throws(SyntheticCheckpointError) {
    try backbone.check()
    try requirePositive(
      [
        ("heads", heads), ("points", points), ("decoder layers", decoderLayers),
        ("hidden width", hiddenWidth), ("queries", queries), ("classes", classes),
        ("fusion width", fusionWidth), ("side", side),
      ]
    )
    try requireWidth(width, divisor: heads, reason: "one part a head")
    try requireWidth(encoderWidth, divisor: heads, reason: "one part a head")
    try requireWidth(encoderWidth, divisor: 4, reason: "sines and cosines of two coordinates")
  }

  public func compose(_ plan: inout CheckpointPlan) {
    // Pictures as the network sees them: only divided by 255.
    let pictures = NoisePictures(random: plan.random("pictures")).rendered(
      count: 4,
      height: 192,
      width: 256,
      mean: [0, 0, 0],
      deviation: [1, 1, 1]
    )
    let stages = plan.addResNet(backbone, pictures: pictures)
    let maps = plan.addHybridEncoder(self, Array(stages.suffix(Self.levels)))
    var memory = ActivationStatistics(channels: width, variance: 0)
    for (index, map) in maps.enumerated() {
      let level = plan.addConvolution(
        .init(numbered: "model.decoder_input_proj.\(index)"),
        map,
        outputs: width,
        .init(kernel: 1),
        gain: 1
      )
      let statistics = ActivationStatistics(level)
      memory.variance += statistics.power / Float(maps.count)
    }
    plan.add("model.denoising_class_embed.weight", [classes + 1, width]) {
      $0.normals($1, deviation: 1)
    }
    var queries = addProposals(to: &plan, memory: memory)
    addDecoder(to: &plan, memory: memory, &queries)
  }

  /// Adds what chooses the queries.
  ///
  /// - Returns: the tokens that become queries.
  private func addProposals(
    to plan: inout CheckpointPlan,
    memory: ActivationStatistics
  ) -> ActivationStatistics {
    var tokens = plan.addLinear("model.enc_output.0", outputs: width, from: memory, deviation: 1)
    plan.addNorm("model.enc_output.1", &tokens)
    plan.addSigmoidClassHead("model.enc_score_head", from: tokens, classes: classes)
    plan.addBoxHead(
      "model.enc_bbox_head",
      from: tokens,
      deviation: 0.4,
      mean: [0, 0, 0, 0]
    )
    return tokens
  }

  private func addDecoder(
    to plan: inout CheckpointPlan,
    memory: ActivationStatistics,
    _ queries: inout ActivationStatistics
  ) {
    // Centres lie anywhere, most sides are short.
    let boxes = ActivationStatistics(mean: [0.5, 0.5, 0.15, 0.15], variance: 0.05)
    let hidden = plan.addLinear(
      "model.decoder.query_pos_head.layers.0",
      outputs: 2 * width,
      from: boxes,
      deviation: 1.5
    ).rectified
    let positions = plan.addLinear(
      "model.decoder.query_pos_head.layers.1",
      outputs: width,
      from: hidden,
      deviation: 1
    )
    let sampling = SamplingDirections(heads: heads, levels: Self.levels, points: points)
    for index in 0..<decoderLayers {
      let name = "model.decoder.layers.\(index)"
      plan.addSelfAttention(
        "\(name).self_attn",
        positions: positions,
        scoreDeviation: 1.5,
        branchDeviation: 0.3,
        &queries
      )
      plan.addDeformableAttention(
        "\(name).encoder_attn",
        sampling,
        positions: positions,
        values: memory,
        &queries
      )
      if isSecondVersion {
        let share = 1 / Float(points)
        plan.add("\(name).encoder_attn.n_points_scale", [Self.levels * points]) { _, count in
          [Float](repeating: share, count: count)
        }
      }
      plan.addFeedForward(name, hidden: hiddenWidth, &queries)
      plan.addSigmoidClassHead(
        "model.decoder.class_embed.\(index)",
        from: queries,
        classes: classes
      )
      plan.addBoxHead(
        "model.decoder.bbox_embed.\(index)",
        from: queries,
        deviation: 0.4,
        mean: [0, 0, 0, 0]
      )
    }
  }

  public var configuration: JSON.Object {
    var object = HuggingFaceConfiguration.transformer(
      modelType: isSecondVersion ? "rt_detr_v2" : "rt_detr",
      modelClass: isSecondVersion ? "RTDetrV2ForObjectDetection" : "RTDetrForObjectDetection",
      width: width,
      heads: heads,
      encoderLayers: 1,
      decoderLayers: decoderLayers,
      hiddenWidth: hiddenWidth,
      queries: queries,
      classes: classes
    )
    object["position_embedding_type"] = nil
    object["backbone_config"] = .object(
      HuggingFaceConfiguration.backbone(backbone, outputs: [2, 3, 4], timmOutputs: [2, 3, 4])
    )
    object["activation_function"] = "silu"
    object["anchor_image_size"] = .null
    object["batch_norm_eps"] = 1e-5
    object["decoder_activation_function"] = "relu"
    object["decoder_in_channels"] = .array(
      [Int](repeating: encoderWidth, count: Self.levels).map { JSON($0) }
    )
    object["decoder_n_points"] = JSON(points)
    object["encode_proj_layers"] = [2]
    object["encoder_activation_function"] = "gelu"
    object["encoder_hidden_dim"] = JSON(encoderWidth)
    object["encoder_in_channels"] = .array(backbone.widths.suffix(Self.levels).map { JSON($0) })
    object["eval_size"] = .null
    object["feat_strides"] = [8, 16, 32]
    object["hidden_expansion"] = .double(hiddenExpansion)
    object["layer_norm_eps"] = 1e-5
    object["learn_initial_query"] = false
    object["normalize_before"] = false
    object["num_feature_levels"] = JSON(Self.levels)
    object["positional_encoding_temperature"] = 10000
    object["with_box_refine"] = true
    if isSecondVersion {
      object["decoder_method"] = isDiscrete ? "discrete" : "default"
      object["decoder_n_levels"] = JSON(Self.levels)
      object["decoder_offset_scale"] = 0.5
    }
    return object
  }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.squarePreprocessing(class: "RTDetrImageProcessor", side: side)
  }
}

extension SyntheticResNet {
  /// The ResNet-18-D of RT-DETR.
  public static let resNet18D = SyntheticResNet(
    block: .basic,
    stemWidth: 64,
    depths: [2, 2, 2, 2],
    widths: [64, 128, 256, 512],
    naming: .rtDETR
  )

  /// The ResNet-50-D of RT-DETR.
  public static let resNet50D = SyntheticResNet(
    block: .bottleneck,
    stemWidth: 64,
    depths: [3, 4, 6, 3],
    widths: [256, 512, 1024, 2048],
    naming: .rtDETR
  )
}
