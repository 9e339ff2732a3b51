import CheckedJSON

/// DAB-DETR: "Dynamic Anchor Boxes are Better Queries for DETR", Liu et al., 2022.
///
/// The defaults are those of the published DAB-DETR R50.
public struct SyntheticDABDETR: SyntheticFamily {
  /// What it has in common with DETR.
  public var detr: SyntheticDETR
  /// Learned contents that every box is asked with; 0 for none.
  public var patterns = 0
  /// Whether every layer adds the queries' positions to their contents.
  public var keepsQueryPositions = false

  /// Describes the published DAB-DETR R50.
  public init() {
    detr = SyntheticDETR()
    detr.queries = 300
    detr.backbone.naming = .wrappedTimm
  }

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticDABDETR = {
    var family = SyntheticDABDETR()
    family.detr = .tiny
    return family
  }()

  public func check() throws(SyntheticCheckpointError) {
    try detr.check()
    guard patterns >= 0 else { throw .count(option: "patterns", found: patterns) }
  }

  public func compose(_ plan: inout CheckpointPlan) {
    let width = detr.width
    let code = SineCode.statistics(over: [0...1, 0...1], features: width / 2, temperature: 20)
    let memory = addEncoder(to: &plan, code: code)

    // Centres lie anywhere, most sides are short.
    plan.add("model.query_refpoint_embeddings.weight", [detr.queries, 4]) { random, count in
      random.normals(count, deviation: 1).enumerated().map { index, number in
        index % 4 < 2 ? 1.2 * number : 0.5 * number - 1.5
      }
    }
    var tokens = ActivationStatistics(channels: width, variance: 0)
    if patterns > 0 {
      plan.add("model.patterns.weight", [patterns, width]) { $0.normals($1, deviation: 1) }
      tokens.variance = 1
    }
    let contents = ActivationStatistics(channels: width, variance: 1)
    plan.addSmallNetwork(
      "model.decoder.query_scale",
      from: contents,
      hidden: width,
      outputs: width,
      deviation: 0.5,
      mean: 1
    )
    let boxes = SineCode.statistics(
      over: [0...1, 0...1, 0.05...0.4, 0.05...0.4],
      features: width / 2
    )
    let positions = plan.addSmallNetwork(
      "model.decoder.ref_point_head",
      from: boxes,
      hidden: width,
      outputs: width,
      deviation: 1.2
    )
    plan.addSmallNetwork(
      "model.decoder.ref_anchor_head",
      from: contents,
      hidden: width,
      outputs: 2,
      deviation: 0.3,
      mean: -1.5
    )
    let centres = ActivationStatistics(mean: Array(boxes.mean[..<width]), variance: boxes.variance)
    for index in 0..<detr.decoderLayers {
      let layer = "model.decoder.layers.\(index)"
      plan.addConditionalSelfAttention(maps(layer, "self_attn"), positions: positions, &tokens)
      plan.addConditionalCrossAttention(
        maps(layer, "cross_attn"),
        positions: index == 0 || keepsQueryPositions ? positions : nil,
        // The ratios of sides scatter too.
        sines: centres.scaled(byVariance: index == 0 ? 0.3 : 0.6),
        memory: memory,
        code: code,
        &tokens
      )
      addFeedForward("\(layer).mlp", &tokens, to: &plan)
    }
    plan.addNorm("model.decoder.layernorm", &tokens)
    plan.addSigmoidClassHead("class_embed", from: tokens, classes: detr.classes)
    plan.addBoxHead("bbox_predictor", from: tokens, deviation: 0.4, mean: [0, 0, 0, 0])
  }

  public var configuration: JSON.Object {
    var object = detr.configuration
    object["architectures"] = ["DabDetrForObjectDetection"]
    object["model_type"] = "dab-detr"
    object["activation_function"] = "prelu"
    object["class_cost"] = 2
    object["cls_loss_coefficient"] = 2
    object["focal_alpha"] = 0.25
    object["hidden_size"] = JSON(detr.width)
    object["initializer_bias_prior_prob"] = .null
    object["keep_query_pos"] = .bool(keepsQueryPositions)
    object["normalize_before"] = false
    object["num_patterns"] = JSON(patterns)
    object["query_dim"] = 4
    object["random_refpoints_xy"] = false
    object["sine_position_embedding_scale"] = .null
    object["temperature_height"] = 20
    object["temperature_width"] = 20
    object["tie_word_embeddings"] = true
    for key in [
      "d_model", "decoder_layerdrop", "dice_loss_coefficient", "encoder_layerdrop",
      "eos_coefficient", "mask_loss_coefficient", "num_channels", "position_embedding_type",
      "use_timm_backbone",
    ] { object[key] = nil }
    return object
  }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.preprocessing(
      class: "ConditionalDetrImageProcessor",
      edges: detr.edges
    )
  }

  private func addEncoder(
    to plan: inout CheckpointPlan,
    code: ActivationStatistics
  ) -> ActivationStatistics {
    var tokens = detr.addProjection(to: &plan)
    plan.addSmallNetwork(
      "model.encoder.query_scale",
      from: ActivationStatistics(channels: detr.width, variance: 1),
      hidden: detr.width,
      outputs: detr.width,
      deviation: 0.5,
      mean: 1
    )
    let scaled = code.scaled(byVariance: 0.25)
    for index in 0..<detr.encoderLayers {
      let name = "model.encoder.layers.\(index)"
      plan.addSelfAttention(
        "\(name).self_attn",
        positions: scaled,
        scoreDeviation: 2.2,
        branchDeviation: 0.4,
        &tokens
      )
      addFeedForward(name, &tokens, to: &plan)
    }
    return tokens
  }

  /// Adds a feed-forward part whose activation has a learned slope, a quarter at first.
  private func addFeedForward(
    _ layer: String,
    _ tokens: inout ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    let slope = plan.add("\(layer).activation_fn.weight", [1]) { $0.uniforms($1, in: 0.1...0.3) }
    let hidden = plan.addLinear(
      "\(layer).fc1",
      outputs: detr.hiddenWidth,
      from: tokens,
      deviation: 1
    )
    tokens =
      tokens
      + plan.addLinear(
        "\(layer).fc2",
        outputs: detr.width,
        from: hidden.rectified(slope: slope.numbers()[0]),
        deviation: 0.7
      )
    plan.addNorm("\(layer).final_layer_norm", &tokens)
  }

  private func maps(_ layer: String, _ attention: String) -> ConditionalMaps {
    let prefix = "\(layer).\(attention).\(attention)"
    return ConditionalMaps(
      queryContent: "\(prefix)_query_content_proj",
      queryPosition: "\(prefix)_query_pos_proj",
      keyContent: "\(prefix)_key_content_proj",
      keyPosition: "\(prefix)_key_pos_proj",
      querySine: "\(prefix)_query_pos_sine_proj",
      value: "\(prefix)_value_proj",
      output: "\(prefix).output_proj",
      norm: "\(prefix)_layer_norm"
    )
  }
}
