/// What a node computes; the weights are inside.
///
/// Sizes in comments: `n` rows, `c` channels, `d` the model's width. A "grid value" is a feature map
/// whose grid (height × width) gives an operation its geometry; its numbers are not read.
public enum FloatOperation: Sendable {
  /// Cross-correlation of one feature map with zero padding, then the activation.
  case convolution(Weights, Window, Activation)
  /// `x · Wᵀ + b` on every row, then the activation.
  case linear(Weights, Activation)
  /// Maximum over a window; positions outside the map do not count.
  case maxPool(Window)
  /// The sum of two values of the same shape, then the activation.
  case add(Activation)
  /// Normalises every row over its channels.
  case layerNorm(Normalization)
  /// Normalises a map over the rows and the channels of each of `groups` groups.
  case groupNorm(Normalization, groups: Int)
  /// The position code of every pixel of the input's grid; the numbers of the input are not read.
  case positionCode(PositionCode)
  /// A matrix that does not depend on the picture: learned queries.
  case constant(Matrix)
  /// The rows of all inputs one after the other: the levels of a pyramid as one list of tokens.
  case concatenateRows
  /// The columns of a range.
  case sliceColumns(Range<Int>)
  /// Scaled dot-product attention over inputs query [n, d], key [m, d], value [m, d].
  case attention(Attention)
  /// Multi-scale deformable attention over inputs value [tokens, d], sampling offsets
  /// [n, heads · levels · points · 2], attention logits [n, heads · levels · points] and, where the
  /// references are not the tokens' own centres, reference points [n, 2 or 4].
  case deformableAttention(DeformableAttention)
  /// Zeroes the rows of padding; the tokens are those of the levels.
  case maskPadding(levels: [FloatGraph.ValueID])
  /// Zeroes the rows of padding and those whose proposal box reaches out of 0.01…0.99 (two-stage).
  case maskProposals(levels: [FloatGraph.ValueID])
  /// Logits of the anchor boxes of the tokens [tokens, 4], plus infinity in masked rows.
  ///
  /// The anchor of a token has its centre in the middle of the pixel, in units of the valid part,
  /// and the sides 0.05 · 2^level; the result is ln(p / (1 − p)). It has no inputs.
  case anchorLogits(levels: [FloatGraph.ValueID])
  /// Indices [count, 1] of the rows with the highest value in a column, highest first, ties to the
  /// lower index.
  case topRows(count: Int, column: Int)
  /// Rows of the first input [n, c] chosen by the second one (indices [k, 1]).
  case gatherRows
  /// `1 / (1 + exp(−x))` of every element.
  case sigmoid
  /// Boxes [n, 4] from deltas [n, 4] and references [n, 2 or 4] in 0…1.
  ///
  /// `sigmoid(delta + inverseSigmoid(reference))`, where a reference of two numbers moves the centre
  /// only; `inverseSigmoid(x) = ln(max(x, 1e-5) / max(1 − x, 1e-5))` with `x` clamped to 0…1.
  case refineBoxes
  /// Sine embedding [n, columns · features] of every column of the input (boxes in 0…1), interleaved
  /// sine and cosine: the angle is `x · 2π / temperature^(2·⌊i/2⌋ / features)`.
  case boxSine(features: Int, temperature: Double)
  /// An activation of every element, where a table makes it in integers.
  case activate(Activation)
  /// The mean of each square of `size` × `size` pixels; those outside of the map do not count.
  ///
  /// The output has `⌈n / size⌉` pixels in each direction: the last square may hang over.
  case averagePool(size: Int)
  /// Every pixel of a map `factor` times in both directions: nearest-neighbour enlargement.
  case upsample(factor: Int)
  /// The channels of all inputs one after the other, row by row.
  case concatenateColumns
  /// The greatest number of every row [n, 1].
  case rowMaximum
  /// Attention over the pixels of a map; see ``SpatialAttention`` for its inputs.
  case spatialAttention(SpatialAttention)
  /// Average features of the bins of boxes; see ``RegionPooling``.
  case regionPooling(RegionPooling)
  /// Features at points among the bins of boxes; see ``RegionSampling``.
  case regionSampling(RegionSampling)
  /// Points [n, 2 · k] in 0…1 of the picture from boxes [n, 4] and places inside of them [n, 2 · k] in
  /// 0…1: `centre − side / 2 + side · place`, x and y in turns.
  case pointsInBoxes
  /// Numbers [n, rows · c] times the sigmoid of gates [n, rows · c], as `rows` rows each [n · rows, c].
  case gate(rows: Int)

  /// A matrix of weights [outputs, kernel height, kernel width, inputs] and a bias.
  public struct Weights: Sendable {
    public let outputs: Int
    public let inputs: Int
    /// Row-major [outputs, kernel height, kernel width, inputs].
    public let values: [Float]
    /// [outputs]; empty where there is none.
    public let bias: [Float]

    public init(outputs: Int, inputs: Int, values: [Float], bias: [Float]) {
      self.outputs = outputs
      self.inputs = inputs
      self.values = values
      self.bias = bias
    }
  }

