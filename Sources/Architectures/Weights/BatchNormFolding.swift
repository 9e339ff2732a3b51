import FloatGraph

extension WeightReader {
  /// Added to the variance by batch norms of torchvision, timm, transformers and mmdetection.
  static let batchNormEpsilon = 1e-5

  /// Takes a convolution and the batch norm after it as one convolution.
  ///
  /// With gain γ, bias β, mean μ and variance σ² of a channel, `γ · (w ∗ x − μ) / √(σ² + ε) + β` is
  /// the convolution with weights `w · γ / √(σ² + ε)` and bias `β − μ · γ / √(σ² + ε)`; computed in
  /// double precision and rounded once.
  ///
  /// - Parameters:
  ///   - module: the convolution.
  ///   - outputs: channels that leave it.
  ///   - inputs: channels that enter it.
  ///   - kernel: its side in pixels.
  ///   - epsilon: ε.
  /// - Returns: weights [outputs, kernel, kernel, inputs] and a bias [outputs].
  /// - Throws: ``ArchitectureError``.
  mutating func foldedConvolution(
    _ module: Module,
    outputs: Int,
    inputs: Int,
    kernel: Int,
    epsilon: Double = batchNormEpsilon
  ) throws(ArchitectureError) -> FloatOperation.Weights {
    let weights = try take(module, .weight, shape: [outputs, inputs, kernel, kernel])
    let gain = try take(module, .normGain, shape: [outputs])
    let bias = try take(module, .normBias, shape: [outputs])
    let mean = try take(module, .normMean, shape: [outputs])
    let variance = try take(module, .normVariance, shape: [outputs])
    if let index = variance.firstIndex(where: { $0 < 0 }) {
      let sources = naming.sources(of: WeightName(module, .normVariance))
      let tensor = sources.first?.first?.tensor ?? module.name
      throw .negativeVariance(
        file: file(of: tensor),
        tensor: tensor,
        index: index,
        value: variance[index]
      )
    }
    let factor = (0..<outputs).map { channel in
      Double(gain[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
    }
    return FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: Self.channelsLast(weights, outputs: outputs, inputs: inputs, kernel: kernel) {
        Float(Double($0) * factor[$1])
      },
      bias: (0..<outputs).map { channel in
        Float(Double(bias[channel]) - Double(mean[channel]) * factor[channel])
      }
    )
  }

  /// Takes a convolution that has no batch norm.
  ///
  /// - Parameters:
  ///   - module: the convolution.
  ///   - outputs: channels that leave it.
  ///   - inputs: channels that enter it.
  ///   - kernel: its side in pixels.
  /// - Returns: weights [outputs, kernel, kernel, inputs] and the bias, empty where there is none.
  /// - Throws: ``ArchitectureError``.
  mutating func convolution(
    _ module: Module,
    outputs: Int,
    inputs: Int,
    kernel: Int
  ) throws(ArchitectureError) -> FloatOperation.Weights {
    let weights = try take(module, .weight, shape: [outputs, inputs, kernel, kernel])
    let hasBias = !naming.sources(of: WeightName(module, .bias)).isEmpty
    return FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: Self.channelsLast(weights, outputs: outputs, inputs: inputs, kernel: kernel) {
        value,
        _ in value
      },
      bias: hasBias ? try take(module, .bias, shape: [outputs]) : []
    )
  }

  /// Moves [outputs, inputs, kernel, kernel] to [outputs, kernel, kernel, inputs].
  private static func channelsLast(
    _ weights: [Float],
    outputs: Int,
    inputs: Int,
    kernel: Int,
    _ transform: (Float, _ output: Int) -> Float
  ) -> [Float] {
    let area = kernel * kernel
    var result: [Float] = []
    result.reserveCapacity(weights.count)
    for output in 0..<outputs {
      for pixel in 0..<area {
        for input in 0..<inputs {
          result.append(transform(weights[(output * inputs + input) * area + pixel], output))
        }
      }
    }
    return result
  }
}
