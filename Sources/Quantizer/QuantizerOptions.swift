import FloatGraph

/// Choices of the quantizer that cost or gain accuracy, time or bytes.
public struct QuantizerOptions: Sendable {
  /// How ranges of 8-bit activations are found.
  public enum Ranges: Sendable, Equatable {
    /// The same observer for all.
    case observer(RangeObserver)
    /// For each activation the observer that makes the least error in what reads it.
    case leastOutputError
  }

  /// How weights become integers.
  public enum Rounding: Sendable, Equatable {
    /// Each to the nearest.
    case nearest
    /// To those that make the least error in the outputs over sampled inputs.
    case leastOutputError
  }

  /// Bundles of choices.
  public enum Preset: String, Sendable, CaseIterable {
    /// One observer, nothing measured.
    case fast
    /// Ranges by output error, biases corrected.
    case balanced
    /// The same with int16 sums in the backbone, and int16 inputs of matrix products where measuring
    /// finds them worth it.
    case accurate

    /// Multiply-adds that islands found by measuring may turn from 8 to 16 bits, as a share of all.
    public var islandCost: Double { self == .accurate ? 0.35 : 0 }
  }

  public var ranges: Ranges = .leastOutputError
  /// Whether the mean shift that rounded weights cause is taken out of the biases.
  public var correctsBiases = true
  public var rounding: Rounding = .leastOutputError
  /// Whether the sums of the backbone's residual blocks are int16; else they are uint8.
  public var wideBackbone = false
  /// Whether matrix products over queries take int16 inputs: there are few queries, so this costs
  /// little and keeps the heads exact.
  public var wideQueries = true
  /// Products whose names contain one of these take int16 inputs: islands by hand.
  public var islands: [String] = []
  /// Values whose 8-bit copies become int16 in all products that read them: islands found by
  /// measuring.
  public var wideInputs: Set<FloatGraph.ValueID> = []

  public init(_ preset: Preset = .balanced) {
    switch preset {
    case .fast:
      ranges = .observer(.percentile(99.99))
      correctsBiases = false
      rounding = .nearest
    case .balanced: break
    case .accurate: wideBackbone = true
    }
  }
}
