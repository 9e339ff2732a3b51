/// The names that Hugging Face transformers writes for RT-DETR and RT-DETRv2.
///
/// A batch norm follows every convolution; its four arrays stand beside the convolution's weight.
struct RTDETRNames: TensorNaming {
  /// What stands before every name, such as `module.`; usually nothing.
  let prefix: String

  var title: String { "Hugging Face" }

  static let backbonePrefix = "model.backbone.model."

  func prefix(of series: Series) -> String {
    switch series {
    case .blocks(let stage):
      prefix + Self.backbonePrefix + BackboneNames.huggingFace.prefix(stage: stage)
    case .layers(.encoder): "\(prefix)model.encoder.encoder.0.layers."
    case .layers(.decoder): "\(prefix)model.decoder.layers."
    }
  }

  func sources(of name: WeightName) -> [[ArraySource]] {
    let tensors: [String]
    if let tensor = BackboneNames.huggingFace.tensor(name) {
      tensors = [Self.backbonePrefix + tensor]
    } else {
      tensors = self.tensors(of: name)
    }
    return tensors.isEmpty ? [] : [tensors.map { ArraySource(prefix + $0) }]
  }

  /// Every layer of the decoder has a box head of its own.
  func refinesBoxes(_ reader: WeightReader) -> Stated<Bool>? { nil }

  func reasonToIgnore(_ tensor: String) -> String? {
    guard tensor.hasPrefix(prefix) else { return nil }
    let name = tensor.dropFirst(prefix.count)
    if name.hasSuffix(".num_batches_tracked") { return "counts training steps" }
    if name.hasSuffix(".n_points_scale") { return "one divided by the number of points" }
    if name.hasPrefix("model.denoising_class_embed.") { return "denoising, for training only" }
    for heads in ["class_embed.", "bbox_embed."]
    where name.hasPrefix(heads) || name.hasPrefix("model.decoder.\(heads)") {
      return "head of an earlier layer, for training only"
    }
    return nil
  }

  private func tensors(of name: WeightName) -> [String] {
    let suffix = name.parameter == .bias ? "bias" : "weight"
    switch name.module {
    case .inputProjection(let level):
      return pair(
        name,
        "model.encoder_input_proj.\(level).0",
        "model.encoder_input_proj.\(level).1"
      )
    case .queryEmbedding: return ["model.weight_embedding.weight"]
    case .proposalOutput: return ["model.enc_output.0.\(suffix)"]
    case .proposalOutputNorm: return ["model.enc_output.1.\(suffix)"]
    case .layer(.decoder, let index, let part):
      return ["model.decoder.layers.\(index).\(Self.name(of: part)).\(suffix)"]
    case .layer(.encoder, let index, let part):
      return tensors(of: WeightName(.hybrid(.layer(scale: 0, index, part)), name.parameter))
    case .classHead(let index): return heads("class_embed.\(index).\(suffix)")
    case .boxHead(let index, let linear):
      return heads("bbox_embed.\(index).layers.\(linear).\(suffix)")
    case .hybrid(let module): return tensors(of: module, name, suffix)
    default: return []
    }
  }

  private func tensors(
    of module: HybridModule,
    _ name: WeightName,
    _ suffix: String
  ) -> [String] {
    switch module {
    case .stem(let index):
      return unit(name, "\(Self.backbonePrefix)embedder.embedder.\(index)")
    case .pooledShortcut(let stage, let block):
      let stages = "\(Self.backbonePrefix)encoder.stages"
      return unit(name, "\(stages).\(stage).layers.\(block).shortcut.1")
    case .layer(let scale, let index, let part):
      return ["model.encoder.encoder.\(scale).layers.\(index).\(Self.name(of: part)).\(suffix)"]
    case .lateral(let index): return normed(name, "model.encoder.lateral_convs.\(index)")
    case .fpn(let index, let part):
      return normed(name, "model.encoder.fpn_blocks.\(index).\(Self.name(of: part))")
    case .downsample(let index): return normed(name, "model.encoder.downsample_convs.\(index)")
    case .pan(let index, let part):
      return normed(name, "model.encoder.pan_blocks.\(index).\(Self.name(of: part))")
    case .decoderProjection(let level):
      return pair(
        name,
        "model.decoder_input_proj.\(level).0",
        "model.decoder_input_proj.\(level).1"
      )
    case .proposalScore: return ["model.enc_score_head.\(suffix)"]
    case .proposalBox(let linear): return ["model.enc_bbox_head.layers.\(linear).\(suffix)"]
    case .queryPosition(let linear):
      return ["model.decoder.query_pos_head.layers.\(linear).\(suffix)"]
    }
  }

  private func unit(_ name: WeightName, _ place: String) -> [String] {
    pair(name, "\(place).convolution", "\(place).normalization")
  }

  private func normed(_ name: WeightName, _ place: String) -> [String] {
    pair(name, "\(place).conv", "\(place).norm")
  }

  /// An array of a convolution, which has no bias, or of its batch norm.
  private func pair(_ name: WeightName, _ convolution: String, _ norm: String) -> [String] {
    switch name.parameter {
    case .weight: ["\(convolution).weight"]
    case .bias: []
    case .normGain: ["\(norm).weight"]
    case .normBias: ["\(norm).bias"]
    case .normMean: ["\(norm).running_mean"]
    case .normVariance: ["\(norm).running_var"]
    }
  }

  /// The heads may stand beside the model too; both are the same tensors.
  private func heads(_ rest: String) -> [String] { ["model.decoder.\(rest)", rest] }

  private static func name(of part: LayerPart) -> String {
    switch part {
    case .selfAttention(let part): "self_attn.\(part.rawValue)"
    case .selfAttentionNorm: "self_attn_layer_norm"
    case .crossAttention(let part): "encoder_attn.\(part.rawValue)"
    case .crossAttentionNorm: "encoder_attn_layer_norm"
    case .expansion: "fc1"
    case .contraction: "fc2"
    case .feedForwardNorm: "final_layer_norm"
    default: ""
    }
  }

  private static func name(of part: HybridModule.FusionPart) -> String {
    switch part {
    case .convolution(let index): "conv\(index)"
    case .block(let index, let branch): "bottlenecks.\(index).conv\(branch)"
    }
  }
}
