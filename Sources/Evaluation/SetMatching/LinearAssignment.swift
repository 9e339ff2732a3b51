/// The cheapest way to give each row of a table of costs a column of its own.
///
/// Shortest augmenting paths with dual variables, as in Crouse, "On implementing 2D rectangular
/// assignment algorithms", IEEE Transactions on Aerospace and Electronic Systems, 2016. The time is
/// at most the square of the shorter side times the longer one.
enum LinearAssignment {
  /// Solves a table of any shape.
  ///
  /// - Parameters:
  ///   - costs: finite numbers, row by row.
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  /// - Returns: the column of each row; `nil` for rows that are left over where there are more rows
  ///   than columns.
  static func solve(_ costs: [Double], rows: Int, columns: Int) -> [Int?] {
    precondition(costs.count == rows * columns, "a cost for each row and column")
    precondition(costs.allSatisfy(\.isFinite), "finite costs")
    if rows <= columns {
      var search = AugmentingPathSearch(rows: rows, columns: columns)
      for row in 0..<rows { search.assign(row) { costs[$0 * columns + $1] } }
      return search.columnOfRow
    }
    var search = AugmentingPathSearch(rows: columns, columns: rows)
    for column in 0..<columns { search.assign(column) { costs[$1 * columns + $0] } }
    return search.rowOfColumn
  }
}

/// A cheapest assignment of some rows, to which rows are added one after another.
private struct AugmentingPathSearch {
  private(set) var columnOfRow: [Int?]
  private(set) var rowOfColumn: [Int?]
  private var rowPotential: [Double]
  private var columnPotential: [Double]
  private var distance: [Double]
  private var previousRow: [Int]
  private var isReached: [Bool]

  /// Starts without an assigned row; there are at most as many rows as columns.
  init(rows: Int, columns: Int) {
    columnOfRow = Array(repeating: nil, count: rows)
    rowOfColumn = Array(repeating: nil, count: columns)
    rowPotential = Array(repeating: 0, count: rows)
    columnPotential = Array(repeating: 0, count: columns)
    distance = columnPotential
    previousRow = Array(repeating: 0, count: columns)
    isReached = Array(repeating: false, count: columns)
  }

  /// Adds a row along the cheapest chain of exchanges that ends at a free column.
  mutating func assign(_ newRow: Int, cost: (Int, Int) -> Double) {
    for column in distance.indices {
      distance[column] = .infinity
      isReached[column] = false
    }
    var row = newRow
    var length = 0.0
    var end: Int
    while true {
      end = nearestColumn(from: row, length: length, cost: cost)
      length = distance[end]
      isReached[end] = true
      guard let next = rowOfColumn[end] else { break }
      row = next
    }
    updatePotentials(newRow, length: length)
    exchange(alongPathTo: end, from: newRow)
  }

  private mutating func nearestColumn(
    from row: Int,
    length: Double,
    cost: (Int, Int) -> Double
  ) -> Int {
    var nearest: Int?
    for column in distance.indices where !isReached[column] {
      let reduced = cost(row, column) - rowPotential[row] - columnPotential[column]
      if length + reduced < distance[column] {
        distance[column] = length + reduced
        previousRow[column] = row
      }
      if let best = nearest {
        let isFree = rowOfColumn[column] == nil
        if distance[column] < distance[best] || (distance[column] == distance[best] && isFree) {
          nearest = column
        }
      } else {
        nearest = column
      }
    }
    // Fewer columns than rows are taken, so one is left to be reached.
    return nearest!
  }

  private mutating func updatePotentials(_ newRow: Int, length: Double) {
    rowPotential[newRow] += length
    for column in distance.indices where isReached[column] {
      if let row = rowOfColumn[column] { rowPotential[row] += length - distance[column] }
      columnPotential[column] -= length - distance[column]
    }
  }

  private mutating func exchange(alongPathTo end: Int, from newRow: Int) {
    var column = end
    while true {
      let row = previousRow[column]
      rowOfColumn[column] = row
      let next = columnOfRow[row]
      columnOfRow[row] = column
      guard row != newRow, let next else { return }
      column = next
    }
  }
}
