/// Text in columns.
enum TextTable {
  /// Pads every column to its widest cell, two spaces apart.
  ///
  /// - Parameters:
  ///   - rows: cells, the titles among them.
  ///   - right: columns of numbers, which end at the same place instead of beginning there.
  /// - Returns: lines joined by line feeds, without one at the end.
  static func aligned(_ rows: [[String]], right: Set<Int> = []) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return right.contains(column) ? padding + cell : cell + padding
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
