import CheckedJSON

/// Table Transformer: "PubTables-1M: Towards comprehensive table extraction from unstructured documents",
/// Smock et al., 2022: a DETR with a small backbone whose norms stand before the sublayers.
///
/// The defaults are those of the published detector of tables.
public struct SyntheticTableTransformer: SyntheticFamily {
  /// What it has in common with DETR.
  public var detr: SyntheticDETR

  /// Describes the published detector of tables.
  public init() {
    detr = SyntheticDETR()
    detr.backbone = SyntheticResNet(
      block: .basic,
      stemWidth: 64,
      depths: [2, 2, 2, 2],
      widths: [64, 128, 256, 512],
      naming: .timm
    )
    detr.queries = 15
    detr.classes = 2
    detr.edges = (shortest: 800, longest: 800)
  }

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticTableTransformer = {
    var family = SyntheticTableTransformer()
    family.detr = .tiny
    return family
  }()

  public func check() throws(SyntheticCheckpointError) { try detr.check() }

  public func compose(_ plan: inout CheckpointPlan) {
    let width = detr.width
    let maps = plan.addResNet(detr.backbone, pictures: plan.fittingPictures())
    var tokens = plan.addLinear(
      "model.input_projection",
      outputs: width,
      from: ActivationStatistics(maps[3]),
      deviation: 1,
      biasDeviation: 0.2,
      kernel: 1
    )
    let positions = SineCode.statistics(over: [0...1, 0...1], features: width / 2)
    for index in 0..<detr.encoderLayers {
      let name = "model.encoder.layers.\(index)"
      addSelfAttention(name, positions, 2.2, 0.4, &tokens, to: &plan)
      addFeedForward(name, &tokens, to: &plan)
    }
    plan.addNorm("model.encoder.layernorm", &tokens)

    plan.add("model.query_position_embeddings.weight", [detr.queries, width]) {
      $0.normals($1, deviation: 1.5)
    }
    let queryPositions = ActivationStatistics(channels: width, variance: 2.25)
    var queries = ActivationStatistics(channels: width, variance: 0)
    for index in 0..<detr.decoderLayers {
      let name = "model.decoder.layers.\(index)"
      addSelfAttention(name, queryPositions, 1.5, 0.3, &queries, to: &plan)
      var placed = queries
      plan.addNorm("\(name).encoder_attn_layer_norm", &placed)
      queries =
        queries
        + plan.addAttentionBranch(
          "\(name).encoder_attn",
          queries: placed + queryPositions,
          keys: tokens + positions,
          relative: nil,
          values: tokens,
          scoreDeviation: 4,
          branchDeviation: 1
        )
      addFeedForward(name, &queries, to: &plan)
    }
    plan.addNorm("model.decoder.layernorm", &queries)
    plan.addSoftmaxClassHead("class_labels_classifier", from: queries, classes: detr.classes)
    plan.addBoxHead("bbox_predictor", from: queries, deviation: 1.2, mean: [0, 0, -1.5, -1.5])
  }

  public var configuration: JSON.Object {
    var object = detr.configuration
    object["architectures"] = ["TableTransformerForObjectDetection"]
    object["model_type"] = "table-transformer"
    object["use_timm_backbone"] = nil
    return object
  }

  public var preprocessing: JSON.Object { detr.preprocessing }

  private func addSelfAttention(
    _ layer: String,
    _ positions: ActivationStatistics,
    _ scoreDeviation: Float,
    _ branchDeviation: Float,
    _ tokens: inout ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    let name = "\(layer).self_attn"
    var normed = tokens
    plan.addNorm("\(name)_layer_norm", &normed)
    tokens =
      tokens
      + plan.addAttentionBranch(
        name,
        queries: normed + positions,
        keys: normed + positions,
        relative: "\(name).q_proj",
        values: normed,
        scoreDeviation: scoreDeviation,
        branchDeviation: branchDeviation
      )
  }

  private func addFeedForward(
    _ layer: String,
    _ tokens: inout ActivationStatistics,
    to plan: inout CheckpointPlan
  ) {
    var normed = tokens
    plan.addNorm("\(layer).final_layer_norm", &normed)
    let hidden = plan.addLinear(
      "\(layer).fc1",
      outputs: detr.hiddenWidth,
      from: normed,
      deviation: 1
    )
    tokens =
      tokens
      + plan.addLinear("\(layer).fc2", outputs: detr.width, from: hidden.rectified, deviation: 0.7)
  }
}
