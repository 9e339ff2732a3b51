import FixedPoint

/// One operation of a model; the file holds these, fusing and blocking belong to the planner.
///
/// Notation: `x[r, c]` is the integer of row r and channel c, `z` a zero point, `⌊v⌉s` the rounding
/// shift `(v + 2^(s−1)) >> s` of a 64-bit number, `clamp` the limit to the output's range or to the
/// bounds given. All results are defined by the scalar kernels, bit for bit.
public enum Operation: Sendable {
  case convolution(Convolution)
  case maxPool(MaxPool)
  case add(Addition)
  case requantize(Requantization)
  case layerNorm(LayerNorm)
  case groupNorm(GroupNorm)
  case attention(Attention)
  case deformableAttention(DeformableAttention)
  case positionTable(PositionTable)
  case constant(Constant)
  case concatenateRows(Concatenation)
  case sliceColumns(ColumnSlice)
  case maskPadding(PaddingMask)
  case maskProposals(PaddingMask)
  case topRows(TopRows)
  case gatherRows(RowGather)
  case sigmoid(Sigmoid)
  case refineBoxes(BoxRefinement)
  case proposalBoxes(ProposalBoxes)
  case boxSine(BoxSine)
  case tableLookup(TableLookup)
  case averagePool(AveragePool)
  case upsample(Upsample)
  case concatenateColumns(Concatenation)
  case rowMaximum(RowMaximum)
  case spatialAttention(SpatialAttention)
  case positionSum(PositionSum)
  case regionPooling(RegionPooling)
  case regionSampling(RegionSampling)
  case pointsInBoxes(PointsInBoxes)
  case gate(SigmoidGate)
}

/// Geometry of a convolution or a pool, the same in both directions.
public struct Window: Equatable, Sendable {
  public var kernel: Int
  public var stride: Int
  public var padding: Int
  public var dilation: Int

  public init(kernel: Int, stride: Int, padding: Int, dilation: Int) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The window of a matrix product on rows.
  public static let point = Window(kernel: 1, stride: 1, padding: 0, dilation: 1)

  /// Whether every output row reads the one input row of the same index.
  public var isPoint: Bool { self == .point }

  /// The output's length: `⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1`, zero where nothing fits.
  public func output(_ length: Int) -> Int {
    let span = length + 2 * padding - dilation * (kernel - 1) - 1
    return span < 0 ? 0 : span / stride + 1
  }
}

/// A matrix product over the window of each output pixel, with everything that follows it.
///
///     a      = bias[o] + Σ w[o, i] · x[i] + position[y][o] + position[x][o]     (32 bits, wrapping)
///     out[o] = clamp(z + ⌊a · multiplier[o] + (residual − zr) · residualMultiplier⌉shift)
///
/// The bias holds the correction `−zx · Σ w` for the input's zero point, so `x` is the raw integer.
/// Pixels outside of a uint8 map have byte `channel % 4` of `paddingBytes` in each channel: the
/// input's zero point four times, or for the picture one byte a channel; those outside of an int16
/// map have its lower 16 bits. A linear layer is the window ``Window/point``. Inputs: uint8 or int16.
/// Outputs: any element.
///
/// `position[y]` is the row of ``PositionTable`` for the pixel's y and `position[x]` the one for its
/// x, in the level that the row belongs to.
public struct Convolution: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var window: Window
  /// int8 in the layout ``WeightPanels``.
  public var weights: Blob
  /// int32 [outputs].
  public var bias: Blob
  /// int32 [outputs], 0…2³¹−1.
  public var multipliers: Blob
  public var shift: Int32
  public var lowest: Int32
  public var highest: Int32
  /// Added before rounding; same rows and channels as the output.
  public var residual: ValueIndex?
  public var residualMultiplier: Int32
  /// A table made by ``PositionTable`` and projected with the same weights, int32, in units of `a`.
  public var position: ValueIndex?
  /// The maps whose grids the position table covers, in the order of the rows.
  public var positionLevels: [ValueIndex]
  /// What stands outside of the map.
  public var paddingBytes: UInt32

  public init(
    input: ValueIndex,
    output: ValueIndex,
    window: Window,
    weights: Blob,
    bias: Blob,
    multipliers: Blob,
    shift: Int32,
    lowest: Int32,
    highest: Int32,
    residual: ValueIndex? = nil,
    residualMultiplier: Int32 = 0,
    position: ValueIndex? = nil,
    positionLevels: [ValueIndex] = [],
    paddingBytes: UInt32
  ) {
    self.input = input
    self.output = output
    self.window = window
    self.weights = weights
    self.bias = bias
    self.multipliers = multipliers
    self.shift = shift
    self.lowest = lowest
    self.highest = highest
    self.residual = residual
    self.residualMultiplier = residualMultiplier
    self.position = position
    self.positionLevels = positionLevels
    self.paddingBytes = paddingBytes
  }

  /// The weights' layout for a window and a number of input and output channels.
  ///
  /// The picture has three channels: there a kernel row of pixels is one run.
  public static func panels(window: Window, inputs: Int, outputs: Int) -> WeightPanels {
    inputs == 3 && !window.isPoint && window.dilation == 1
      ? WeightPanels(outputs: outputs, runs: window.kernel, runLength: window.kernel * 3)
      : WeightPanels(outputs: outputs, runs: window.kernel * window.kernel, runLength: inputs)
  }
}

