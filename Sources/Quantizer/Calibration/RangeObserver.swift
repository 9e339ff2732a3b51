import Foundation

/// How the range of an 8-bit activation is read off its statistics; every range contains 0.
public enum RangeObserver: Sendable, Equatable {
  /// From the least to the greatest number seen.
  case minMax
  /// From the mean of the photographs' least to the mean of their greatest numbers.
  case movingAverage
  /// Without the outermost numbers: a share of `percent` / 100 stays inside, half of the rest is
  /// cut on each side.
  case percentile(Double)
  /// The range whose rounding and clipping errors, squared and summed over the histogram, are
  /// least.
  case meanSquaredError
  /// The symmetric cut whose quantized histogram has the least relative entropy to the original
  /// (Migacz, "8-bit inference with TensorRT", 2017).
  case entropy

  /// Those that are tried where the observer is chosen by the error that it makes.
  public static let candidates: [RangeObserver] = [
    .minMax, .percentile(99.999), .percentile(99.99), .percentile(99.9), .movingAverage,
    .meanSquaredError, .entropy,
  ]

  /// The range.
  ///
  /// - Parameter statistics: of the activation.
  /// - Returns: real numbers that must be representable; 0…0 for a value never seen.
  public func range(of statistics: ValueStatistics) -> ClosedRange<Double> {
    guard statistics.count > 0 else { return 0...0 }
    let low = min(0, Double(statistics.minimum))
    let high = max(0, Double(statistics.maximum))
    switch self {
    case .minMax: return low...high
    case .movingAverage:
      return min(0, statistics.averageMinimum)...max(0, statistics.averageMaximum)
    case .percentile(let percent):
      let tail = (1 - percent / 100) / 2
      return min(0, statistics.quantile(tail))...max(0, statistics.quantile(1 - tail))
    case .meanSquaredError:
      return Self.shrunk(low, high) { statistics.squaredError(range: $0, levels: 255) }
    case .entropy:
      return Self.shrunk(low, high) { statistics.relativeEntropy(range: $0, levels: 255) }
    }
  }

  /// The best of ranges that are a share of low…high, from 30 % on in steps of 1 %.
  private static func shrunk(
    _ low: Double,
    _ high: Double,
    cost: (ClosedRange<Double>) -> Double
  ) -> ClosedRange<Double> {
    var best = low...high
    var least = Double.infinity
    for percent in stride(from: 100, through: 30, by: -1) {
      let share = Double(percent) / 100
      let range = low * share...high * share
      let error = cost(range)
      if error < least {
        least = error
        best = range
      }
    }
    return best
  }
}

extension ValueStatistics {
  private var binWidth: Double { 2 * Double(limit) / Double(Self.bins) }
  private func centre(_ bin: Int) -> Double { -Double(limit) + (Double(bin) + 0.5) * binWidth }

  /// Squared error of rounding to `levels` steps inside of a range and clipping outside of it.
  func squaredError(range: ClosedRange<Double>, levels: Int) -> Double {
    guard limit > 0 else { return 0 }
    let step = (range.upperBound - range.lowerBound) / Double(levels)
    var error = 0.0
    for bin in 0..<Self.bins where histogram[bin] > 0 {
      let value = centre(bin)
      let beyond = max(range.lowerBound - value, value - range.upperBound, 0)
      error += Double(histogram[bin]) * (beyond > 0 ? beyond * beyond : step * step / 12)
    }
    return error
  }

  /// Relative entropy of the histogram, its outliers added to the last bins, to the one that is left
  /// when each of `levels` steps spreads its count evenly over the bins that were not empty.
  func relativeEntropy(range: ClosedRange<Double>, levels: Int) -> Double {
    guard limit > 0, range.upperBound > range.lowerBound else { return 0 }
    let first = max(0, Int((range.lowerBound + Double(limit)) / binWidth))
    let last = min(Self.bins - 1, Int((range.upperBound + Double(limit)) / binWidth))
    guard last - first >= levels else { return .infinity }
    var original = histogram[first...last].map(Double.init)
    original[0] += histogram[..<first].reduce(0) { $0 + Double($1) }
    original[original.count - 1] += histogram[(last + 1)...].reduce(0) { $0 + Double($1) }
    let total = original.reduce(0, +)
    var divergence = 0.0
    for level in 0..<levels {
      let bins = level * original.count / levels..<(level + 1) * original.count / levels
      let inside = bins.filter { histogram[first + $0] > 0 }
      let count = inside.reduce(0) { $0 + Double(histogram[first + $1]) }
      guard !inside.isEmpty else { continue }
      let spread = count / Double(inside.count) / total
      for bin in inside {
        let share = original[bin] / total
        divergence += share * log(share / spread)
      }
    }
    return divergence
  }
}
