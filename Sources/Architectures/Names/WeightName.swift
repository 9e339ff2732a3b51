/// One trained array of a detector, named the same whatever file it comes from.
///
/// A ``TensorNaming`` says what the array is called in a file.
struct WeightName: Hashable, Sendable {
  let module: Module
  let parameter: Parameter

  init(_ module: Module, _ parameter: Parameter) {
    self.module = module
    self.parameter = parameter
  }
}

/// What an array is to its module.
enum Parameter: Hashable, Sendable {
  case weight
  case bias
  /// The four arrays of the batch norm that follows a convolution of the backbone.
  case normGain
  case normBias
  case normMean
  case normVariance
}

/// A trained part of a detector.
enum Module: Hashable, Sendable {
  /// The backbone's first convolution with its batch norm.
  case stem
  /// A convolution of a residual block with its batch norm.
  case convolution(stage: Int, block: Int, index: Int)
  /// The convolution beside a residual block with its batch norm.
  case shortcut(stage: Int, block: Int)
  /// The convolution from the backbone's width to the transformer's.
  case inputProjection(level: Int)
  /// The group norm after that convolution (Deformable DETR).
  case inputNorm(level: Int)
  /// One vector a level, added to the positions (Deformable DETR).
  case levelEmbedding
  case learnedRows
  case learnedColumns
  case queryEmbedding
  /// From a query's position to its reference point (Deformable DETR).
  case referencePoints
  case proposalOutput
  case proposalOutputNorm
  case proposalPosition
  case proposalPositionNorm
  case layer(Stack, Int, LayerPart)
  case finalNorm(Stack)
  /// The class head after a decoder layer; the one after the last belongs to the proposals.
  case classHead(Int)
  /// One of the three linear maps of the box head, counted as the class heads are.
  case boxHead(Int, linear: Int)
  /// A part that only RT-DETR has.
  case hybrid(HybridModule)
  /// A part that layers of one family only have, by the name that its repository gives it.
  case layerPart(Stack, Int, String)

  enum Stack: String, Hashable, Sendable {
    case encoder
    case decoder
  }
}

/// A trained part of a transformer layer.
enum LayerPart: Hashable, Sendable {
  case selfAttention(AttentionPart)
  case selfAttentionNorm
  case crossAttention(AttentionPart)
  case crossAttentionNorm
  /// From the model's width to the hidden one.
  case expansion
  /// Back to the model's width.
  case contraction
  case feedForwardNorm
}

/// A trained part of an attention; the last four are those of deformable attention.
enum AttentionPart: String, Hashable, Sendable {
  case query = "q_proj"
  case key = "k_proj"
  case value = "v_proj"
  case output = "out_proj"
  case samplingOffsets = "sampling_offsets"
  case attentionWeights = "attention_weights"
  case deformableValue = "value_proj"
  case deformableOutput = "output_proj"
}

extension Module {
  /// The name that nodes of the graph carry, such as `encoder.layers.0.self_attn.value_proj`.
  var name: String {
    switch self {
    case .stem: "backbone.stem"
    case .convolution(let stage, let block, let index):
      "backbone.stages.\(stage).blocks.\(block).conv\(index + 1)"
    case .shortcut(let stage, let block): "backbone.stages.\(stage).blocks.\(block).shortcut"
    case .inputProjection(let level): "input_proj.\(level)"
    case .inputNorm(let level): "input_proj.\(level).norm"
    case .levelEmbedding: "level_embed"
    case .learnedRows: "positions.rows"
    case .learnedColumns: "positions.columns"
    case .queryEmbedding: "query_embed"
    case .referencePoints: "reference_points"
    case .proposalOutput: "enc_output"
    case .proposalOutputNorm: "enc_output_norm"
    case .proposalPosition: "pos_trans"
    case .proposalPositionNorm: "pos_trans_norm"
    case .layer(let stack, let index, let part): "\(stack).layers.\(index).\(part.name)"
    case .finalNorm(let stack): "\(stack).norm"
    case .classHead(let index): "class_embed.\(index)"
    case .boxHead(let index, let linear): "bbox_embed.\(index).layers.\(linear)"
    case .hybrid(let module): module.name
    case .layerPart(let stack, let index, let part): "\(stack).layers.\(index).\(part)"
    }
  }
}

extension LayerPart {
  /// The part's name below its layer, as in `self_attn.q_proj`.
  var name: String {
    switch self {
    case .selfAttention(let part): "self_attn.\(part.rawValue)"
    case .selfAttentionNorm: "self_attn_norm"
    case .crossAttention(let part): "encoder_attn.\(part.rawValue)"
    case .crossAttentionNorm: "encoder_attn_norm"
    case .expansion: "fc1"
    case .contraction: "fc2"
    case .feedForwardNorm: "final_norm"
    }
  }
}
