/// The names of mmdetection 3.
///
/// The norms of a layer are numbered in the order in which they run. Convolutions before a group norm
/// have no bias; those of DETR, which has no group norm, have one.
struct MMDetectionNames: TensorNaming {
  let family: Family
  /// Levels that come from the backbone; further ones are `neck.extra_convs`.
  let backboneLevels: Int
  /// What stands before every name, such as `module.`; usually nothing.
  let prefix: String

  var title: String { "mmdetection 3" }

  func prefix(of series: Series) -> String {
    switch series {
    case .blocks(let stage):
      "\(prefix)backbone." + BackboneNames.torchvision.prefix(stage: stage)
    case .layers(let stack): "\(prefix)\(stack.rawValue).layers."
    }
  }

  func sources(of name: WeightName) -> [[ArraySource]] {
    if let tensor = BackboneNames.torchvision.tensor(name) {
      return [[ArraySource("\(prefix)backbone.\(tensor)")]]
    }
    let suffix = name.parameter == .bias ? "bias" : "weight"
    switch name.module {
    case .inputProjection where name.parameter == .bias && family == .deformableDETR:
      return []
    case .layer(let stack, let index, .selfAttention(let part)):
      return [[attention(stack, index, "self_attn", part, suffix)]]
    case .layer(let stack, let index, .crossAttention(let part)):
      return [[attention(stack, index, "cross_attn", part, suffix)]]
    default:
      guard let tensor = tensor(of: name.module, suffix) else { return [] }
      return [[ArraySource(prefix + tensor)]]
    }
  }

  /// Heads are written for every layer; where they are shared, they are all equal.
  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>? {
    let first = "\(prefix)bbox_head.reg_branches.0.0.weight"
    let second = "\(prefix)bbox_head.reg_branches.1.0.weight"
    guard let one = reader.tensors[first], let other = reader.tensors[second] else { return nil }
    return Stated(one.floats() != other.floats(), at: reader.describe(second))
  }

  func reasonToIgnore(_ tensor: String) -> String? {
    guard tensor.hasPrefix(prefix) else { return nil }
    let name = tensor.dropFirst(prefix.count)
    if name.hasSuffix(".num_batches_tracked") { return "counts training steps" }
    for heads in ["bbox_head.cls_branches.", "bbox_head.reg_branches."] where name.hasPrefix(heads)
    {
      return "head of an earlier layer, for training only"
    }
    return nil
  }

  /// PyTorch's attention stands one level deeper than deformable attention.
  private func attention(
    _ stack: Module.Stack,
    _ index: Int,
    _ attention: String,
    _ part: AttentionPart,
    _ suffix: String
  ) -> ArraySource {
    let name = "\(prefix)\(stack.rawValue).layers.\(index).\(attention)"
    return switch part {
    case .query, .key, .value, .output: ArraySource(attention: "\(name).attn", part, suffix)
    default: ArraySource(attention: name, part, suffix)
    }
  }

  private func tensor(of module: Module, _ suffix: String) -> String? {
    switch module {
    case .stem, .convolution, .shortcut, .learnedRows, .learnedColumns: nil
    case .inputProjection(let level): "\(convolution(level)).conv.\(suffix)"
    case .inputNorm(let level): "\(convolution(level)).gn.\(suffix)"
    case .levelEmbedding: "level_embed"
    case .queryEmbedding: "query_embedding.weight"
    case .referencePoints: "reference_points_fc.\(suffix)"
    case .proposalOutput: "memory_trans_fc.\(suffix)"
    case .proposalOutputNorm: "memory_trans_norm.\(suffix)"
    case .proposalPosition: "pos_trans_fc.\(suffix)"
    case .proposalPositionNorm: "pos_trans_norm.\(suffix)"
    case .layer(let stack, let index, let part):
      "\(stack.rawValue).layers.\(index).\(Self.name(of: part, in: stack)).\(suffix)"
    case .finalNorm(.encoder): nil
    case .finalNorm(.decoder): "decoder.post_norm.\(suffix)"
    case .classHead(let index):
      family == .detr ? "bbox_head.fc_cls.\(suffix)" : "bbox_head.cls_branches.\(index).\(suffix)"
    case .boxHead(let index, let linear):
      family == .detr
        ? "bbox_head.\(["reg_ffn.layers.0.0", "reg_ffn.layers.1", "fc_reg"][linear]).\(suffix)"
        : "bbox_head.reg_branches.\(index).\(2 * linear).\(suffix)"
    case .hybrid: nil
    case .layerPart: nil
    }
  }

  private func convolution(_ level: Int) -> String {
    level < backboneLevels
      ? "neck.convs.\(level)" : "neck.extra_convs.\(level - backboneLevels)"
  }

  private static func name(of part: LayerPart, in stack: Module.Stack) -> String {
    switch part {
    case .selfAttention, .crossAttention: ""
    case .selfAttentionNorm: "norms.0"
    case .crossAttentionNorm: "norms.1"
    case .expansion: "ffn.layers.0.0"
    case .contraction: "ffn.layers.1"
    case .feedForwardNorm: stack == .decoder ? "norms.2" : "norms.1"
    }
  }
}
