import CheckedJSON
import Evaluation

/// The limits that a comparison is held against.
struct ComparisonGate {
  /// One figure and what it must be.
  struct Limit {
    enum Side { case atMost, atLeast }

    let option: String
    let figure: String
    let side: Side
    let bound: Double
    let value: (DetectionComparison) -> Double?
  }

  static let options: [CommandDescription.Option] = [
    .init("max-ap-drop", "X", "gate: largest drop of AP, of 100", .number(-100...100)),
    .init("min-matched", "X", "gate: least matched share (T >= 0.3)", .number(0...1)),
    .init("max-score-shift", "X", "gate: largest mean score difference", .number(0...1)),
    .init("min-iou", "X", "gate: least mean IoU of the pairs", .number(0...1)),
  ]

  private static let noObject = "the annotations have no object"
  private static let noPair =
    "no float detection from \(Agreement.scoreThreshold) on has a partner"

  let limits: [Limit]

  /// The limits of a command line.
  ///
  /// - Throws: ``UsageError`` for a limit on AP without annotations.
  init(_ arguments: Arguments) throws(UsageError) {
    if arguments.has("max-ap-drop"), !arguments.has("annotations") {
      throw UsageError(arguments.command, "--max-ap-drop needs --annotations")
    }
    let all: [(String, String, Limit.Side, (DetectionComparison) -> Double?)] = [
      ("max-ap-drop", "AP drop", .atMost, { $0.accuracy?.averagePrecisionDrop.map { $0 * 100 } }),
      (
        "min-matched", "matched share (T >= 0.3)", .atLeast,
        { $0.agreement.aboveThreshold.matchedShare }
      ),
      ("max-score-shift", "score difference", .atMost, { $0.agreement.all.scoreDifference }),
      ("min-iou", "mean IoU", .atLeast, { $0.agreement.all.meanOverlap }),
    ]
    limits = all.compactMap { option, figure, side, value in
      arguments.number(option).map {
        Limit(option: option, figure: figure, side: side, bound: $0, value: value)
      }
    }
  }

  /// What was missed, one line each: figure, value and limit.
  ///
  /// A figure that nothing stands behind is missed too.
  func misses(_ comparison: DetectionComparison) -> [String] {
    limits.compactMap { limit in
      let wanted = "\(limit.side == .atMost ? "at most" : "at least") \(limit.bound)"
      guard let value = limit.value(comparison) else {
        return "gate missed: \(limit.figure) cannot be computed: "
          + "\(limit.option == "max-ap-drop" ? Self.noObject : Self.noPair); "
          + "expected \(wanted) (--\(limit.option))"
      }
      let isKept = limit.side == .atMost ? value <= limit.bound : value >= limit.bound
      return isKept
        ? nil
        : "gate missed: \(limit.figure) is \(value.formatted(digits: 4)), "
          + "expected \(wanted) (--\(limit.option))"
    }
  }
}