/// The maximum over a window; pixels outside the map do not count. Input and output share element,
/// zero point and step.
public struct MaxPool: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var window: Window
  public init(input: ValueIndex, output: ValueIndex, window: Window) {
    self.input = input
    self.output = output
    self.window = window
  }
}

/// `clamp(z + ⌊(a − za) · multiplierA + (b − zb) · multiplierB⌉shift)`, element by element.
public struct Addition: Sendable {
  public var a: ValueIndex
  public var b: ValueIndex
  public var output: ValueIndex
  public var multiplierA: Int32
  public var multiplierB: Int32
  public var shift: Int32
  public var lowest: Int32
  public var highest: Int32
  public init(
    a: ValueIndex,
    b: ValueIndex,
    output: ValueIndex,
    multiplierA: Int32,
    multiplierB: Int32,
    shift: Int32,
    lowest: Int32,
    highest: Int32
  ) {
    self.a = a
    self.b = b
    self.output = output
    self.multiplierA = multiplierA
    self.multiplierB = multiplierB
    self.shift = shift
    self.lowest = lowest
    self.highest = highest
  }
}

/// `clamp(z + ⌊(x − zx) · multiplier⌉shift)`, element by element.
public struct Requantization: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var rescale: Rescale
  public init(input: ValueIndex, output: ValueIndex, rescale: Rescale) {
    self.input = input
    self.output = output
    self.rescale = rescale
  }
}

/// Rows normalised over their channels, times a gain, plus a bias.
///
/// The arithmetic is `layerNormRow` in `FixedPoint`, at most 65536 channels. Input: int16. Output:
/// int16 or uint8.
public struct LayerNorm: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var parameters: NormalizationParameters
  public init(input: ValueIndex, output: ValueIndex, parameters: NormalizationParameters) {
    self.input = input
    self.output = output
    self.parameters = parameters
  }
}

/// A map normalised over its rows and the channels of each group, times a gain, plus a bias.
///
/// The arithmetic is `GroupNormalization` in `FixedPoint` on at most 2²² elements a group, one
/// `ChannelAffine` a channel. Input: int16. Output: int16 or uint8.
public struct GroupNorm: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var groups: Int
  public var parameters: NormalizationParameters
  public init(
    input: ValueIndex,
    output: ValueIndex,
    groups: Int,
    parameters: NormalizationParameters
  ) {
    self.input = input
    self.output = output
    self.groups = groups
    self.parameters = parameters
  }
}

