import FloatGraph
import Foundation

extension ReferenceExecutor {
  func multiply(_ one: Matrix, _ other: Matrix) -> Matrix {
    precondition(one.rows == other.rows && one.columns == other.columns)
    let values = zip(one.values, other.values).map { $0 * $1 }
    return Matrix(rows: one.rows, columns: one.columns, values: values)
  }

  func modulate(_ codes: Matrix, sides: Matrix, boxes: Matrix) -> Matrix {
    var result = codes
    for row in 0..<codes.rows {
      for column in 0..<codes.columns {
        let isX = column < codes.columns / 2
        result[row, column] *= isX ? sides[row, 0] / boxes[row, 2] : sides[row, 1] / boxes[row, 3]
      }
    }
    return result
  }

  func attentionMap(
    _ query: Matrix,
    _ key: Matrix,
    heads: Int,
    keyGrid: Shape.Grid?
  ) -> Matrix {
    let width = query.columns / heads
    var result = Matrix(rows: key.rows, columns: heads)
    for row in 0..<key.rows {
      for head in 0..<heads {
        let product = (0..<width).reduce(0.0) {
          $0 + query[0, head * width + $1] * key[row, head * width + $1]
        }
        result[row, head] = product / Double(width).squareRoot()
        if let keyGrid,
          row / keyGrid.width >= keyGrid.validHeight || row % keyGrid.width >= keyGrid.validWidth
        {
          result[row, head] = -.infinity
        }
      }
    }
    let greatest = result.values.max()!
    let exponentials = result.map { exp($0 - greatest) }
    let sum = exponentials.values.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  func enlarge(_ input: Matrix, from grid: Shape.Grid, to target: Shape.Grid) -> Matrix {
    var result = Matrix(rows: target.height * target.width, columns: input.columns)
    for y in 0..<target.height {
      for x in 0..<target.width {
        // Whole numbers: ⌊i · n / m⌋.
        let source = y * grid.height / target.height * grid.width + x * grid.width / target.width
        for column in 0..<input.columns {
          result[y * target.width + x, column] = input[source, column]
        }
      }
    }
    return result
  }
}
