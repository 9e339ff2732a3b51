/// The assignment of rows to columns with the least total cost: the Hungarian method.
///
/// Shortest augmenting paths with dual potentials (Kuhn 1955; Jonker and Volgenant 1987), in
/// rows² × columns steps.
enum LinearAssignment {
  /// Assigns every row a column of its own.
  ///
  /// Among equal assignments the one found first in order of rows and columns is given, so the
  /// result is the same on every machine.
  ///
  /// - Parameters:
  ///   - cost: finite costs, row by row.
  ///   - rows: the number of rows, at most `columns`.
  ///   - columns: the number of columns.
  /// - Returns: the column of each row.
  static func solve(cost: [Double], rows: Int, columns: Int) -> [Int] {
    precondition(rows <= columns && cost.count == rows * columns)
    // Columns are counted from 1; column 0 stands for the row that is being added.
    var rowPotential = [Double](repeating: 0, count: rows)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var rowOfColumn = [Int](repeating: -1, count: columns + 1)
    var previous = [Int](repeating: 0, count: columns + 1)
    for added in 0..<rows {
      var distance = [Double](repeating: .infinity, count: columns + 1)
      var isReached = [Bool](repeating: false, count: columns + 1)
      rowOfColumn[0] = added
      var column = 0
      repeat {
        isReached[column] = true
        let row = rowOfColumn[column]
        var step = Double.infinity
        var nearest = 0
        for next in 1...columns where !isReached[next] {
          let reduced =
            cost[row * columns + next - 1] - rowPotential[row] - columnPotential[next]
          if reduced < distance[next] {
            distance[next] = reduced
            previous[next] = column
          }
          if distance[next] < step {
            step = distance[next]
            nearest = next
          }
        }
        for next in 0...columns {
          if isReached[next] {
            rowPotential[rowOfColumn[next]] += step
            columnPotential[next] -= step
          } else {
            distance[next] -= step
          }
        }
        column = nearest
      } while rowOfColumn[column] != -1
      while column != 0 {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      }
    }
    var columnOfRow = [Int](repeating: -1, count: rows)
    for column in 1..<(columns + 1) where rowOfColumn[column] >= 0 {
      columnOfRow[rowOfColumn[column]] = column - 1
    }
    return columnOfRow
  }
}
