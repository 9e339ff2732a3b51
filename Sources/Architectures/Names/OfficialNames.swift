/// The names of facebookresearch/detr and fundamentalvision/Deformable-DETR.
///
/// Their softmax attentions keep query, key and value maps in one tensor. The norms of Deformable
/// DETR's decoder are numbered by the order in which the parts are declared, not by that in which
/// they run: 1 is after cross-attention, 2 after self-attention.
struct OfficialNames: TensorNaming {
  let family: Family
  /// What stands before every name, such as `module.`; usually nothing.
  let prefix: String

  var title: String {
    switch family {
    case .detr: "official DETR repository"
    case .deformableDETR: "official Deformable DETR repository"
    case .rtDETR, .rtDETRv2: "official RT-DETR repository"
    case .smcaDETR: "official SMCA-DETR repository"
    case .samDETR: "official SAM-DETR repository"
    }
  }

  static let backbonePrefix = "backbone.0.body."

  func prefix(of series: Series) -> String {
    switch series {
    case .blocks(let stage):
      prefix + Self.backbonePrefix + BackboneNames.torchvision.prefix(stage: stage)
    case .layers(let stack): "\(prefix)transformer.\(stack.rawValue).layers."
    }
  }

  func sources(of name: WeightName) -> [[ArraySource]] {
    if let tensor = BackboneNames.torchvision.tensor(name) {
      return [[ArraySource(prefix + Self.backbonePrefix + tensor)]]
    }
    let suffix = name.parameter == .bias ? "bias" : "weight"
    switch name.module {
    case .layer(let stack, let index, .selfAttention(let part)):
      return [[attention(stack, index, "self_attn", part, suffix)]]
    case .layer(let stack, let index, .crossAttention(let part)):
      let attention = isPlain ? "multihead_attn" : "cross_attn"
      return [[self.attention(stack, index, attention, part, suffix)]]
    default:
      return [tensors(of: name.module, suffix).map { ArraySource(prefix + $0) }]
    }
  }

  /// The decoder owns the box heads only where it refines with them.
  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>? {
    let tensor = prefix + "transformer.decoder.bbox_embed.0.layers.0.weight"
    return Stated(reader.tensors[tensor] != nil, at: reader.describe(tensor))
  }

  func reasonToIgnore(_ tensor: String) -> String? {
    guard tensor.hasPrefix(prefix) else { return nil }
    let name = tensor.dropFirst(prefix.count)
    if name.hasSuffix(".num_batches_tracked") { return "counts training steps" }
    guard !isPlain else { return nil }
    for heads in ["class_embed.", "bbox_embed."]
    where name.hasPrefix(heads) || name.hasPrefix("transformer.decoder.\(heads)") {
      return "head of an earlier layer, for training only"
    }
    return nil
  }

  /// Whether projections and heads are named as in DETR, one for all.
  private var isPlain: Bool { family == .detr || family == .smcaDETR }

  private func attention(
    _ stack: Module.Stack,
    _ index: Int,
    _ attention: String,
    _ part: AttentionPart,
    _ suffix: String
  ) -> ArraySource {
    let name = "\(prefix)transformer.\(stack.rawValue).layers.\(index).\(attention)"
    return ArraySource(attention: name, part, suffix)
  }

  private func tensors(of module: Module, _ suffix: String) -> [String] {
    switch module {
    case .stem, .convolution, .shortcut: []
    case .inputProjection(let level):
      isPlain ? ["input_proj.\(suffix)"] : ["input_proj.\(level).0.\(suffix)"]
    case .inputNorm(let level): ["input_proj.\(level).1.\(suffix)"]
    case .levelEmbedding: ["transformer.level_embed"]
    case .learnedRows: ["backbone.1.row_embed.weight"]
    case .learnedColumns: ["backbone.1.col_embed.weight"]
    case .queryEmbedding: ["query_embed.weight"]
    case .referencePoints: ["transformer.reference_points.\(suffix)"]
    case .proposalOutput: ["transformer.enc_output.\(suffix)"]
    case .proposalOutputNorm: ["transformer.enc_output_norm.\(suffix)"]
    case .proposalPosition: ["transformer.pos_trans.\(suffix)"]
    case .proposalPositionNorm: ["transformer.pos_trans_norm.\(suffix)"]
    case .layer(let stack, let index, let part):
      ["transformer.\(stack.rawValue).layers.\(index).\(name(of: part, in: stack)).\(suffix)"]
    case .finalNorm(let stack): ["transformer.\(stack.rawValue).norm.\(suffix)"]
    case .classHead(let index): heads("class_embed", index, suffix)
    case .boxHead(let index, let linear): heads("bbox_embed", index, "layers.\(linear).\(suffix)")
    case .hybrid: []
    case .layerPart(let stack, let index, let part):
      ["transformer.\(stack.rawValue).layers.\(index).\(part).\(suffix)"]
    }
  }

  /// The heads stand below the decoder too where it uses them; both are the same tensors.
  private func heads(_ heads: String, _ index: Int, _ rest: String) -> [String] {
    switch isPlain {
    case true: ["\(heads).\(rest)"]
    case false:
      ["\(heads).\(index).\(rest)", "transformer.decoder.\(heads).\(index).\(rest)"]
    }
  }

  private func name(of part: LayerPart, in stack: Module.Stack) -> String {
    let isDeformable = family == .deformableDETR
    return switch part {
    case .selfAttention, .crossAttention: ""
    case .selfAttentionNorm: stack == .decoder && isDeformable ? "norm2" : "norm1"
    case .crossAttentionNorm: isDeformable ? "norm1" : "norm2"
    case .expansion: "linear1"
    case .contraction: "linear2"
    case .feedForwardNorm: stack == .decoder ? "norm3" : "norm2"
    }
  }
}

extension ArraySource {
  /// A map of PyTorch's `MultiheadAttention`, or of deformable attention.
  ///
  /// - Parameters:
  ///   - attention: the name of the attention.
  ///   - part: which of its maps.
  ///   - suffix: `weight` or `bias`.
  init(attention: String, _ part: AttentionPart, _ suffix: String) {
    switch part {
    case .query: self.init("\(attention).in_proj_\(suffix)", part: 0, of: 3)
    case .key: self.init("\(attention).in_proj_\(suffix)", part: 1, of: 3)
    case .value: self.init("\(attention).in_proj_\(suffix)", part: 2, of: 3)
    default: self.init("\(attention).\(part.rawValue).\(suffix)")
    }
  }
}