/// Gain and bias of a normalisation in units of the output.
public struct NormalizationParameters: Sendable {
  /// int32 [channels]: gain / output step, with ``fractionBits`` fraction bits.
  public var gain: Blob
  /// int32 [channels]: bias / output step + the output's zero point, with ``fractionBits`` fraction
  /// bits.
  public var bias: Blob
  /// 13…24.
  public var fractionBits: Int32
  /// Epsilon in squared input steps, with 32 fraction bits, below 2⁵⁰.
  public var epsilon: UInt64
  public init(gain: Blob, bias: Blob, fractionBits: Int32, epsilon: UInt64) {
    self.gain = gain
    self.bias = bias
    self.fractionBits = fractionBits
    self.epsilon = epsilon
  }
}

/// Scaled dot-product attention, head by head, in 16 bits.
///
///     score[i, j] = Σ query[i, c] · key[j, c]        over the channels of the head, |q|, |k| ≤ 2047
///     p[i, ·]     = softmax(scoreRescale(score[i, ·]))                                        Q15
///     out[i, c]   = clamp(z + outputRescale(Σ p[i, j] · value[j, c]) / Σ p[i, j])
///
/// The division is part of the rescale, see `Rescale.normalized(bySum:)` in `FixedPoint`: the
/// weights of a row add up to one although each is rounded. Its shift is 3…60.
///
/// query, key, value: int16 with zero point 0, |value| ≤ 16383. Keys in the padding of `keyGrid` do
/// not exist; at most 16384 are left. The score's rescale is the one that `softmaxRow` in `FixedPoint`
/// takes. Both sums wrap in 32 bits.
public struct Attention: Sendable {
  public var query: ValueIndex
  public var key: ValueIndex
  public var value: ValueIndex
  public var output: ValueIndex
  public var heads: Int
  public var keyGrid: ValueIndex?
  public var scoreRescale: Rescale
  public var outputRescale: Rescale
  public init(
    query: ValueIndex,
    key: ValueIndex,
    value: ValueIndex,
    output: ValueIndex,
    heads: Int,
    keyGrid: ValueIndex?,
    scoreRescale: Rescale,
    outputRescale: Rescale
  ) {
    self.query = query
    self.key = key
    self.value = value
    self.output = output
    self.heads = heads
    self.keyGrid = keyGrid
    self.scoreRescale = scoreRescale
    self.outputRescale = outputRescale
  }
}

