import CheckedJSON

/// Deformable DETR: "Deformable Transformers for End-to-End Object Detection", Zhu et al., 2021.
///
/// The defaults are those of the published Deformable DETR R50, single stage, four levels.
public struct SyntheticDeformableDETR: SyntheticFamily {
  /// How boxes come about.
  public enum Boxes: Sendable {
    /// From learned reference points, by one head.
    case once
    /// From learned reference points, corrected by every layer of the decoder.
    case refined
    /// From proposals of the encoder, corrected by every layer of the decoder.
    case twoStage
  }

  /// The backbone; as many of its last maps are read as there are levels, at most three.
  public var backbone = SyntheticResNet.resNet50
  /// How boxes come about.
  public var boxes = Boxes.once
  /// Maps that attention samples from; those beyond three are made by strided convolutions.
  public var levels = 4
  /// The width of the transformer.
  public var width = 256
  /// Heads of every attention.
  public var heads = 8
  /// Samples a head and level.
  public var points = 4
  /// Layers of the encoder.
  public var encoderLayers = 6
  /// Layers of the decoder.
  public var decoderLayers = 6
  /// The width inside the feed-forward parts.
  public var hiddenWidth = 1024
  /// Boxes that the detector gives.
  public var queries = 300
  /// Classes.
  public var classes = 91
  /// The shorter and the longer edge that pictures are resized to.
  public var edges = (shortest: 800, longest: 1333)

  /// Describes the published Deformable DETR R50.
  public init() {}

  /// A detector of a few hundred thousand weights, for tests.
  public static let tiny: SyntheticDeformableDETR = {
    var family = SyntheticDeformableDETR()
    family.backbone = .tiny
    family.width = 64
    family.heads = 4
    family.points = 2
    family.encoderLayers = 2
    family.decoderLayers = 2
    family.hiddenWidth = 96
    family.queries = 20
    family.classes = 10
    family.edges = (shortest: 96, longest: 160)
    return family
  }()

  public func check() throws(SyntheticCheckpointError) {
    try backbone.check()
    try requirePositive(
      [
        ("levels", levels), ("heads", heads), ("points", points),
        ("encoder layers", encoderLayers), ("decoder layers", decoderLayers),
        ("hidden width", hiddenWidth), ("queries", queries), ("classes", classes),
      ]
    )
    try requireWidth(width, divisor: heads, reason: "one part a head")
    try requireWidth(width, divisor: 32, reason: "groups of the norms after the projections")
  }

  public func compose(_ plan: inout CheckpointPlan) {
    let maps = plan.addResNet(backbone, pictures: plan.fittingPictures())
    var tokens = addPyramid(Array(maps.suffix(min(levels, 3))), to: &plan)
    // Beside the sine code there is an embedding of the level.
    var positions = SineCode.statistics(over: [0...1, 0...1], features: width / 2)
    if levels > 1 { positions.variance += 1 }
    let sampling = SamplingDirections(heads: heads, levels: levels, points: points)
    for index in 0..<encoderLayers {
      let name = "model.encoder.layers.\(index)"
      plan.addDeformableAttention(
        "\(name).self_attn",
        sampling,
        positions: positions,
        values: tokens,
        &tokens
      )
      plan.addFeedForward(name, hidden: hiddenWidth, &tokens)
    }
    var (queries, queryPositions) = addStart(to: &plan, memory: tokens)
    for index in 0..<decoderLayers {
      let name = "model.decoder.layers.\(index)"
      plan.addSelfAttention(
        "\(name).self_attn",
        positions: queryPositions,
        scoreDeviation: 1.5,
        branchDeviation: 0.3,
        &queries
      )
      plan.addDeformableAttention(
        "\(name).encoder_attn",
        sampling,
        positions: queryPositions,
        values: tokens,
        &queries
      )
      plan.addFeedForward(name, hidden: hiddenWidth, &queries)
      addHeads(index, from: queries, to: &plan)
    }
  }

