import CheckedJSON

/// A family of detectors that checkpoints can be made of.
///
/// A family is one file: its options, the tensors in the order of its layers, its `config.json`.
public protocol SyntheticFamily: Sendable {
  /// Adds all tensors.
  ///
  /// - Parameter plan: an empty plan with a seed.
  func compose(_ plan: inout CheckpointPlan)

  /// Refuses options that contradict each other.
  ///
  /// - Throws: ``SyntheticCheckpointError``.
  func check() throws(SyntheticCheckpointError)

  /// Whether there is a `config.json`; the checkpoints of official repositories have none.
  var hasConfiguration: Bool { get }

  /// What stands in `config.json`, without the type of the numbers.
  var configuration: JSON.Object { get }

  /// What stands in `preprocessor_config.json`.
  var preprocessing: JSON.Object { get }
}

extension SyntheticFamily {
  public var hasConfiguration: Bool { true }
}
