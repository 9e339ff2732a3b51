import FixedPoint
import ModelFile
import Runtime

/// Norms.
extension Interpreter {
  func layerNorm(_ it: LayerNorm) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    let gain = model.elements(it.parameters.gain, as: Int32.self)
    let bias = model.elements(it.parameters.bias, as: Int32.self)
    for row in 0..<input.rows {
      var statistics = NormalizationStatistics()
      for channel in 0..<input.channels {
        let number = input[row, channel]
        statistics.merge(
          NormalizationStatistics(count: 1, sum: number, sumOfSquares: UInt64(number * number))
        )
      }
      let normalization = LayerNormalization(
        statistics,
        scaledEpsilon: scaledEpsilon(it.parameters.epsilon, count: UInt32(input.channels))
      )
      for channel in 0..<input.channels {
        let number = normalization.output(
          Int32(input[row, channel]),
          gamma: gain[channel],
          beta: bias[channel],
          outputShift: it.parameters.fractionBits
        )
        result[row, channel] = limited(number, to: it.output)
      }
    }
    return result
  }

  func groupNorm(_ it: GroupNorm) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    let gain = model.elements(it.parameters.gain, as: Int32.self)
    let bias = model.elements(it.parameters.bias, as: Int32.self)
    let width = input.channels / it.groups
    for group in 0..<it.groups {
      var statistics = NormalizationStatistics()
      for row in 0..<input.rows {
        for channel in group * width..<(group + 1) * width {
          let number = input[row, channel]
          statistics.merge(
            NormalizationStatistics(count: 1, sum: number, sumOfSquares: UInt64(number * number))
          )
        }
      }
      let normalization = GroupNormalization(
        statistics,
        scaledEpsilon: scaledEpsilon(it.parameters.epsilon, count: statistics.count)
      )
      for channel in group * width..<(group + 1) * width {
        let line = normalization.affine(
          gamma: gain[channel],
          beta: bias[channel],
          outputShift: it.parameters.fractionBits
        )
        for row in 0..<input.rows {
          result[row, channel] = limited(line.apply(Int32(input[row, channel])), to: it.output)
        }
      }
    }
    return result
  }
}
