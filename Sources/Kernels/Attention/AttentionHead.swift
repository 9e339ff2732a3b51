import FixedPoint

/// One head of scaled dot-product attention for a block of queries.
///
///     score[i, j] = Σ query[i, c] · key[j, c]                                  32 bits, wrapping
///     p[i, ·]     = softmaxRow(score[i, ·])                                    Q0.15
///     sum[i, c]   = Σ p[i, j] · value[j, c]                                    32 bits, wrapping
///     out[i, c]   = clamp(zeroPoint + normalized(sum[i, c]))                   rounded in 64 bits
///
/// where `normalized` is the output's rescale divided by the sum of the probabilities as written
/// (`Rescale.normalized(bySum:)`).
///
/// The keys are those of the valid part of a map: `segments` pieces of `segmentLength` keys, one
/// piece every `segmentStride` keys; without padding there is one piece. Their number is 1…16384.
/// All pointers are those of the head's first channel; strides count elements.
///
/// With a bias, logarithms of weights that hang on the place of a key are added to the scores:
///
///     score[i, j] = limitedOctaves(Σ query[i, c] · key[j, c])
///                   + rowBias[i][segment of j] + columnBias[i][place of j in its segment]
///
/// in octaves (Q16.16) already, so that `softmaxRow` gets them with the factor one. Neither bias is
/// positive, their sum is −3 · 2²⁸ or more.
public struct AttentionHead {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (AttentionHead) -> Void

  public var query: UnsafePointer<Int16>
  public var queryStride: Int
  public var queryCount: Int
  public var key: UnsafePointer<Int16>
  public var keyStride: Int
  public var value: UnsafePointer<Int16>
  public var valueStride: Int
  public var segments: Int
  public var segmentLength: Int
  public var segmentStride: Int
  /// Channels of the head's queries and keys.
  public var channels: Int
  /// Channels of the head's values and output.
  public var valueChannels: Int
  /// From scores to octaves, as `softmaxRow` wants them.
  public var scoreRescale: Rescale
  public var outputRescale: Rescale
  public var zeroPoint: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement
  /// Elements from one row to the next.
  public var outputStride: Int
  /// As many bytes as the table states, on a 64-byte boundary.
  public var scratch: UnsafeMutableRawPointer
  /// [queryCount][segments], or nil where nothing is added to the scores.
  public var rowBias: UnsafePointer<Int32>?
  /// [queryCount][columnBiasRows][segmentLength]; read where there is a ``rowBias``.
  public var columnBias: UnsafePointer<Int32>?
  /// One where the columns of all segments share their bias, else the number of segments.
  public var columnBiasRows: Int
  /// Whether the scratch memory is as the call before left it, and that had the same keys.
  public var hasKeys: Bool
  /// The same for the values; only where ``hasKeys`` is true too.
  public var hasValues: Bool

  public var keys: Int { segments &* segmentLength }

  public init(
    query: UnsafePointer<Int16>,
    queryStride: Int,
    queryCount: Int,
    key: UnsafePointer<Int16>,
    keyStride: Int,
    value: UnsafePointer<Int16>,
    valueStride: Int,
    segments: Int,
    segmentLength: Int,
    segmentStride: Int,
    channels: Int,
    scoreRescale: Rescale,
    outputRescale: Rescale,
    zeroPoint: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement,
    outputStride: Int,
    scratch: UnsafeMutableRawPointer,
    valueChannels: Int? = nil,
    rowBias: UnsafePointer<Int32>? = nil,
    columnBias: UnsafePointer<Int32>? = nil,
    columnBiasRows: Int = 1,
    hasKeys: Bool = false,
    hasValues: Bool = false
  ) {
    self.query = query
    self.queryStride = queryStride
    self.queryCount = queryCount
    self.key = key
    self.keyStride = keyStride
    self.value = value
    self.valueStride = valueStride
    self.segments = segments
    self.segmentLength = segmentLength
    self.segmentStride = segmentStride
    self.channels = channels
    self.scoreRescale = scoreRescale
    self.outputRescale = outputRescale
    self.zeroPoint = zeroPoint
    self.output = output
    self.outputElement = outputElement
    self.outputStride = outputStride
    self.scratch = scratch
    self.valueChannels = valueChannels ?? channels
    self.rowBias = rowBias
    self.columnBias = columnBias
    self.columnBiasRows = columnBiasRows
    self.hasKeys = hasKeys
    self.hasValues = hasValues
  }
}

/// `Rescale.normalized(bySum:)`, for tables whose modules must not hold code of their own for it.
@export(interface)
@inline(never)
public func attentionRescale(_ rescale: Rescale, bySum sum: UInt32) -> Rescale {
  rescale.normalized(bySum: sum)
}
