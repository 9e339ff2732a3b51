import ModelFile

/// Which values can still be read after a run.
public enum Retention: Sendable {
  /// Only the detections, logits and boxes.
  case outputs
  /// Some values beside them.
  case values([ValueIndex])
  /// Every value in a place of its own, for dumps.
  case all

  func contains(_ value: ValueIndex) -> Bool {
    switch self {
    case .outputs: false
    case .values(let kept): kept.contains(value)
    case .all: true
    }
  }
}