  /// The geometry of a convolution or a pool, the same in both directions.
  public struct Window: Sendable, Equatable {
    public let kernel: Int
    public let stride: Int
    public let padding: Int
    public let dilation: Int

    public init(kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
    }

    /// The output's length for an input's length: `⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1`.
    public func output(_ length: Int) -> Int {
      (length + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    }
  }

  public enum Activation: Sendable, Equatable {
    case none
    case relu
    /// `x · Φ(x)` with the exact normal distribution function.
    case gelu
    /// `x / (1 + exp(−x))`.
    case silu
  }

  /// Gain and bias per channel and the epsilon added to the variance.
  public struct Normalization: Sendable {
    public let gain: [Float]
    public let bias: [Float]
    public let epsilon: Double

    public init(gain: [Float], bias: [Float], epsilon: Double) {
      self.gain = gain
      self.bias = bias
      self.epsilon = epsilon
    }
  }

  public struct Matrix: Sendable {
    public let rows: Int
    public let columns: Int
    public let values: [Float]

    public init(rows: Int, columns: Int, values: [Float]) {
      self.rows = rows
      self.columns = columns
      self.values = values
    }
  }

  /// A separable code: a row term plus a column term plus one vector for the level.
  public struct PositionCode: Sendable {
    public enum Kind: Sendable {
      /// Sines and cosines of the normalised coordinates, `features` for y, then `features` for x.
      ///
      /// Coordinates count valid pixels from 1; the angle is
      /// `(count − offset) / (last + 1e-6) · scale / temperature^(2·⌊i/2⌋ / features)`. Padding
      /// columns count 0 in y, padding rows count 0 in x. DETR: offset 0, Deformable DETR: 0.5.
      case sine(features: Int, temperature: Double, scale: Double, offset: Double)
      /// Learned vectors [positions, features] by column and by row: the column's, then the row's.
      case learned(columns: Matrix, rows: Matrix)
      /// Sines of y, cosines of y, sines of x, cosines of x, `features / 2` numbers each, of the pixel's
      /// place counted from 0: the angle is `place / temperature^(i / (features / 2))`. Padding
      /// counts like any other pixel (RT-DETR).
      case sineHalves(features: Int, temperature: Double)
    }
    public let kind: Kind
    /// Added to every pixel's code [d]; empty for none.
    public let level: [Float]

    public init(kind: Kind, level: [Float]) {
      self.kind = kind
      self.level = level
    }

    public var channels: Int {
      switch kind {
      case .sine(let features, _, _, _): 2 * features
      case .learned(let columns, let rows): columns.columns + rows.columns
      case .sineHalves(let features, _): 2 * features
      }
    }
  }

  /// Attention with `heads` heads of `d / heads` channels, scores times `1 / sqrt(d / heads)`.
  public struct Attention: Sendable {
    public let heads: Int
    /// The map whose padding the keys are masked by; none where every key counts.
    public let keyGrid: FloatGraph.ValueID?

    public init(heads: Int, keyGrid: FloatGraph.ValueID?) {
      self.heads = heads
      self.keyGrid = keyGrid
    }
  }

  public struct DeformableAttention: Sendable {
    public let heads: Int
    public let points: Int
    /// The maps of the pyramid, in the order of the tokens.
    public let levels: [FloatGraph.ValueID]
    /// Whether a point takes one pixel instead of four: pixel `⌊location · size + ½⌋` of the level, the
    /// nearest one inside where that is outside (RT-DETRv2's sampling method `discrete`).
    public let isDiscrete: Bool

    public init(
      heads: Int,
      points: Int,
      levels: [FloatGraph.ValueID],
      isDiscrete: Bool = false
    ) {
      self.heads = heads
      self.points = points
      self.levels = levels
      self.isDiscrete = isDiscrete
    }
  }

  /// Channels of the result for the channels of the inputs.
  func outputChannels(inputs: [Int]) -> Int {
    switch self {
    case .convolution(let weights, _, _), .linear(let weights, _): weights.outputs
    case .maxPool, .add, .layerNorm, .groupNorm, .concatenateRows, .gatherRows, .sigmoid,
      .maskPadding, .maskProposals:
      inputs[0]
    case .positionCode(let code): code.channels
    case .constant(let matrix): matrix.columns
    case .sliceColumns(let range): range.count
    case .attention: inputs[2]
    case .deformableAttention: inputs[0]
    case .anchorLogits, .refineBoxes: 4
    case .topRows: 1
    case .boxSine(let features, _): inputs[0] * features
    case .activate, .averagePool, .upsample: inputs[0]
    case .concatenateColumns: inputs.reduce(0, +)
    case .rowMaximum: 1
    case .spatialAttention: inputs[2]
    case .regionPooling(let pooling): inputs[0] * pooling.bins * pooling.bins
    case .regionSampling: inputs[0] * (inputs[2] / 2)
    case .pointsInBoxes: inputs[1]
    case .gate(let rows): inputs[0] / rows
    }
  }
}
