import FixedPoint
import Kernels

/// The rows with the highest numbers in a column; one thread does it.
struct RankingStep {
  /// The first row's number.
  let input: UnsafeRawPointer
  let isInt16: Bool
  /// Elements from one row to the next.
  let stride: Int
  let rows: Int
  let count: Int
  /// Room for `count` keys.
  let scratch: UnsafeMutablePointer<UInt64>
  let output: UnsafeMutablePointer<Int32>

  func run(_ context: StepContext) {
    guard context.thread == 0 else { return }
    var ranking = Ranking(scratch, capacity: count)
    if isInt16 {
      let scores = input.assumingMemoryBound(to: Int16.self)
      for row in 0..<rows { ranking.insert(score: Int32(scores[row * stride]), number: row) }
    } else {
      let scores = input.assumingMemoryBound(to: Int32.self)
      for row in 0..<rows { ranking.insert(score: scores[row * stride], number: row) }
    }
    let keys = ranking.sorted()
    for place in 0..<count {
      output[place] = Int32(truncatingIfNeeded: Ranking.number(of: keys[place]))
    }
  }
}

/// Boxes of chosen tokens: deltas on the tokens' anchors.
struct ProposalStep {
  let delta: UnsafePointer<Int32>
  let indices: UnsafePointer<Int32>
  let rows: Int
  let pyramid: Pyramid
  let output: UnsafeMutablePointer<Int32>

  private static let one: Int32 = 1 << 30

  func run(_ context: StepContext) {
    for row in context.share(of: rows, unit: 16) {
      let cursor = Pyramid.Cursor(pyramid, at: Int(indices[row]))
      let box = output + 4 * row
      guard cursor.isProposal else {
        for coordinate in 0..<4 { box[coordinate] = Self.one }
        continue
      }
      let side = Self.side(level: cursor.level)
      move(box, 0, delta[4 * row], Self.centre(cursor.x, cursor.geometry.validWidth))
      move(box, 1, delta[4 * row + 1], Self.centre(cursor.y, cursor.geometry.validHeight))
      move(box, 2, delta[4 * row + 2], side)
      move(box, 3, delta[4 * row + 3], side)
    }
  }

  private func move(
    _ box: UnsafeMutablePointer<Int32>,
    _ coordinate: Int,
    _ delta: Int32,
    _ anchor: Int32
  ) {
    box[coordinate] = sigmoid(saturatingSum(delta, inverseSigmoid(anchor)))
  }

  /// The middle of a pixel in a length, Q1.30, rounded half up.
  private static func centre(_ position: Int, _ length: Int) -> Int32 {
    let doubled = (2 * Int64(position) + 1) << 30
    return Int32(truncatingIfNeeded: (doubled + Int64(length)) / (2 * Int64(length)))
  }

  /// 0.05 · 2^level in Q1.30, rounded; proposals have levels below 5.
  private static func side(level: Int) -> Int32 {
    Int32(truncatingIfNeeded: ((Int64(1) << (30 + Int64(level))) + 10) / 20)
  }
}
