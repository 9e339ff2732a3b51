import FloatGraph
import Foundation

/// Rows that do not depend on the picture, computed in double precision while a graph is built.
///
/// The first decoder layer of detectors whose queries are trained starts from such rows; what is
/// computed of them alone is a constant of the model.
struct ConstantRows {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Rows of zeros.
  init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: .init(repeating: 0, count: rows * columns))
  }

  init(rows: Int, columns: Int, _ values: [Float]) {
    self.init(rows: rows, columns: columns, values: values.map(Double.init))
  }

  /// The rows as a matrix of a graph, each number rounded once.
  var matrix: FloatOperation.Matrix {
    FloatOperation.Matrix(rows: rows, columns: columns, values: values.map { Float($0) })
  }

  func map(_ transform: (Double) -> Double) -> ConstantRows {
    ConstantRows(rows: rows, columns: columns, values: values.map(transform))
  }

  /// `x · Wᵀ + b`.
  func linear(_ weights: FloatOperation.Weights) -> ConstantRows {
    var result = ConstantRows(rows: rows, columns: weights.outputs)
    for row in 0..<rows {
      for output in 0..<weights.outputs {
        var sum = weights.bias.isEmpty ? 0 : Double(weights.bias[output])
        let first = output * weights.inputs
        for column in 0..<columns {
          sum += values[row * columns + column] * Double(weights.values[first + column])
        }
        result.values[row * weights.outputs + output] = sum
      }
    }
    return result
  }

  func relu() -> ConstantRows { map { max($0, 0) } }

  func sigmoid() -> ConstantRows { map { 1 / (1 + exp(-$0)) } }

  static func + (one: ConstantRows, other: ConstantRows) -> ConstantRows {
    ConstantRows(
      rows: one.rows,
      columns: one.columns,
      values: zip(one.values, other.values).map { $0 + $1 }
    )
  }

  /// The columns of a range.
  func columns(_ range: Range<Int>) -> ConstantRows {
    ConstantRows(
      rows: rows,
      columns: range.count,
      values: (0..<rows).flatMap { row in range.map { values[row * columns + $0] } }
    )
  }

  /// Sines and cosines of every column, as ``FloatOperation/boxSine(features:temperature:)`` makes them.
  func sines(features: Int, temperature: Double) -> ConstantRows {
    let codes = values.flatMap { value in
      (0..<features).map { feature in
        let exponent = Double(feature / 2 * 2) / Double(features)
        let angle = value * 2 * .pi / pow(temperature, exponent)
        return feature % 2 == 0 ? sin(angle) : cos(angle)
      }
    }
    return ConstantRows(rows: rows, columns: columns * features, values: codes)
  }
}
