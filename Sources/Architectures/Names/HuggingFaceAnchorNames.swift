/// The names that Hugging Face transformers writes for DAB-DETR: a decoder layer is three modules, each with
/// its norm.
struct HuggingFaceAnchorNames: TensorNaming {
  let base: HuggingFaceNames

  var title: String { base.title }

  func prefix(of series: Series) -> String { base.prefix(of: series) }

  func sources(of name: WeightName) -> [[ArraySource]] {
    let suffix = name.parameter == .bias ? "bias" : "weight"
    let tensors: [String]
    switch name.module {
    case .layer(.decoder, let index, let part):
      tensors = ["model.decoder.layers.\(index).\(Self.name(of: part)).\(suffix)"]
    case .finalNorm(.encoder): tensors = ["model.encoder.norm.\(suffix)"]
    case .queryEmbedding: tensors = ["model.query_refpoint_embeddings.weight"]
    case .classHead: tensors = ["class_embed.\(suffix)"]
    case .boxHead(_, let linear):
      // One head, which the decoder refines with; files may hold both names of it.
      let rest = "layers.\(linear).\(suffix)"
      tensors = ["bbox_predictor.\(rest)", "model.decoder.bbox_embed.\(rest)"]
    default: return base.sources(of: name)
    }
    return [tensors.map { ArraySource(base.prefix + $0) }]
  }

  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>? { nil }

  func reasonToIgnore(_ tensor: String) -> String? {
    tensor.hasSuffix(".num_batches_tracked") ? "counts training steps" : nil
  }

  private static func name(of part: LayerPart) -> String {
    switch part {
    case .selfAttention(let part): "self_attn.\(map("self_attn", part))"
    case .selfAttentionNorm: "self_attn.self_attn_layer_norm"
    case .crossAttention(let part): "cross_attn.\(map("cross_attn", part))"
    case .crossAttentionNorm: "cross_attn.cross_attn_layer_norm"
    case .expansion: "mlp.fc1"
    case .contraction: "mlp.fc2"
    case .feedForwardNorm: "mlp.final_layer_norm"
    case .activationSlope: "mlp.activation_fn"
    }
  }

  private static func map(_ attention: String, _ part: AttentionPart) -> String {
    switch part {
    case .queryContent: "\(attention)_query_content_proj"
    case .queryPosition: "\(attention)_query_pos_proj"
    case .keyContent: "\(attention)_key_content_proj"
    case .keyPosition: "\(attention)_key_pos_proj"
    case .querySine: "\(attention)_query_pos_sine_proj"
    case .value: "\(attention)_value_proj"
    case .output: "\(attention).output_proj"
    default: part.rawValue
    }
  }
}
