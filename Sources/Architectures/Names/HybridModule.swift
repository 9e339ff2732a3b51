/// A trained part that only RT-DETR has.
enum HybridModule: Hashable, Sendable {
  /// One of the three convolutions of a ResNet-D stem with its batch norm.
  case stem(Int)
  /// The convolution after the average pool beside a residual block with its batch norm.
  case pooledShortcut(stage: Int, block: Int)
  /// A part of a layer of the transformer encoder (AIFI) of a scale.
  case layer(scale: Int, Int, LayerPart)
  /// The convolution from a coarser map to the next finer one.
  case lateral(Int)
  /// The fusion of two maps on the way to the finer ones, and a part of it.
  case fpn(Int, FusionPart)
  /// The convolution of stride 2 from a finer map to the next coarser one.
  case downsample(Int)
  /// The fusion of two maps on the way to the coarser ones, and a part of it.
  case pan(Int, FusionPart)
  /// The convolution from a map of the hybrid encoder to a level that the decoder samples.
  case decoderProjection(level: Int)
  case proposalScore
  case proposalBox(linear: Int)
  /// One of the two linear maps from a box to the position of its query.
  case queryPosition(linear: Int)

  /// A convolution of a fusion (CSPRep layer) with its batch norm.
  enum FusionPart: Hashable, Sendable {
    /// 1 and 2 from the concatenated maps, 3 to the output.
    case convolution(Int)
    /// The 3×3 (1) or 1×1 (2) branch of a RepVGG block.
    case block(Int, branch: Int)
  }
}

extension HybridModule {
  /// The name that nodes of the graph carry.
  var name: String {
    switch self {
    case .stem(let index): "backbone.stem.\(index)"
    case .pooledShortcut(let stage, let block): "backbone.stages.\(stage).blocks.\(block).shortcut"
    case .layer(let scale, let index, let part): "aifi.\(scale).layers.\(index).\(part.name)"
    case .lateral(let index): "lateral.\(index)"
    case .fpn(let index, let part): "fpn.\(index).\(part.name)"
    case .downsample(let index): "downsample.\(index)"
    case .pan(let index, let part): "pan.\(index).\(part.name)"
    case .decoderProjection(let level): "decoder_input_proj.\(level)"
    case .proposalScore: "enc_score_head"
    case .proposalBox(let linear): "enc_bbox_head.layers.\(linear)"
    case .queryPosition(let linear): "query_pos_head.layers.\(linear)"
    }
  }
}

extension HybridModule.FusionPart {
  var name: String {
    switch self {
    case .convolution(let index): "conv\(index)"
    case .block(let index, _): "blocks.\(index)"
    }
  }
}
