import FloatGraph

/// What a checkpoint may not say itself; an option that contradicts the checkpoint is an error.
public struct DetectorOptions: Sendable {
  /// Attention heads of encoder and decoder (paper: 8).
  public var heads: Int?
  /// Sampling points a head and level (Deformable DETR; paper: 4).
  public var points: Int?
  /// Proposals that become queries (two-stage Deformable DETR; paper: 300).
  public var queries: Int?
  /// Whether the last stage of the backbone has dilation in place of its stride (DC5; paper: no).
  public var dilation: Bool?
  /// The activation between the two linear maps of a feed-forward part (paper: ReLU).
  public var activation: FloatOperation.Activation?
  /// The rule for the size of the network's input (paper: shorter edge 800, longer at most 1333).
  public var inputSize: Preprocessing.Size?
  /// Names of the classes in order, in place of those of the checkpoint.
  public var labels: [String]?

  /// What the squared distances of Gaussians are divided by (SMCA-DETR; repository: 8).
  public var smooth: Double?

  public init(
    heads: Int? = nil,
    points: Int? = nil,
    queries: Int? = nil,
    dilation: Bool? = nil,
    activation: FloatOperation.Activation? = nil,
    inputSize: Preprocessing.Size? = nil,
    labels: [String]? = nil,
    smooth: Double? = nil
  ) {
    self.heads = heads
    self.points = points
    self.queries = queries
    self.dilation = dilation
    self.activation = activation
    self.inputSize = inputSize
    self.labels = labels
    self.smooth = smooth
  }
}
