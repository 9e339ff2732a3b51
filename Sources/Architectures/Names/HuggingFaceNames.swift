/// The names that Hugging Face transformers 4.x and 5.x write for DETR and Deformable DETR.
///
/// 5.x writes heads that are tied once: `class_embed.0` stands for all layers then, and box heads
/// that refine stand below `model.decoder` only. 4.x writes every copy.
struct HuggingFaceNames: TensorNaming {
  let family: Family
  let backbone: BackboneNames
  /// What stands before the names of the backbone.
  let backbonePrefix: String
  /// What stands before every name, such as `module.`; usually nothing.
  let prefix: String

  var title: String {
    switch backbone {
    case .torchvision: "Hugging Face, backbone named as in timm"
    case .huggingFace: "Hugging Face, backbone named as in transformers"
    }
  }

  /// timm's models stand one level deeper where transformers wraps them (4.x with a
  /// `backbone_config`).
  static let backbonePrefixes = [
    "model.backbone.conv_encoder.model._backbone.", "model.backbone.conv_encoder.model.",
  ]

  /// Makes the naming.
  ///
  /// - Parameters:
  ///   - family: the family, which decides the names of projections and heads.
  ///   - backbone: how the backbone's tensors are called.
  ///   - backbonePrefix: what stands before their names; by default what transformers 5.x writes.
  ///   - prefix: what stands before every name.
  init(
    family: Family,
    backbone: BackboneNames,
    backbonePrefix: String = backbonePrefixes[1],
    prefix: String
  ) {
    self.family = family
    self.backbone = backbone
    self.backbonePrefix = backbonePrefix
    self.prefix = prefix
  }

  func prefix(of series: Series) -> String {
    switch series {
    case .blocks(let stage): prefix + backbonePrefix + backbone.prefix(stage: stage)
    case .layers(let stack): "\(prefix)model.\(stack.rawValue).layers."
    }
  }

  func sources(of name: WeightName) -> [[ArraySource]] {
    groups(of: name).map { group in group.map { ArraySource(prefix + $0) } }
  }

  /// The decoder owns the box heads only where it refines with them.
  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>? {
    let tensor = prefix + "model.decoder.bbox_embed.0.layers.0.weight"
    return Stated(reader.tensors[tensor] != nil, at: reader.describe(tensor))
  }

  func reasonToIgnore(_ tensor: String) -> String? {
    guard tensor.hasPrefix(prefix) else { return nil }
    let name = tensor.dropFirst(prefix.count)
    if name.hasSuffix(".num_batches_tracked") { return "counts training steps" }
    for heads in ["class_embed.", "bbox_embed."]
    where name.hasPrefix(heads) || name.hasPrefix("model.decoder.\(heads)") {
      return "head of an earlier layer, for training only"
    }
    return nil
  }

  private func groups(of name: WeightName) -> [[String]] {
    if let tensor = backbone.tensor(name) { return [[backbonePrefix + tensor]] }
    let suffix = name.parameter == .bias ? "bias" : "weight"
    switch name.module {
    case .stem, .convolution, .shortcut: return []
    case .inputProjection(let level):
      return family == .detr
        ? [["model.input_projection.\(suffix)"]] : [["model.input_proj.\(level).0.\(suffix)"]]
    case .inputNorm(let level): return [["model.input_proj.\(level).1.\(suffix)"]]
    case .levelEmbedding: return [["model.level_embed"]]
    case .learnedRows: return learned("row_embeddings.weight")
    case .learnedColumns: return learned("column_embeddings.weight")
    case .queryEmbedding: return [["model.query_position_embeddings.weight"]]
    case .referencePoints: return [["model.reference_points.\(suffix)"]]
    case .proposalOutput: return [["model.enc_output.\(suffix)"]]
    case .proposalOutputNorm: return [["model.enc_output_norm.\(suffix)"]]
    case .proposalPosition: return [["model.pos_trans.\(suffix)"]]
    case .proposalPositionNorm: return [["model.pos_trans_norm.\(suffix)"]]
    case .layer(let stack, let index, let part):
      return [["model.\(stack.rawValue).layers.\(index).\(Self.name(of: part)).\(suffix)"]]
    case .finalNorm(let stack): return [["model.\(stack.rawValue).layernorm.\(suffix)"]]
    case .classHead(let index):
      return family == .detr
        ? [["class_labels_classifier.\(suffix)"]]
        : heads("class_embed", index: index, "\(suffix)")
    case .boxHead(let index, let linear):
      return family == .detr
        ? [["bbox_predictor.layers.\(linear).\(suffix)"]]
        : heads("bbox_embed", index: index, "layers.\(linear).\(suffix)")
    case .hybrid: return []
    case .layerPart: return []
    }
  }

  /// 4.x keeps the tables below the backbone, 5.x beside it.
  private func learned(_ table: String) -> [[String]] {
    [["model.backbone.position_embedding.\(table)", "model.position_embedding.\(table)"]]
  }

  private func heads(_ heads: String, index: Int, _ rest: String) -> [[String]] {
    [
      ["model.decoder.\(heads).\(index).\(rest)", "\(heads).\(index).\(rest)"],
      ["\(heads).0.\(rest)"],
    ]
  }

  private static func name(of part: LayerPart) -> String {
    switch part {
    case .selfAttention(let part): "self_attn.\(part.rawValue)"
    case .selfAttentionNorm: "self_attn_layer_norm"
    case .crossAttention(let part): "encoder_attn.\(part.rawValue)"
    case .crossAttentionNorm: "encoder_attn_layer_norm"
    case .expansion: "fc1"
    case .contraction: "fc2"
    case .feedForwardNorm: "final_layer_norm"
    }
  }
}
