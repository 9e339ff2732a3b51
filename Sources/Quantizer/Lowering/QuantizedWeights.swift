import FloatGraph

/// A matrix of weights as int8, one symmetric scale an output channel.
struct QuantizedWeights {
  /// [outputs, inputs per output], −127…127.
  private(set) var values: [Int8]
  /// The real number of one unit, for each output.
  let steps: [Double]

  /// Rounds weights to the nearest of 255 steps between ± the greatest magnitude of each output, or
  /// to those that make the least error in the outputs.
  ///
  /// - Parameters:
  ///   - weights: [outputs, inputs per output].
  ///   - steps: the real number of one unit, for each output.
  ///   - rounding: what the weights multiply, where the outputs' error decides.
  init(_ weights: [Double], steps: [Double], rounding: WeightRounding? = nil) {
    self.steps = steps
    let width = weights.count / steps.count
    let scaled = weights.indices.map { weights[$0] / steps[$0 / width] }
    values = scaled.map { Int8(min(max($0.rounded(), -127), 127)) }
    rounding?.improve(&values, weights: scaled.map { Float($0) })
  }

  /// The steps that spread −127…127 over the weights of each output.
  ///
  /// - Parameters:
  ///   - weights: [outputs, inputs per output].
  ///   - leastSteps: a step may not be smaller than this, so that the bias fits 32 bits and sums of
  ///     wide inputs fit the accumulator; one for each output.
  /// - Returns: a step for each output.
  static func steps(_ weights: [Double], leastSteps: [Double]) -> [Double] {
    let width = weights.count / leastSteps.count
    return leastSteps.indices.map { output in
      var greatest = 0.0
      for weight in weights[output * width..<(output + 1) * width] {
        greatest = max(greatest, abs(weight))
      }
      return max(greatest / 127, leastSteps[output])
    }
  }

  /// Sum of the integers' magnitudes of an output.
  func magnitude(ofOutput output: Int) -> Int {
    let width = values.count / steps.count
    return values[output * width..<(output + 1) * width].reduce(0) { $0 + abs(Int($1)) }
  }
}
