import Foundation
import ModelFile

/// What a model says of one picture, query by query, so that two models can be compared closely.
struct QueryAnswers {
  /// Two-stage: the token behind each query; else the queries are the same in every model.
  private let tokens: [Int32]?
  /// [queries][classes], without "no object".
  private let probabilities: [[Double]]
  /// [queries][4].
  private let boxes: [[Double]]

  init(
    tokens: [Int32]?,
    logits: [Float],
    boxes: [Float],
    decoding: Information.ClassDecoding
  ) {
    self.tokens = tokens
    let queries = boxes.count / 4
    let columns = queries == 0 ? 0 : logits.count / queries
    self.boxes = (0..<queries).map { boxes[$0 * 4..<$0 * 4 + 4].map(Double.init) }
    probabilities = (0..<queries).map { query in
      let row = logits[query * columns..<(query + 1) * columns].map(Double.init)
      switch decoding {
      case .sigmoid: return row.map { 1 / (1 + exp(-$0)) }
      case .softmaxWithNoObject:
        let greatest = row.max() ?? 0
        let powers = row.map { exp($0 - greatest) }
        let sum = powers.reduce(0, +)
        return powers.dropLast().map { $0 / sum }
      }
    }
  }

  /// The least side of a box that differences are measured in.
  private static let leastSide = 0.01

  /// How far other answers are: the mean over the queries that both have, weighted by their highest
  /// probability, of the squared differences of probabilities and of box coordinates in units of the
  /// box's sides.
  ///
  /// The order of proposals hangs on logits that can be close, so queries are those of the same token.
  func squaredDifference(from other: QueryAnswers) -> Double {
    let pairs =
      if let tokens, let others = other.tokens {
        ValuePairs.commonRows(tokens, others)
      } else {
        probabilities.indices.map { (reference: $0, tested: $0) }
      }
    var (sum, weights) = (0.0, 0.0)
    for (own, opposite) in pairs {
      let weight = probabilities[own].max() ?? 0
      let (box, moved) = (boxes[own], other.boxes[opposite])
      var difference = 0.0
      for (one, two) in zip(probabilities[own], other.probabilities[opposite]) {
        difference += (one - two) * (one - two)
      }
      for coordinate in 0..<4 {
        let side = max(box[2 + coordinate % 2], Self.leastSide)
        let shift = (box[coordinate] - moved[coordinate]) / side
        difference += min(shift * shift, 1)
      }
      sum += weight * difference
      weights += weight
    }
    return weights > 0 ? sum / weights : 0
  }
}