  public var configuration: JSON.Object {
    var object = HuggingFaceConfiguration.transformer(
      modelType: "deformable_detr",
      modelClass: "DeformableDetrForObjectDetection",
      width: width,
      heads: heads,
      encoderLayers: encoderLayers,
      decoderLayers: decoderLayers,
      hiddenWidth: hiddenWidth,
      queries: queries,
      classes: classes
    )
    let outputs = Array((2...4).suffix(min(levels, 3)))
    object["backbone_config"] = .object(
      HuggingFaceConfiguration.backbone(backbone, outputs: outputs, timmOutputs: outputs)
    )
    object["decoder_n_points"] = JSON(points)
    object["dilation"] = .bool(backbone.dilatesLastStage)
    object["disable_custom_kernels"] = false
    object["encoder_n_points"] = JSON(points)
    object["focal_alpha"] = 0.25
    object["max_position_embeddings"] = 1024
    object["num_feature_levels"] = JSON(levels)
    object["return_intermediate"] = true
    object["tie_word_embeddings"] = true
    object["two_stage"] = .bool(boxes == .twoStage)
    object["two_stage_num_proposals"] = JSON(queries)
    object["with_box_refine"] = .bool(boxes != .once)
    return object
  }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.preprocessing(class: "DeformableDetrImageProcessor", edges: edges)
  }

  /// Adds the projections: 1×1 from the backbone's maps, then 3×3 of stride 2.
  ///
  /// - Returns: the tokens of all levels together.
  private func addPyramid(
    _ maps: [FeatureMaps],
    to plan: inout CheckpointPlan
  ) -> ActivationStatistics {
    var level = ActivationStatistics(channels: width, variance: 1)
    for index in 0..<levels {
      let name = "model.input_proj.\(index)"
      let isExtra = index >= maps.count
      level = plan.addLinear(
        "\(name).0",
        outputs: width,
        from: index > maps.count ? level : ActivationStatistics(maps[min(index, maps.count - 1)]),
        deviation: 1,
        kernel: isExtra ? 3 : 1
      )
      plan.addNorm("\(name).1", &level)
    }
    plan.add("model.level_embed", [levels, width]) { $0.normals($1, deviation: 1) }
    // The levels' norms differ: they have nothing in common but zero.
    return ActivationStatistics(channels: width, variance: level.power)
  }

  /// Adds what the decoder starts from: learned queries, or proposals.
  ///
  /// - Returns: the queries and their positions.
  private func addStart(
    to plan: inout CheckpointPlan,
    memory: ActivationStatistics
  ) -> (queries: ActivationStatistics, positions: ActivationStatistics) {
    guard boxes == .twoStage else {
      plan.add("model.query_position_embeddings.weight", [queries, 2 * width]) {
        $0.normals($1, deviation: 1)
      }
      let embedding = ActivationStatistics(channels: width, variance: 1)
      // The references lie within the picture, most of them not in a corner.
      plan.addLinear("model.reference_points", outputs: 2, from: embedding, deviation: 1.2)
      return (embedding, embedding)
    }
    var tokens = plan.addLinear("model.enc_output", outputs: width, from: memory, deviation: 1)
    plan.addNorm("model.enc_output_norm", &tokens)
    addHeads(decoderLayers, from: tokens, to: &plan)
    // Centres lie anywhere, most sides are short.
    let sines = SineCode.statistics(
      over: [0...1, 0...1, 0.03...0.4, 0.03...0.4],
      features: width / 2
    )
    var start = plan.addLinear("model.pos_trans", outputs: 2 * width, from: sines, deviation: 1)
    plan.addNorm("model.pos_trans_norm", &start)
    let positions = ActivationStatistics(
      mean: Array(start.mean[..<width]),
      variance: start.variance
    )
    let queries = ActivationStatistics(mean: Array(start.mean[width...]), variance: start.variance)
    return (queries, positions)
  }

  /// Adds the heads after a decoder layer, or those of the proposals, as transformers 5 stores them:
  /// heads that are tied once, box heads that refine below the decoder.
  private func addHeads(
    _ index: Int,
    from tokens: ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    let isLast = index == decoderLayers - 1
    switch boxes {
    case .twoStage:
      let name = "model.decoder.class_embed.\(index)"
      plan.addSigmoidClassHead(name, from: tokens, classes: classes)
    case .once, .refined:
      if isLast { plan.addSigmoidClassHead("class_embed.0", from: tokens, classes: classes) }
    }
    switch boxes {
    case .once:
      guard isLast else { return }
      plan.addBoxHead("bbox_embed.0", from: tokens, deviation: 0.8, mean: [0, 0, -1.5, -1.5])
    case .refined, .twoStage:
      // Where references are points, the first layer gives the boxes their size.
      let size: Float = boxes == .refined && index == 0 ? -1.5 : 0
      plan.addBoxHead(
        "model.decoder.bbox_embed.\(index)",
        from: tokens,
        deviation: 0.4,
        mean: [0, 0, size, size]
      )
    }
  }
}
