import CheckedJSON

/// DETR: "End-to-End Object Detection with Transformers", Carion et al., 2020.
///
/// The defaults are those of the published DETR R50.
public struct SyntheticDETR: SyntheticFamily {
  /// The backbone, whose last map is read.
  public var backbone = SyntheticResNet.resNet50
  /// The width of the transformer.
  public var width = 256
  /// Heads of every attention.
  public var heads = 8
  /// Layers of the encoder.
  public var encoderLayers = 6
  /// Layers of the decoder.
  public var decoderLayers = 6
  /// The width inside the feed-forward parts.
  public var hiddenWidth = 2048
  /// Boxes that the detector gives.
  public var queries = 100
  /// Classes, "no object" not counted.
  public var classes = 91
  /// The shorter and the longer edge that pictures are resized to.
  public var edges = (shortest: 800, longest: 1333)

  /// Describes the published DETR R50.
  public init() {}

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticDETR = {
    var family = SyntheticDETR()
    family.backbone = .tiny
    family.width = 32
    family.heads = 4
    family.encoderLayers = 2
    family.decoderLayers = 2
    family.hiddenWidth = 64
    family.queries = 20
    family.classes = 10
    family.edges = (shortest: 96, longest: 160)
    return family
  }()

  public func check() throws(SyntheticCheckpointError) {
    try backbone.check()
    try requirePositive(
      [
        ("heads", heads), ("encoder layers", encoderLayers), ("decoder layers", decoderLayers),
        ("hidden width", hiddenWidth), ("queries", queries), ("classes", classes),
      ]
    )
    try requireWidth(width, divisor: heads, reason: "one part a head")
    try requireWidth(width, divisor: 4, reason: "sines and cosines of two coordinates")
  }

  public func compose(_ plan: inout CheckpointPlan) {
    let (tokens, positions) = addEncoder(to: &plan)
    addDecoder(to: &plan, memory: tokens, positions: positions)
  }

  /// Adds the same tensors, and tells what the parts of the network see.
  ///
  /// - Parameter plan: takes the tensors.
  /// - Returns: the maps of the backbone, the tokens before and after the encoder, the queries behind the decoder.
  func composeWithMaps(
    _ plan: inout CheckpointPlan
  ) -> (
    maps: [ActivationStatistics], tokens: ActivationStatistics, memory: ActivationStatistics,
    queries: ActivationStatistics
  ) {
    let maps = plan.addResNet(backbone, pictures: plan.fittingPictures())
    let tokens = addProjection(of: ActivationStatistics(maps[3]), to: &plan)
    let (memory, positions) = addEncoder(over: tokens, to: &plan)
    let queries = addDecoder(to: &plan, memory: memory, positions: positions)
    return (maps.map { ActivationStatistics($0) }, tokens, memory, queries)
  }

  /// Adds the backbone and the map to the transformer's width.
  ///
  /// - Parameter plan: takes the tensors.
  /// - Returns: the tokens.
  func addProjection(to plan: inout CheckpointPlan) -> ActivationStatistics {
    let maps = plan.addResNet(backbone, pictures: plan.fittingPictures())
    return addProjection(of: ActivationStatistics(maps[3]), to: &plan)
  }

  private func addProjection(
    of map: ActivationStatistics,
    to plan: inout CheckpointPlan
  ) -> ActivationStatistics {
    plan.addLinear(
      "model.input_projection",
      outputs: width,
      from: map,
      deviation: 1,
      biasDeviation: 0.2,
      kernel: 1
    )
  }

  /// Adds everything up to the end of the encoder.
  ///
  /// - Parameter plan: takes the tensors.
  /// - Returns: the tokens and the code of their positions.
  func addEncoder(
    to plan: inout CheckpointPlan
  ) -> (tokens: ActivationStatistics, positions: ActivationStatistics) {
    addEncoder(over: addProjection(to: &plan), to: &plan)
  }

  private func addEncoder(
    over tokens: ActivationStatistics,
    to plan: inout CheckpointPlan
  ) -> (tokens: ActivationStatistics, positions: ActivationStatistics) {
    var tokens = tokens
    let positions = SineCode.statistics(over: [0...1, 0...1], features: width / 2)
    for index in 0..<encoderLayers {
      let name = "model.encoder.layers.\(index)"
      plan.addSelfAttention(
        "\(name).self_attn",
        positions: positions,
        scoreDeviation: 2.2,
        branchDeviation: 0.4,
        &tokens
      )
      plan.addFeedForward(name, hidden: hiddenWidth, &tokens)
    }
    return (tokens, positions)
  }

  public var configuration: JSON.Object {
    var object = HuggingFaceConfiguration.transformer(
      modelType: "detr",
      modelClass: "DetrForObjectDetection",
      width: width,
      heads: heads,
      encoderLayers: encoderLayers,
      decoderLayers: decoderLayers,
      hiddenWidth: hiddenWidth,
      queries: queries,
      classes: classes
    )
    object["decoder_layerdrop"] = 0.0
    object["backbone_config"] = .object(
      HuggingFaceConfiguration.backbone(backbone, outputs: [4], timmOutputs: [1, 2, 3, 4])
    )
    object["dilation"] = .bool(backbone.dilatesLastStage)
    object["use_timm_backbone"] = .bool(backbone.naming == .timm)
    return object
  }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.preprocessing(class: "DetrImageProcessor", edges: edges)
  }

  /// Adds the decoder, whose queries are zero before the first layer: only their positions differ.
  @discardableResult
  private func addDecoder(
    to plan: inout CheckpointPlan,
    memory: ActivationStatistics,
    positions: ActivationStatistics
  ) -> ActivationStatistics {
    plan.add("model.query_position_embeddings.weight", [queries, width]) {
      $0.normals($1, deviation: 1.5)
    }
    let queryPositions = ActivationStatistics(channels: width, variance: 2.25)
    var tokens = ActivationStatistics(channels: width, variance: 0)
    for index in 0..<decoderLayers {
      let name = "model.decoder.layers.\(index)"
      plan.addSelfAttention(
        "\(name).self_attn",
        positions: queryPositions,
        scoreDeviation: 1.5,
        branchDeviation: 0.3,
        &tokens
      )
      plan.addCrossAttention(
        "\(name).encoder_attn",
        positions: queryPositions,
        keys: memory + positions,
        values: memory,
        scoreDeviation: 4,
        branchDeviation: 1,
        &tokens
      )
      plan.addFeedForward(name, hidden: hiddenWidth, &tokens)
    }
    plan.addNorm("model.decoder.layernorm", &tokens)
    plan.addSoftmaxClassHead("class_labels_classifier", from: tokens, classes: classes)
    plan.addBoxHead("bbox_predictor", from: tokens, deviation: 1.2, mean: [0, 0, -1.5, -1.5])
    return tokens
  }
}
