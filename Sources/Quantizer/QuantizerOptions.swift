/// Choices of the quantizer that cost or gain accuracy, time or bytes.
public struct QuantizerOptions: Sendable {
  /// How ranges of 8-bit activations are read off the statistics.
  public var observer: RangeObserver = .percentile(99.99)
  /// Whether the sums of the backbone's residual blocks are int16; else they are uint8.
  public var wideBackbone = false
  /// Whether matrix products over queries take int16 inputs: there are few queries, so this costs
  /// little and keeps the heads exact.
  public var wideQueries = true

  public init() {}
}
