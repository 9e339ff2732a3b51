/// The names that Hugging Face transformers writes for Conditional DETR: those of DETR, but for the decoder's
/// attentions, whose maps for contents and for positions stand beside the attention.
struct HuggingFaceConditionalNames: TensorNaming {
  let base: HuggingFaceNames

  var title: String { base.title }

  func prefix(of series: Series) -> String { base.prefix(of: series) }

  func sources(of name: WeightName) -> [[ArraySource]] {
    guard case .layer(.decoder, let index, let part) = name.module else {
      return base.sources(of: name)
    }
    let map: String
    switch part {
    case .selfAttention(let part):
      guard let own = Self.map(part) else { return base.sources(of: name) }
      map = "sa_\(own)"
    case .crossAttention(let part):
      guard let own = Self.map(part) else { return base.sources(of: name) }
      map = "ca_\(own)"
    default: return base.sources(of: name)
    }
    let suffix = name.parameter == .bias ? "bias" : "weight"
    return [[ArraySource("\(base.prefix)model.decoder.layers.\(index).\(map).\(suffix)")]]
  }

  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>? { nil }

  func reasonToIgnore(_ tensor: String) -> String? { base.reasonToIgnore(tensor) }

  /// What follows `sa_` or `ca_`; nil for the output map, which is named as in DETR.
  private static func map(_ part: AttentionPart) -> String? {
    switch part {
    case .queryContent: "qcontent_proj"
    case .queryPosition: "qpos_proj"
    case .keyContent: "kcontent_proj"
    case .keyPosition: "kpos_proj"
    case .querySine: "qpos_sine_proj"
    case .value: "v_proj"
    default: nil
    }
  }
}
