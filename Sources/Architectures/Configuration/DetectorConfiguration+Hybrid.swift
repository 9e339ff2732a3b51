import FloatGraph

extension DetectorConfiguration {
  /// What only RT-DETR and RT-DETRv2 have: the hybrid encoder and the decoder that begins with proposals.
  public struct Hybrid: Sendable, Equatable {
    /// The width of the hybrid encoder's maps; the decoder's is ``DetectorConfiguration/width``.
    public var encoderWidth: Int
    /// The maps, counted from the finest, that a transformer encoder (AIFI) works on.
    public var attendedScales: [Int]
    /// Whether its tokens know where they are; a stated `eval_size` takes that away.
    public var hasPositions: Bool
    /// The ratio of the highest and (nearly) the lowest frequency of the positions.
    public var temperature: Double
    /// After the convolutions of the hybrid encoder.
    public var activation: FloatOperation.Activation
    /// Between the linear maps of the transformer encoder's layers.
    public var encoderActivation: FloatOperation.Activation
    /// Between those of the decoder's layers.
    public var decoderActivation: FloatOperation.Activation
    /// Maps that the decoder samples from.
    public var levels: Int
    /// Sampling points a head and level.
    public var points: Int
    /// What a box's side is multiplied with for an offset of `points`; ½ but in RT-DETRv2.
    public var offsetScale: Double
    /// Whether a point takes one pixel in place of four (RT-DETRv2's `discrete`).
    public var isDiscrete: Bool
    /// Whether queries start as a trained matrix instead of as the chosen tokens.
    public var learnsQueries: Bool
    /// Added to the variance by the batch norms of the hybrid encoder and of the decoder's projections.
    public var batchNormEpsilon: Double
    public var layerNormEpsilon: Double
  }
}
