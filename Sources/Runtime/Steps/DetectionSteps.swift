import FixedPoint
import Kernels

/// What both ways of decoding classes know.
struct DetectionOutput {
  let queries: Int
  /// Columns of the logits.
  let classes: Int
  let logits: UnsafePointer<Int32>
  let boxes: UnsafePointer<Int32>
  /// The photograph's size in pixels.
  let photographWidth: Int
  let photographHeight: Int
  let detections: UnsafeMutablePointer<Detection>

  func set(_ place: Int, query: Int, label: Int, score: Int32) {
    detections[place] = Detection(
      label: label,
      score: score,
      box: boxes + 4 * query,
      photographWidth: photographWidth,
      photographHeight: photographHeight
    )
  }
}

/// The best of all queries and classes by the sigmoid of their logits; one thread does it.
///
/// The step before has turned the logits into scores.
struct BestScoresStep {
  let output: DetectionOutput
  /// [queries, classes]
  let scores: UnsafePointer<Int32>
  let count: Int
  /// Room for `count` keys.
  let scratch: UnsafeMutablePointer<UInt64>

  func run(_ context: StepContext) {
    guard context.thread == 0 else { return }
    var ranking = Ranking(scratch, capacity: count)
    for index in 0..<output.queries * output.classes {
      ranking.insert(score: scores[index], number: index)
    }
    let keys = ranking.sorted()
    for place in 0..<count {
      let index = Ranking.number(of: keys[place])
      output.set(
        place,
        query: index / output.classes,
        label: index % output.classes,
        score: Ranking.score(of: keys[place])
      )
    }
  }
}

/// The best class of each query by the softmax over all classes and "no object", the last column.
struct BestClassStep {
  let output: DetectionOutput
  /// Room for a row of probabilities.
  let scratch: ThreadScratch

  /// From logits to octaves with 26 fraction bits: log₂ e · 2² = 5.7707801635558535.
  private static let toOctaves = Rescale(multiplier: 1_549_082_005, shift: 28)

  func run(_ context: StepContext) {
    let row = scratch.start(context).assumingMemoryBound(to: Int32.self)
    for query in context.share(of: output.queries, unit: 4) {
      preciseSoftmaxRow(
        scores: output.logits + query * output.classes,
        count: output.classes,
        toOctaves: Self.toOctaves,
        probabilities: row
      )
      var best = 0
      for label in 1..<max(output.classes - 1, 1) where row[label] > row[best] { best = label }
      output.set(query, query: query, label: best, score: row[best])
    }
  }
}
