import ModelFile

extension ModelSimulation {
  /// Gain, bias and epsilon as real numbers in units of the output and squared units of the input.
  private struct Affine {
    let gain: [Double]
    let bias: [Double]
    let epsilon: Double

    init(_ parameters: NormalizationParameters, model: Model) {
      let unit = powerOfTwo(-parameters.fractionBits)
      func numbers(_ blob: Blob) -> [Double] {
        UnsafeBufferPointer(start: model.elements(blob, as: Int32.self), count: blob.count)
          .map { Double($0) * unit }
      }
      gain = numbers(parameters.gain)
      bias = numbers(parameters.bias)
      epsilon = Double(parameters.epsilon) * powerOfTwo(-32)
    }

    /// Mean and inverse deviation; where all numbers are equal and epsilon is 0 the latter is 0,
    /// as it then only meets differences of 0.
    func statistics(sum: Double, squares: Double, count: Double) -> (mean: Double, inverse: Double)
    {
      let mean = sum / count
      let variance = max((squares - sum * mean) / count, 0) + epsilon
      return (mean, variance > 0 ? 1 / variance.squareRoot() : 0)
    }
  }

  func layerNorm(_ it: LayerNorm, _ input: Integers) -> Integers {
    let affine = Affine(it.parameters, model: model)
    let width = channels(it.input)
    let range = OutputRange(model[it.output])
    return filledRows(rows(it.input), width, threads: threads) { rows, result in
      for row in rows {
        let start = row * width
        var sum = 0.0
        var squares = 0.0
        for channel in 0..<width {
          let number = Double(input[start + channel])
          sum += number
          squares += number * number
        }
        let (mean, inverse) = affine.statistics(sum: sum, squares: squares, count: Double(width))
        for channel in 0..<width {
          let score = (Double(input[start + channel]) - mean) * inverse
          result[start + channel] = range.clamped(
            score * affine.gain[channel] + affine.bias[channel]
          )
        }
      }
    }
  }

  func groupNorm(_ it: GroupNorm, _ input: Integers) -> Integers {
    let affine = Affine(it.parameters, model: model)
    let width = channels(it.input)
    let groupWidth = width / it.groups
    let count = rows(it.input)
    let range = OutputRange(model[it.output])
    let statistics = (0..<it.groups).map { group in
      var sum = 0.0
      var squares = 0.0
      for row in 0..<count {
        for channel in group * groupWidth..<(group + 1) * groupWidth {
          let number = Double(input[row * width + channel])
          sum += number
          squares += number * number
        }
      }
      return affine.statistics(
        sum: sum,
        squares: squares,
        count: Double(count * groupWidth)
      )
    }
    return filledRows(count, width, threads: threads) { rows, result in
      for row in rows {
        for channel in 0..<width {
          let (mean, inverse) = statistics[channel / groupWidth]
          let score = (Double(input[row * width + channel]) - mean) * inverse
          result[row * width + channel] = range.clamped(
            score * affine.gain[channel] + affine.bias[channel]
          )
        }
      }
    }
  }
}
