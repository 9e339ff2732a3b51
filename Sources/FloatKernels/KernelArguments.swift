// The parameter records of the kernel table. They are plain data: no function of this module or of
// the standard library has to be called to read them, so kernels for newer processors can do so
// without carrying code of their own instruction set into the rest of the program.

/// One tile of `output = input · weights (+ bias) (+ residual)`, at most `tileRows` by `tileColumns`.
///
/// The depth of the product is cut in taps: tap `t` contributes
/// `Σ_k rowPointers[t · tileRows + row][depthOffset + k] · panel[(t · depth + k) · tileColumns + column]`
/// for k in `0 ..< depth`. A plain matrix product has one tap; a convolution has one per position of
/// its window. Products are added in the order of taps, then k, with a fused multiply-add where the
/// instruction set has one.
public struct MatrixTile {
  /// `tapCount · tileRows` pointers to input rows; those of rows past `rows` must be readable too.
  public var rowPointers: UnsafePointer<UnsafePointer<Float>>
  /// The number of taps.
  public var tapCount: Int
  /// The first element used of every input row.
  public var depthOffset: Int
  /// The number of elements used of every input row.
  public var depth: Int
  /// `[tapCount · depth, tileColumns]` weights.
  public var panel: UnsafePointer<Float>
  /// The tile's first output; all `tileColumns` columns are written.
  public var output: UnsafeMutablePointer<Float>
  /// The distance of two output rows, in elements.
  public var outputStride: Int
  /// How many rows are written, 1 … `tileRows`.
  public var rows: Int
  /// Whether the product is added to what the output holds.
  public var accumulates: Bool
  /// `tileColumns` values added to every row, after the accumulation.
  public var bias: UnsafePointer<Float>?
  /// A tile added after the bias; it may be the output itself only when nothing accumulates.
  public var residual: UnsafePointer<Float>?
  /// The distance of two rows of the residual, in elements.
  public var residualStride: Int
  /// Whether negative results become 0, at the very end.
  public var rectifies: Bool
}

/// Rows that become their softmax in place: `exp(x + b − max) / Σ exp(x + b − max)`.
public struct SoftmaxRows {
  /// `[rows, columns]` with `stride` elements from row to row.
  public var matrix: UnsafeMutablePointer<Float>
  /// The number of rows.
  public var rows: Int
  /// The number of columns, at least 1.
  public var columns: Int
  /// The distance of two rows, in elements.
  public var stride: Int
  /// `columns` values added to every row first: 0, or −∞ for a column that must not count.
  ///
  /// A row of which every column is −∞ becomes not-a-number, as in the reference.
  public var columnBias: UnsafePointer<Float>?
}

/// Rows that are normalised: `(x − mean) / √(variance + ε) · gain + bias`, x = input (+ residual).
public struct LayerNormRows {
  /// `[rows, columns]`, contiguous.
  public var input: UnsafePointer<Float>
  /// `[rows, columns]` added to the input before it is normalised.
  public var residual: UnsafePointer<Float>?
  /// `[rows, columns]`; it may be the input or the residual.
  public var output: UnsafeMutablePointer<Float>
  /// The number of rows.
  public var rows: Int
  /// The number of columns, at least 1.
  public var columns: Int
  /// `columns` factors.
  public var gain: UnsafePointer<Float>
  /// `columns` offsets.
  public var bias: UnsafePointer<Float>
  /// ε, added to the (biased) variance.
  public var epsilon: Float

  /// Makes the record; the parameters are the fields.
  public init(
    input: UnsafePointer<Float>,
    residual: UnsafePointer<Float>? = nil,
    output: UnsafeMutablePointer<Float>,
    rows: Int,
    columns: Int,
    gain: UnsafePointer<Float>,
    bias: UnsafePointer<Float>,
    epsilon: Float
  ) {
    self.input = input
    self.residual = residual
    self.output = output
    self.rows = rows
    self.columns = columns
    self.gain = gain
    self.bias = bias
    self.epsilon = epsilon
  }
}

/// Sums over the rows of a map, one per channel.
public struct ChannelSums {
  /// `[rows, channels]`, contiguous.
  public var input: UnsafePointer<Float>
  /// The number of rows.
  public var rows: Int
  /// The number of channels.
  public var channels: Int
  /// `channels` centres: with them the sums are those of `(x − centre)²`, without those of `x`.
  public var center: UnsafePointer<Float>?
  /// `channels` sums, written.
  public var sums: UnsafeMutablePointer<Double>
}

/// A scaling of every channel: `(x − center) · scale + shift`.
public struct ChannelScaling {
  /// `[rows, channels]`, contiguous.
  public var input: UnsafePointer<Float>
  /// `[rows, channels]`; it may be the input.
  public var output: UnsafeMutablePointer<Float>
  /// The number of rows.
  public var rows: Int
  /// The number of channels.
  public var channels: Int
  /// `channels` values that are subtracted.
  public var center: UnsafePointer<Float>
  /// `channels` factors.
  public var scale: UnsafePointer<Float>
  /// `channels` values that are added.
  public var shift: UnsafePointer<Float>
}

/// Rows that are combined to one, channel by channel.
public struct RowCombination {
  /// `count` pointers to rows of `channels` elements.
  public var rows: UnsafePointer<UnsafePointer<Float>>
  /// The number of rows, at least 1.
  public var count: Int
  /// The number of channels.
  public var channels: Int
  /// `channels` results.
  public var output: UnsafeMutablePointer<Float>
}

/// An operation on `count` elements that stand one after the other.
public struct ElementwiseOperation {
  /// The first operand.
  public var left: UnsafePointer<Float>
  /// The second operand; unary operations do not read it.
  public var right: UnsafePointer<Float>
  /// The results; they may take the place of an operand.
  public var output: UnsafeMutablePointer<Float>
  /// The number of elements.
  public var count: Int
}

/// A function applied to every element.
public enum Activation: UInt8, Sendable, CaseIterable {
  /// `max(x, 0)`.
  case relu
  /// `x · Φ(x)` with the exact normal distribution, not its tanh approximation.
  case gelu
  /// `1 / (1 + exp(−x))`.
  case sigmoid
  /// `x / (1 + exp(−x))`, also called swish.
  case silu
}