/// Multi-scale deformable attention.
///
/// For query i and head m the weights are the softmax of the head's `levels · points` logits (Q15).
/// A sampling point lies, in pixels of its level with 16 fraction bits and in 32 bits, at
///
///     o = offsetRescale(offset)
///     two coordinates:   ⌊reference · size⌉14 − ½ + o
///     four coordinates:  ⌊reference · size⌉14 − ½ + ⌊o · ⌊side · size⌉14⌉16
///
/// where `reference` and `side` (Q1.30) are in units of the valid part and `size` is that part's
/// pixels in the level. Where there are no references the queries are the tokens of the levels
/// themselves, each at its own centre: for pixel x of a level with `own` valid pixels in a row
///
///     ⌊(2x + 1) · size · 2¹⁵ / own + ½⌋ − ½ + o,  the first term at most 2³⁰
///
/// With the fractions fx, fy of the point, cut to Q15, and `mul(a, b) = ⌊a · b⌉15` the weight w is
/// divided among the four pixels around it so that nothing of it is lost:
///
///     bottom = mul(w, fy)            top = w − bottom
///     top right = mul(top, fx)       top left = top − top right        (the bottom likewise)
///
/// Pixels outside the map count nothing. Where the points are discrete the whole weight belongs to one pixel
/// instead, `⌊location + 1⌋` in each direction, moved into the map.
///
///     out[i, c] = clamp(z + outputRescale(Σ weight · value[pixel, c]))
///
/// value: int8 or int16 with zero point 0; offsets and logits: int16 with zero point 0, laid out
/// [heads, levels, points, x y] and [heads, levels, points], at most 65536 samples a head.
public struct DeformableAttention: Sendable {
  public var value: ValueIndex
  public var offsets: ValueIndex
  public var logits: ValueIndex
  public var references: ValueIndex?
  public var output: ValueIndex
  public var heads: Int
  public var points: Int
  public var levels: [ValueIndex]
  /// Leads to pixels with 16 fraction bits; for references of four coordinates to multiples of the
  /// reference's side with 16 fraction bits (`1 / (2 · points)` is part of it).
  public var offsetRescale: Rescale
  public var logitRescale: Rescale
  public var outputRescale: Rescale
  public var isDiscrete: Bool
  public init(
    value: ValueIndex,
    offsets: ValueIndex,
    logits: ValueIndex,
    references: ValueIndex?,
    output: ValueIndex,
    heads: Int,
    points: Int,
    levels: [ValueIndex],
    offsetRescale: Rescale,
    logitRescale: Rescale,
    outputRescale: Rescale,
    isDiscrete: Bool = false
  ) {
    self.value = value
    self.offsets = offsets
    self.logits = logits
    self.references = references
    self.output = output
    self.heads = heads
    self.points = points
    self.levels = levels
    self.offsetRescale = offsetRescale
    self.logitRescale = logitRescale
    self.outputRescale = outputRescale
    self.isDiscrete = isDiscrete
  }
}

/// The separable position codes of all levels, int16, for each level one after the other: a row for
/// each y, one for "column is padding", a row for each x, one for "row is padding".
///
/// The code of pixel (y, x) is the sum of two rows. Of a sine code, a pixel in a padding column takes
/// the special row in place of that of its y, and one in a padding row in place of that of its x;
/// learned codes know no padding. A level's vector is part of the y rows, the special one included.
public struct PositionTable: Sendable {
  public enum Kind: Sendable {
    /// The phase of feature i in turns: `(count − halfOffset/2) / last · frequency[i]`, where count is
    /// 1 for the first pixel, `last` for the last valid one and those behind it; the special rows
    /// have phase 0. Even features are sines, odd ones cosines; y's come first in a code.
    ///
    /// `frequencies`: int32 [features], turns per unit with 30 fraction bits; divided by `last` with
    /// `turnsPerUnit` in `FixedPoint`, at 48 fraction bits. `halfOffset` is twice the offset: 0 or 1.
    case sine(frequencies: Blob, halfOffset: Int32)
    /// int16 tables [positions, features] in the units of the output: x's come first in a code.
    case learned(columns: Blob, rows: Blob, columnFeatures: Int, rowFeatures: Int)
    /// The phase of place p, counted from 0, is `p · frequency[i]`: sines of y, cosines of y, sines of x,
    /// cosines of x, as many each as there are frequencies. Such codes know no padding.
    ///
    /// `frequencies`: int32, turns per pixel with 30 fraction bits.
    case sineHalves(frequencies: Blob)
  }
  public var kind: Kind
  public var levels: [ValueIndex]
  /// int16 [levels, channels] in the units of the output, or empty.
  public var levelVectors: Blob
  /// From Q30 sines to the units of the output.
  public var sineRescale: Rescale
  public var output: ValueIndex
  public init(
    kind: Kind,
    levels: [ValueIndex],
    levelVectors: Blob,
    sineRescale: Rescale,
    output: ValueIndex
  ) {
    self.kind = kind
    self.levels = levels
    self.levelVectors = levelVectors
    self.sineRescale = sineRescale
    self.output = output
  }
}

/// A matrix in the file that is used in place: elements of the output's type, row by row.
public struct Constant: Sendable {
  public var data: Blob
  public var rows: Int
  public var output: ValueIndex
  public init(data: Blob, rows: Int, output: ValueIndex) {
    self.data = data
    self.rows = rows
    self.output = output
  }
}

