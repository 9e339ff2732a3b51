import FloatGraph

/// What a configuration says about a detector; everything is optional, and each value knows its place.
struct StatedConfiguration: Sendable {
  var family: Stated<Family>?
  var width: Stated<Int>?
  var encoderLayers: Stated<Int>?
  var decoderLayers: Stated<Int>?
  var encoderHeads: Stated<Int>?
  var decoderHeads: Stated<Int>?
  var encoderHiddenWidth: Stated<Int>?
  var decoderHiddenWidth: Stated<Int>?
  var activation: Stated<FloatOperation.Activation>?
  var normalizesBefore: Stated<Bool>?
  var normalizesEveryLayer: Stated<Bool>?
  var position: Stated<PositionKind>?
  var positionOffset: Stated<Double>?
  var queries: Stated<Int>?
  var proposals: Stated<Int>?
  /// Object classes, without DETR's "no object".
  var classes: Stated<Int>?
  var levels: Stated<Int>?
  var encoderPoints: Stated<Int>?
  var decoderPoints: Stated<Int>?
  var refinesBoxes: Stated<Bool>?
  var isTwoStage: Stated<Bool>?
  var backbone = StatedBackbone()
  var hybrid = StatedHybrid()
  /// SMCA-DETR: scales a query and head, and what squared distances are divided by.
  var gaussianScales: Stated<Int>?
  var smooth: Stated<Double>?
  /// SAM-DETR: whether Gaussians modulate its attention.
  var isModulated: Stated<Bool>?

  var labels: [String] = []
  /// What happens to a photograph, its channels in the order red, green, blue.
  var preprocessing: Stated<Preprocessing>?
  /// The size in ``preprocessing``, where it is not merely the paper's.
  var inputSize: Stated<Preprocessing.Size>?
}

/// What a configuration says about the backbone.
struct StatedBackbone: Sendable {
  var block: Stated<ResNetConfiguration.Block>?
  var stemWidth: Stated<Int>?
  var depths: Stated<[Int]>?
  var widths: Stated<[Int]>?
  /// Stages counted from 0, or from the end where negative.
  var outputs: Stated<[Int]>?
  var stridesFirst: Stated<Bool>?
  var stridesFirstStage: Stated<Bool>?
  var outputStride: Stated<Int>?
  var readsBlueFirst: Stated<Bool>?
}

/// What a configuration says about what only RT-DETR has.
struct StatedHybrid: Sendable {
  var encoderWidth: Stated<Int>?
  var attendedScales: Stated<[Int]>?
  /// A fixed size of the input, for which the tokens have no positions.
  var evaluationSize: Stated<Bool>?
  var temperature: Stated<Double>?
  var encoderActivation: Stated<FloatOperation.Activation>?
  var decoderActivation: Stated<FloatOperation.Activation>?
  var offsetScale: Stated<Double>?
  var isDiscrete: Stated<Bool>?
  var learnsQueries: Stated<Bool>?
  var batchNormEpsilon: Stated<Double>?
  var layerNormEpsilon: Stated<Double>?
}
