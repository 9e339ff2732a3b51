import FloatGraph

extension ReferenceExecutor {
  /// The mean of the pixels of each square that lie inside of the map.
  func averagePool(_ input: Matrix, grid: Shape.Grid, size: Int) -> Matrix {
    let rows = (grid.height + size - 1) / size
    let columns = (grid.width + size - 1) / size
    var result = Matrix(rows: rows * columns, columns: input.columns)
    for y in 0..<rows {
      for x in 0..<columns {
        var pixels: [Int] = []
        for dy in 0..<size where y * size + dy < grid.height {
          for dx in 0..<size where x * size + dx < grid.width {
            pixels.append((y * size + dy) * grid.width + x * size + dx)
          }
        }
        for channel in 0..<input.columns {
          result[y * columns + x, channel] =
            pixels.reduce(0) { $0 + input[$1, channel] } / Double(pixels.count)
        }
      }
    }
    return result
  }

  func upsample(_ input: Matrix, grid: Shape.Grid, factor: Int) -> Matrix {
    let width = grid.width * factor
    var result = Matrix(rows: grid.height * factor * width, columns: input.columns)
    for row in 0..<result.rows {
      let pixel = row / width / factor * grid.width + row % width / factor
      for channel in 0..<input.columns { result[row, channel] = input[pixel, channel] }
    }
    return result
  }

  func concatenateColumns(_ inputs: [Matrix]) -> Matrix {
    Matrix(
      rows: inputs[0].rows,
      columns: inputs.reduce(0) { $0 + $1.columns },
      values: (0..<inputs[0].rows).flatMap { row in
        inputs.flatMap { input in (0..<input.columns).map { input[row, $0] } }
      }
    )
  }
}
