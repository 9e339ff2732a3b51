import FloatGraph

/// A matrix of weights as int8, one symmetric scale an output channel.
struct QuantizedWeights {
  /// [outputs, inputs per output], −127…127.
  let values: [Int8]
  /// The real number of one unit, for each output.
  let steps: [Double]
  /// Sum of the integers of each output.
  let sums: [Int]
  /// Sum of their magnitudes.
  let magnitudes: [Int]

  /// Rounds weights to the nearest of 255 steps between ± the greatest magnitude of each output.
  ///
  /// - Parameters:
  ///   - weights: [outputs, inputs per output].
  ///   - outputs: number of outputs.
  ///   - leastSteps: a step may not be smaller than this, so that the bias fits 32 bits and sums of
  ///     wide inputs fit the accumulator.
  init(_ weights: [Double], outputs: Int, leastSteps: [Double]) {
    let inputs = weights.count / outputs
    var values = [Int8](repeating: 0, count: weights.count)
    var steps = [Double](repeating: 0, count: outputs)
    var sums = [Int](repeating: 0, count: outputs)
    var magnitudes = [Int](repeating: 0, count: outputs)
    for output in 0..<outputs {
      let row = output * inputs..<(output + 1) * inputs
      var greatest = 0.0
      for index in row { greatest = max(greatest, abs(weights[index])) }
      let step = max(greatest / 127, leastSteps[output])
      steps[output] = step
      for index in row {
        let rounded = Int((weights[index] / step).rounded())
        values[index] = Int8(rounded)
        sums[output] += rounded
        magnitudes[output] += abs(rounded)
      }
    }
    self.values = values
    self.steps = steps
    self.sums = sums
    self.magnitudes = magnitudes
  }
}
