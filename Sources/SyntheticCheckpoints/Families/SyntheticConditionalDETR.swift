import CheckedJSON

/// Conditional DETR: "Conditional DETR for Fast Training Convergence", Meng et al., 2021.
///
/// The defaults are those of the published Conditional DETR R50.
public struct SyntheticConditionalDETR: SyntheticFamily {
  /// What it has in common with DETR.
  public var detr: SyntheticDETR

  /// Describes the published Conditional DETR R50.
  public init() {
    detr = SyntheticDETR()
    detr.queries = 300
  }

  /// A detector of a few ten thousand weights, for tests.
  public static let tiny: SyntheticConditionalDETR = {
    var family = SyntheticConditionalDETR()
    family.detr = .tiny
    family.detr.queries = 60
    family.detr.classes = 30
    return family
  }()

  public func check() throws(SyntheticCheckpointError) { try detr.check() }

  public func compose(_ plan: inout CheckpointPlan) {
    let width = detr.width
    let (memory, code) = detr.addEncoder(to: &plan)
    plan.add("model.query_position_embeddings.weight", [detr.queries, width]) {
      $0.normals($1, deviation: 1.5)
    }
    let positions = ActivationStatistics(channels: width, variance: 2.25)
    plan.addSmallNetwork(
      "model.decoder.ref_point_head",
      from: positions,
      hidden: width,
      outputs: 2,
      deviation: 1.2
    )
    var tokens = ActivationStatistics(channels: width, variance: 0)
    // All layers share the network; after a norm contents have a deviation of about one.
    plan.addSmallNetwork(
      "model.decoder.query_scale",
      from: ActivationStatistics(channels: width, variance: 1),
      hidden: width,
      outputs: width,
      deviation: 0.5,
      mean: 1
    )
    let sines = SineCode.statistics(over: [0...1, 0...1], features: width / 2)
    for index in 0..<detr.decoderLayers {
      let layer = "model.decoder.layers.\(index)"
      plan.addConditionalSelfAttention(
        maps("\(layer).sa_", "\(layer).self_attn"),
        positions: positions,
        &tokens
      )
      plan.addConditionalCrossAttention(
        maps("\(layer).ca_", "\(layer).encoder_attn"),
        positions: index == 0 ? positions : nil,
        sines: index == 0 ? sines : sines.scaled(byVariance: 0.25),
        memory: memory,
        code: code,
        &tokens
      )
      plan.addFeedForward(layer, hidden: detr.hiddenWidth, &tokens)
    }
    plan.addNorm("model.decoder.layernorm", &tokens)
    plan.addSigmoidClassHead("class_labels_classifier", from: tokens, classes: detr.classes)
    plan.addBoxHead("bbox_predictor", from: tokens, deviation: 0.8, mean: [0, 0, -1.5, -1.5])
  }

  public var configuration: JSON.Object {
    var object = detr.configuration
    object["architectures"] = ["ConditionalDetrForObjectDetection"]
    object["model_type"] = "conditional_detr"
    object["class_cost"] = 2
    object["cls_loss_coefficient"] = 2
    object["focal_alpha"] = 0.25
    object["eos_coefficient"] = nil
    object["use_timm_backbone"] = nil
    return object
  }

  public var preprocessing: JSON.Object {
    HuggingFaceConfiguration.preprocessing(
      class: "ConditionalDetrImageProcessor",
      edges: detr.edges
    )
  }

  private func maps(_ prefix: String, _ attention: String) -> ConditionalMaps {
    ConditionalMaps(
      queryContent: "\(prefix)qcontent_proj",
      queryPosition: "\(prefix)qpos_proj",
      keyContent: "\(prefix)kcontent_proj",
      keyPosition: "\(prefix)kpos_proj",
      querySine: "\(prefix)qpos_sine_proj",
      value: "\(prefix)v_proj",
      output: "\(attention).out_proj",
      norm: "\(attention)_layer_norm"
    )
  }
}
