import Foundation

/// A detection of the float model, in parts of the picture.
public struct FloatDetection: Sendable, Equatable {
  public let label: Int
  public let score: Double
  /// Left, top, width and height in 0…1 of the network's input.
  public let x: Double
  public let y: Double
  public let width: Double
  public let height: Double
}

extension FloatGraph {
  /// Turns logits and boxes into detections as the reference's post-processing does at threshold 0.
  ///
  /// Sigmoid: the best of queries × classes, highest score first, ties to the lower index. Softmax:
  /// the best class but the last one of each query, in the order of the queries.
  ///
  /// - Parameters:
  ///   - logits: [queries, classes].
  ///   - boxes: centre x, centre y, width, height [queries, 4] in 0…1.
  /// - Returns: the detections, boxes as left, top, width and height in 0…1.
  public func detections(logits: [Float], boxes: [Float]) -> [FloatDetection] {
    let queries = boxes.count / 4
    guard queries > 0 else { return [] }
    let columns = logits.count / queries
    func detection(query: Int, label: Int, score: Double) -> FloatDetection {
      let box = boxes[query * 4..<query * 4 + 4].map(Double.init)
      return FloatDetection(
        label: label,
        score: score,
        x: box[0] - box[2] / 2,
        y: box[1] - box[3] / 2,
        width: box[2],
        height: box[3]
      )
    }
    switch classes {
    case .sigmoid(let limit):
      let order = logits.indices.sorted {
        logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1
      }
      return order.prefix(limit).map { index in
        detection(
          query: index / columns,
          label: index % columns,
          score: 1 / (1 + exp(-Double(logits[index])))
        )
      }
    case .softmaxWithNoObject:
      return (0..<queries).map { query in
        let row = logits[query * columns..<(query + 1) * columns].map(Double.init)
        let greatest = row.max() ?? 0
        let sum = row.reduce(0) { $0 + exp($1 - greatest) }
        let classes = row.dropLast()
        let best =
          classes.indices.max {
            classes[$0] < classes[$1] || (classes[$0] == classes[$1] && $0 > $1)
          } ?? 0
        return detection(query: query, label: best, score: exp(row[best] - greatest) / sum)
      }
    }
  }
}
