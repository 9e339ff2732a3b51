import Foundation

/// How sharply attention looks: the mean negative entropy of its rows.
///
/// A row of weights p that sum to 1 has Σ p ln p: 0 where it looks at one place only, −ln n where it
/// looks at n places alike. Rounding weights to few bits makes small ones vanish, so an integer
/// model's figure above the float model's says how much of the attention's tail is lost.
public struct AttentionSparsity: Hashable, Sendable {
  /// The number of rows.
  public private(set) var rowCount = 0
  private var sum = 0.0

  /// Starts without rows.
  public init() {}

  /// Adds rows of weights.
  ///
  /// Each row is divided by its sum, so that integers in any unit serve as well; rows without a
  /// positive weight are left out.
  ///
  /// - Parameters:
  ///   - weights: [rows, columns], not negative.
  ///   - columns: the length of a row: keys, or points of all levels.
  public mutating func add(_ weights: [Float], columns: Int) {
    precondition(columns > 0 && weights.count % columns == 0, "whole rows")
    for start in stride(from: 0, to: weights.count, by: columns) {
      let row = weights[start..<start + columns]
      let total = row.reduce(0) { $0 + Double($1) }
      guard total > 0 else { continue }
      for weight in row where weight > 0 {
        let probability = Double(weight) / total
        sum += probability * log(probability)
      }
      rowCount += 1
    }
  }

  /// The mean over the rows of Σ p ln p, in nats, 0 or less; `nil` without rows.
  public var meanNegativeEntropy: Double? { rowCount == 0 ? nil : sum / Double(rowCount) }
}
