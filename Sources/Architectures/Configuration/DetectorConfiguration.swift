import FloatGraph

/// A family of detectors that this package builds.
public enum Family: String, Sendable, Equatable, CustomStringConvertible {
  case detr = "DETR"
  case deformableDETR = "Deformable DETR"
  case rtDETR = "RT-DETR"
  case rtDETRv2 = "RT-DETRv2"
  case smcaDETR = "SMCA-DETR"
  case samDETR = "SAM-DETR"

  public var description: String { rawValue }

  /// Whether the tokens are the pixels of the backbone's last map, as in DETR.
  var readsOneMap: Bool { self == .detr || self == .smcaDETR || self == .samDETR }
}

/// How the encoder's tokens know where they are.
public enum PositionKind: String, Sendable, Equatable, CustomStringConvertible {
  case sine
  case learned

  public var description: String { rawValue }
}

/// Everything about a detector that its graph depends on, apart from the weights.
public struct DetectorConfiguration: Sendable, Equatable {
  public var family: Family
  public var backbone: ResNetConfiguration
  /// The width of the transformer.
  public var width: Int
  public var encoderLayers: Int
  public var decoderLayers: Int
  public var encoderHeads: Int
  public var decoderHeads: Int
  public var encoderHiddenWidth: Int
  public var decoderHiddenWidth: Int
  public var activation: FloatOperation.Activation
  /// Whether sublayers normalise their input (pre-norm) instead of their sum (post-norm).
  public var normalizesBefore: Bool
  /// Whether the decoder's last norm also follows every layer, as transformers does with
  /// `auxiliary_loss`.
  public var normalizesEveryLayer: Bool
  public var position: PositionKind
  /// Subtracted from the count of pixels before the sine (0 or 0.5).
  public var positionOffset: Double
  public var queries: Int
  /// Columns of the class logits; for DETR the last one is "no object".
  public var logits: Int
  /// What only Deformable DETR has.
  public var deformable: Deformable?
  /// What only RT-DETR has.
  public var hybrid: Hybrid? = nil
  /// What only SMCA-DETR has.
  public var smca: SMCA?
  /// What only SAM-DETR has.
  public var sam: SAM?

  /// What only Deformable DETR has.
  public struct Deformable: Sendable, Equatable {
    /// Maps that the attention samples from.
    public var levels: Int
    public var encoderPoints: Int
    public var decoderPoints: Int
    /// Whether each decoder layer refines the boxes of the one before.
    public var refinesBoxes: Bool
    /// Whether the queries are proposals of the encoder.
    public var isTwoStage: Bool
  }

  /// What only SMCA-DETR has.
  public struct SMCA: Sendable, Equatable {
    /// Trained scales a query and head: 0 … 3, the types 1 … 4 of the paper's repository.
    public var scales: Int
    /// What squared distances are divided by.
    public var smooth: Double
  }

  /// What only SAM-DETR has.
  public struct SAM: Sendable, Equatable {
    /// Whether cross-attention is modulated with Gaussians around the salient points.
    public var isModulated: Bool
    /// Whether a group norm follows the projection of the backbone's map.
    public var normalizesInput: Bool
    /// Bins along each side of a box.
    public var bins: Int
  }
}

/// The shape of a ResNet, from its tensors.
public struct ResNetConfiguration: Sendable, Equatable {
  public enum Block: String, Sendable, Equatable, CustomStringConvertible {
    /// Two 3×3 convolutions.
    case basic
    /// 1×1, 3×3, 1×1.
    case bottleneck

    public var description: String { rawValue }
  }

  public var block: Block
  public var stemWidth: Int
  /// Blocks a stage.
  public var depths: [Int]
  /// Channels that leave each stage.
  public var widths: [Int]
  /// The stages, counted from 0, whose maps the transformer reads.
  public var outputs: [Int]
  /// Whether a bottleneck's stride is on its first 1×1 convolution instead of the 3×3 one.
  public var stridesFirst: Bool
  /// Whether the first stage halves the map too.
  public var stridesFirstStage: Bool
  /// The largest stride; a stage that would exceed it is dilated instead. 32 is none, 16 is DC5.
  public var outputStride: Int
  /// Whether the stem was trained on blue, green, red; the graph's picture is red, green, blue always.
  public var readsBlueFirst: Bool
  /// Whether the stem is three 3×3 convolutions in place of one of 7×7 (ResNet-D).
  public var hasDeepStem = false
}
