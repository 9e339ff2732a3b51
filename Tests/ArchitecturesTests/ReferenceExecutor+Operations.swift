import FloatGraph
import Foundation

extension ReferenceExecutor {
  func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  func activate(_ x: Double, _ activation: FloatOperation.Activation) -> Double {
    switch activation {
    case .none: x
    case .relu: max(x, 0)
    case .gelu: x * 0.5 * (1 + erf(x / 2.0.squareRoot()))
    case .silu: x * sigmoid(x)
    }
  }

  func convolution(
    _ input: Matrix,
    grid: Shape.Grid,
    _ weights: FloatOperation.Weights,
    _ window: FloatOperation.Window,
    output: Shape.Grid
  ) -> Matrix {
    let kernel = window.kernel
    let inputs = weights.inputs
    let filters = weights.values.map(Double.init)
    var result = Matrix(rows: output.height * output.width, columns: weights.outputs)
    for y in 0..<output.height {
      for x in 0..<output.width {
        for channel in 0..<weights.outputs {
          var sum = weights.bias.isEmpty ? 0 : Double(weights.bias[channel])
          for ky in 0..<kernel {
            let row = y * window.stride - window.padding + ky * window.dilation
            guard row >= 0, row < grid.height else { continue }
            for kx in 0..<kernel {
              let column = x * window.stride - window.padding + kx * window.dilation
              guard column >= 0, column < grid.width else { continue }
              let pixel = (row * grid.width + column) * inputs
              let filter = ((channel * kernel + ky) * kernel + kx) * inputs
              for i in 0..<inputs { sum += input.values[pixel + i] * filters[filter + i] }
            }
          }
          result[y * output.width + x, channel] = sum
        }
      }
    }
    return result
  }

  func linear(_ input: Matrix, _ weights: FloatOperation.Weights) -> Matrix {
    let filters = weights.values.map(Double.init)
    var result = Matrix(rows: input.rows, columns: weights.outputs)
    for row in 0..<input.rows {
      for channel in 0..<weights.outputs {
        var sum = weights.bias.isEmpty ? 0 : Double(weights.bias[channel])
        for i in 0..<weights.inputs {
          sum += input[row, i] * filters[channel * weights.inputs + i]
        }
        result[row, channel] = sum
      }
    }
    return result
  }

  func maxPool(
    _ input: Matrix,
    grid: Shape.Grid,
    _ window: FloatOperation.Window,
    output: Shape.Grid
  ) -> Matrix {
    var result = Matrix(rows: output.height * output.width, columns: input.columns)
    for y in 0..<output.height {
      for x in 0..<output.width {
        for channel in 0..<input.columns {
          var best = -Double.infinity
          for ky in 0..<window.kernel {
            for kx in 0..<window.kernel {
              let row = y * window.stride - window.padding + ky * window.dilation
              let column = x * window.stride - window.padding + kx * window.dilation
              guard row >= 0, row < grid.height, column >= 0, column < grid.width else { continue }
              best = max(best, input[row * grid.width + column, channel])
            }
          }
          result[y * output.width + x, channel] = best
        }
      }
    }
    return result
  }

  func add(_ first: Matrix, _ second: Matrix) -> Matrix {
    precondition(first.rows == second.rows && first.columns == second.columns)
    return Matrix(
      rows: first.rows,
      columns: first.columns,
      values: zip(first.values, second.values).map { $0 + $1 }
    )
  }

  func layerNorm(_ input: Matrix, _ norm: FloatOperation.Normalization) -> Matrix {
    var result = input
    for row in 0..<input.rows {
      let values = (0..<input.columns).map { input[row, $0] }
      let (mean, deviation) = moments(values, epsilon: norm.epsilon)
      for column in 0..<input.columns {
        let unit = (values[column] - mean) / deviation
        result[row, column] = unit * Double(norm.gain[column]) + Double(norm.bias[column])
      }
    }
    return result
  }

  func groupNorm(
    _ input: Matrix,
    _ norm: FloatOperation.Normalization,
    groups: Int
  ) -> Matrix {
    var result = input
    let width = input.columns / groups
    for group in 0..<groups {
      let columns = group * width..<(group + 1) * width
      let values = (0..<input.rows).flatMap { row in columns.map { input[row, $0] } }
      let (mean, deviation) = moments(values, epsilon: norm.epsilon)
      for row in 0..<input.rows {
        for column in columns {
          let unit = (input[row, column] - mean) / deviation
          result[row, column] = unit * Double(norm.gain[column]) + Double(norm.bias[column])
        }
      }
    }
    return result
  }

  private func moments(_ values: [Double], epsilon: Double) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, (variance + epsilon).squareRoot())
  }

  func slice(_ input: Matrix, _ range: Range<Int>) -> Matrix {
    Matrix(
      rows: input.rows,
      columns: range.count,
      values: (0..<input.rows).flatMap { row in range.map { input[row, $0] } }
    )
  }

  func masked(_ input: Matrix, _ isMasked: (Int) -> Bool) -> Matrix {
    var result = input
    for row in 0..<input.rows where isMasked(row) {
      for column in 0..<input.columns { result[row, column] = 0 }
    }
    return result
  }

  func topRows(_ input: Matrix, count: Int, column: Int) -> Matrix {
    let order = (0..<input.rows).sorted { first, second in
      let (a, b) = (input[first, column], input[second, column])
      return a != b ? a > b : first < second
    }
    return Matrix(rows: count, columns: 1, values: order.prefix(count).map(Double.init))
  }

  func gather(_ input: Matrix, _ indices: Matrix) -> Matrix {
    Matrix(
      rows: indices.rows,
      columns: input.columns,
      values: indices.values.flatMap { index in
        (0..<input.columns).map { input[Int(index), $0] }
      }
    )
  }

  func attention(
    _ query: Matrix,
    _ key: Matrix,
    _ value: Matrix,
    heads: Int,
    keyGrid: Shape.Grid?
  ) -> Matrix {
    let width = query.columns / heads
    let isValid = keyGrid.map { grid in
      (0..<key.rows).map { index in
        index / grid.width < grid.validHeight && index % grid.width < grid.validWidth
      }
    }
    var result = Matrix(rows: query.rows, columns: value.columns)
    let valueWidth = value.columns / heads
    for head in 0..<heads {
      let columns = head * width..<(head + 1) * width
      let valueColumns = head * valueWidth..<(head + 1) * valueWidth
      for row in 0..<query.rows {
        var scores = (0..<key.rows).map { other in
          columns.reduce(0.0) { $0 + query[row, $1] * key[other, $1] } / Double(width).squareRoot()
        }
        if let isValid {
          for other in scores.indices where !isValid[other] { scores[other] = -.infinity }
        }
        let weights = softmax(scores)
        for column in valueColumns {
          result[row, column] = (0..<key.rows).reduce(0.0) { $0 + weights[$1] * value[$1, column] }
        }
      }
    }
    return result
  }

  func softmax(_ scores: [Double]) -> [Double] {
    let largest = scores.max()!
    let powers = scores.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
