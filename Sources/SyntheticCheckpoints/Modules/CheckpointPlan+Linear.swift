extension CheckpointPlan {
  /// Adds a linear map that gives its outputs a deviation and takes away what inputs have in common.
  ///
  /// Sums of `n` products of weights of deviation `s` and inputs of variance `v` have the deviation
  /// `s √(n v)`; the bias is minus the sum for the inputs' mean, plus a little.
  ///
  /// - Parameters:
  ///   - name: what the names of weights and bias begin with.
  ///   - outputs: numbers that leave.
  ///   - input: what enters.
  ///   - deviation: that of what leaves.
  ///   - biasDeviation: that of what is added to the bias.
  ///   - bias: added to the bias too, one number an output; nothing where it is empty.
  ///   - kernel: the side of a convolution's kernel; `nil` for a map without one.
  ///   - relative: a map with the same inputs and outputs, added before, whose weights have a
  ///     correlation of 0.8 with those of this one.
  /// - Returns: what leaves.
  @discardableResult
  mutating func addLinear(
    _ name: String,
    outputs: Int,
    from input: ActivationStatistics,
    deviation: Float,
    biasDeviation: Float = 0.1,
    bias: [Float] = [],
    kernel: Int? = nil,
    relative: String? = nil
  ) -> ActivationStatistics {
    let inputs = input.channels
    let taps = (kernel ?? 1) * (kernel ?? 1)
    // What hardly varies is not blown up: queries of the first decoder layer are all the same.
    let variance = max(input.variance, Self.leastVariance)
    let weight = deviation / (Float(inputs * taps) * variance).squareRoot()
    let shape = [outputs, inputs] + (kernel.map { [$0, $0] } ?? [])
    let other = relative.map { self.random("\($0).weight") }
    let weights = add("\(name).weight", shape) { random, count in
      guard let other else { return random.normals(count, deviation: weight) }
      return (0..<count).map { (0.8 * other.normal($0) + 0.6 * random.normal($0)) * weight }
    }
    let offsets = random("\(name).bias").normals(outputs, deviation: biasDeviation)
      .enumerated().map { $1 + (bias.isEmpty ? 0 : bias[$0]) }
    let mean = input.mean
    add("\(name).bias", [outputs]) { _, _ in
      let weights = weights.numbers()
      return offsets.indices.map { output in
        var sum = offsets[output]
        for input in 0..<inputs {
          for tap in 0..<taps {
            sum -= weights[(output * inputs + input) * taps + tap] * mean[input]
          }
        }
        return sum
      }
    }
    return ActivationStatistics(
      mean: offsets,
      variance: deviation * deviation * input.variance / variance
    )
  }

  private static let leastVariance: Float = 0.1

  /// Adds a layer norm or a group norm: gains in 0.6…1.4, biases with a deviation of 0.2.
  ///
  /// - Parameters:
  ///   - name: what the names of gain and bias begin with.
  ///   - activations: what enters, then what leaves.
  mutating func addNorm(_ name: String, _ activations: inout ActivationStatistics) {
    let channels = activations.channels
    let gains = add("\(name).weight", [channels]) { $0.uniforms($1, in: 0.6...1.4) }
    let biases = add("\(name).bias", [channels]) { $0.normals($1, deviation: 0.2) }
    activations = activations.normalized(gains: gains.numbers(), biases: biases.numbers())
  }

  /// Adds the two maps of a feed-forward part and its norm, under the names of transformers.
  ///
  /// - Parameters:
  ///   - layer: what the layer's names begin with.
  ///   - hidden: the width between the maps.
  ///   - tokens: what enters, then what leaves.
  mutating func addFeedForward(
    _ layer: String,
    hidden: Int,
    _ tokens: inout ActivationStatistics
  ) {
    let expanded = addLinear("\(layer).fc1", outputs: hidden, from: tokens, deviation: 1)
    let branch = addLinear(
      "\(layer).fc2",
      outputs: tokens.channels,
      from: expanded.rectified,
      deviation: 0.7
    )
    tokens = tokens + branch
    addNorm("\(layer).final_layer_norm", &tokens)
  }
}