/// All rows of the inputs one after the other; all share element, zero point and step.
public struct Concatenation: Sendable {
  public var inputs: [ValueIndex]
  public var output: ValueIndex
  public init(inputs: [ValueIndex], output: ValueIndex) {
    self.inputs = inputs
    self.output = output
  }
}

/// The columns from `first` on, as many as the output has channels.
public struct ColumnSlice: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var first: Int
  public init(input: ValueIndex, output: ValueIndex, first: Int) {
    self.input = input
    self.output = output
    self.first = first
  }
}

/// Sets rows to the zero point: those of padding, and for proposals those whose anchor box reaches
/// out of 0.01…0.99 of the valid part (bounds excluded). The rows are the tokens of the levels.
public struct PaddingMask: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var levels: [ValueIndex]
  public init(input: ValueIndex, output: ValueIndex, levels: [ValueIndex]) {
    self.input = input
    self.output = output
    self.levels = levels
  }
}

/// Indices (int32 [count, 1]) of the rows with the highest numbers in a column, highest first, ties
/// to the lower index.
public struct TopRows: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public var count: Int
  public var column: Int
  public init(input: ValueIndex, output: ValueIndex, count: Int, column: Int) {
    self.input = input
    self.output = output
    self.count = count
    self.column = column
  }
}

/// Rows of a value chosen by indices (int32 [n, 1]).
public struct RowGather: Sendable {
  public var input: ValueIndex
  public var indices: ValueIndex
  public var output: ValueIndex
  public init(input: ValueIndex, indices: ValueIndex, output: ValueIndex) {
    self.input = input
    self.indices = indices
    self.output = output
  }
}

/// `FixedPoint.sigmoid` of every element: int32 logits in, int32 Q1.30 out.
public struct Sigmoid: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  public init(input: ValueIndex, output: ValueIndex) {
    self.input = input
    self.output = output
  }
}

/// `sigmoid(delta + inverseSigmoid(reference))`: int32 logits [n, 4] and references Q1.30 [n, 2 or 4]
/// in, boxes Q1.30 [n, 4] out; two coordinates move the centre only. The sum saturates.
public struct BoxRefinement: Sendable {
  public var delta: ValueIndex
  public var reference: ValueIndex
  public var output: ValueIndex
  public init(delta: ValueIndex, reference: ValueIndex, output: ValueIndex) {
    self.delta = delta
    self.reference = reference
    self.output = output
  }
}

/// Boxes of the chosen tokens: `sigmoid(delta + anchor)`, 1 where the token is no proposal.
///
/// delta: int32 logits [k, 4]; indices: int32 [k, 1] into the tokens of the levels; output Q1.30.
/// The anchor of a token: centre in the middle of its pixel in units of the valid part, sides
/// 0.05 · 2^level, each rounded to Q1.30, then `inverseSigmoid` of `FixedPoint`. The sum saturates. A
/// token is no proposal where ``Operation/maskProposals(_:)`` masks it.
public struct ProposalBoxes: Sendable {
  public var delta: ValueIndex
  public var indices: ValueIndex
  public var output: ValueIndex
  public var levels: [ValueIndex]
  public init(delta: ValueIndex, indices: ValueIndex, output: ValueIndex, levels: [ValueIndex]) {
    self.delta = delta
    self.indices = indices
    self.output = output
    self.levels = levels
  }
}

/// Sines and cosines (int16 Q15) of every coordinate of boxes Q1.30: phase `x · frequency[i]` in
/// turns, even features sines, odd ones cosines.
public struct BoxSine: Sendable {
  public var input: ValueIndex
  public var output: ValueIndex
  /// int32 [features], turns per unit with 30 fraction bits.
  public var frequencies: Blob
  public init(input: ValueIndex, output: ValueIndex, frequencies: Blob) {
    self.input = input
    self.output = output
    self.frequencies = frequencies
  }
}
