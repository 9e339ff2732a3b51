import CheckedJSON
import Dispatch
import RandomNumbers

/// How much the difference of two average precisions hangs on the choice of photographs.
///
/// As many photographs as there are are drawn from them with replacement, the same for both sides,
/// and both average precisions computed anew; the spread of their difference over many draws is what
/// other photographs of the same kind would give. What became of each detection in its photograph is
/// not computed again, only the curves. A photograph drawn twice counts as two. A category none of
/// whose objects was drawn does not take part in that draw, nor does a draw without any object.
///
///     let bootstrap = PairedBootstrap(floatEvaluation, integerEvaluation)
///     bootstrap?.interval      // -0.002...0.011
///
/// Source of the percentile interval: Efron and Tibshirani, "An introduction to the bootstrap", 1993,
/// chapter 13.
public struct PairedBootstrap: Sendable {
  /// The first average precision minus the second on the photographs themselves, 0…1.
  public let difference: Double
  /// The difference of each draw, rising.
  public let differences: [Double]
  /// The standard deviation of the first average precision over the draws.
  public let firstDeviation: Double
  /// The standard deviation of the second average precision over the draws.
  public let secondDeviation: Double

  /// The standard deviation of the difference over the draws.
  public var deviation: Double { standardDeviation(differences) }

  /// The interval that holds 95 % of the draws.
  public var interval: ClosedRange<Double> { interval(holding: 0.95) }

  /// The interval that holds a share of the draws, as many left out below as above.
  ///
  /// Between two draws the bound is interpolated linearly.
  ///
  /// - Parameter share: 0…1.
  /// - Returns: the interval.
  public func interval(holding share: Double) -> ClosedRange<Double> {
    let tail = (1 - min(max(share, 0), 1)) / 2
    return quantile(tail)...quantile(1 - tail)
  }

  /// Draws photographs; gives `nil` where the annotations have no object, or no draw had one.
  ///
  /// - Parameters:
  ///   - first: an evaluation, for instance of the float model.
  ///   - second: an evaluation against the same annotations.
  ///   - draws: how often photographs are drawn, at least once.
  ///   - seed: the same seed gives the same draws, for any number of threads.
  public init?(
    _ first: CocoEvaluation,
    _ second: CocoEvaluation,
    draws: Int = 1000,
    seed: UInt64 = 1
  ) {
    precondition(draws > 0, "at least one draw")
    precondition(
      first.imageIDs == second.imageIDs
        && first.categories.map(\.id) == second.categories.map(\.id),
      "both evaluations are against the same annotations"
    )
    let values = [first.metrics[.averagePrecision], second.metrics[.averagePrecision]]
    guard values[0] >= 0, values[1] >= 0 else { return nil }
    let results = Self.results(first, second, draws: draws, seed: seed).compactMap { $0 }
    guard !results.isEmpty else { return nil }
    difference = values[0] - values[1]
    differences = results.map { $0.first - $0.second }.sorted()
    firstDeviation = standardDeviation(results.map(\.first))
    secondDeviation = standardDeviation(results.map(\.second))
  }

  /// The report for `--json`: the difference, its interval and deviation, and the number of draws.
  public var json: JSON {
    [
      "difference": .double(difference),
      "interval_95": [.double(interval.lowerBound), .double(interval.upperBound)],
      "deviation": .double(deviation),
      "draws": JSON(differences.count),
    ]
  }

  private struct Draw: Sendable {
    var first: Double
    var second: Double
  }

  private static func results(
    _ first: CocoEvaluation,
    _ second: CocoEvaluation,
    draws: Int,
    seed: UInt64
  ) -> [Draw?] {
    let imageCount = first.imageIDs.count
    let (one, other) = (
      first.matches.map(ResampledCategory.init), second.matches.map(ResampledCategory.init)
    )
    return [Draw?](unsafeUninitializedCapacity: draws) { buffer, count in
      // Each draw writes its own element alone.
      nonisolated(unsafe) let elements = buffer
      DispatchQueue.concurrentPerform(iterations: draws) { draw in
        // One sequence a draw, its seed an element of the sequence of the seed.
        var seeds = SeededRandomNumbers(seed: seed &+ UInt64(draw) &* 0x9E37_79B9_7F4A_7C15)
        var random = SeededRandomNumbers(seed: seeds.next())
        var weights = [Int](repeating: 0, count: imageCount)
        for _ in 0..<imageCount { weights[random.next(below: imageCount)] += 1 }
        elements.initializeElement(
          at: draw,
          to: averagePrecision(one, weights).flatMap { value in
            averagePrecision(other, weights).map { Draw(first: value, second: $0) }
          }
        )
      }
      count = draws
    }
  }

  /// Average precision with each photograph counted as often as it was drawn.
  ///
  /// - Parameters:
  ///   - categories: what became of the detections.
  ///   - weights: how often each photograph was drawn.
  /// - Returns: average precision, 0…1, or `nil` where no object was drawn.
  static func averagePrecision(_ categories: [ResampledCategory], _ weights: [Int]) -> Double? {
    var workspace = ResampledCategory.Workspace()
    var values: [Double] = []
    for category in categories {
      if let value = category.averagePrecision(weights, workspace: &workspace) {
        values.append(value)
      }
    }
    return values.isEmpty ? nil : mean(values)
  }

  private func quantile(_ share: Double) -> Double {
    let position = share * Double(differences.count - 1)
    let below = Int(position)
    let above = min(below + 1, differences.count - 1)
    let fraction = position - Double(below)
    return differences[below] + (differences[above] - differences[below]) * fraction
  }
}

/// The standard deviation of a sample; 0 for fewer than two numbers.
private func standardDeviation(_ numbers: [Double]) -> Double {
  guard numbers.count > 1 else { return 0 }
  let center = mean(numbers)
  let squares = numbers.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  return (squares / Double(numbers.count - 1)).squareRoot()
}
