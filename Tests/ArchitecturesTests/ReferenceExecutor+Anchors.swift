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
}
