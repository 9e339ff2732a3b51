/// The mean and the variance of sine codes of coordinates, computed with exactly rounded arithmetic.
///
/// The code of a coordinate `x` in 0…1 is `sin(2π x / t)` and `cos(2π x / t)` by turns, where
/// `t = 10000^(2⌊i/2⌋ / features)` grows with the number `i` of the feature. Slow features hardly
/// change over a picture: most of the code is the same for all tokens.
enum SineCode {
  /// Averages the codes of coordinates that are spread evenly over ranges.
  ///
  /// - Parameters:
  ///   - ranges: where each coordinate lies, within 0…1.
  ///   - features: numbers a coordinate.
  ///   - temperature: what takes the place of 10000.
  /// - Returns: for the coordinates' codes one after the other.
  static func statistics(
    over ranges: [ClosedRange<Double>],
    features: Int,
    temperature: Double = 10000
  ) -> ActivationStatistics {
    let base = root(of: temperature, degree: (features + 1) / 2)
    let samples = 64
    var means: [Float] = []
    var variance = 0.0
    for range in ranges {
      var period = 1.0
      for feature in 0..<features {
        var (sum, squares) = (0.0, 0.0)
        for sample in 0..<samples {
          let share = (Double(sample) + 0.5) / Double(samples)
          let turn = (range.lowerBound + share * (range.upperBound - range.lowerBound)) / period
          let value = sine(turns: feature % 2 == 0 ? turn : turn + 0.25)
          sum += value
          squares += value * value
        }
        let mean = sum / Double(samples)
        means.append(Float(mean))
        variance += squares / Double(samples) - mean * mean
        if feature % 2 == 1 { period *= base }
      }
    }
    return ActivationStatistics(
      mean: means,
      variance: Float(variance / Double(means.count))
    )
  }

  /// The sine of an angle of 0…1.25 turns, by its Taylor series around the nearest half turn.
  private static func sine(turns: Double) -> Double {
    let half = (turns * 2).rounded()
    let angle = (turns - half / 2) * (2 * Double.pi)
    var term = angle
    var sum = angle
    for odd in stride(from: 3.0, through: 21, by: 2) {
      term *= -angle * angle / (odd * (odd - 1))
      sum += term
    }
    return Int(half) % 2 == 0 ? sum : -sum
  }

  /// The root of a number of at least 1, by Newton's method from above.
  private static func root(of number: Double, degree: Int) -> Double {
    var root = number
    for _ in 0..<4096 {
      var power = 1.0
      for _ in 1..<max(degree, 2) { power *= root }
      if degree == 1 { return number }
      let next = root - (root - number / power) / Double(degree)
      if next >= root { break }
      root = next
    }
    return root
  }
}
