import Foundation
import Runtime

/// The arena over time in characters: steps from left to right, addresses from bottom to top.
///
/// Each piece is drawn with a letter of its own, in turn; a dot is memory that nobody needs then.
struct ArenaDrawing {
  let plan: ArenaPlan
  private let columns: Int
  private let rows = 24

  init(_ plan: ArenaPlan) {
    self.plan = plan
    columns = min(max(plan.steps, 1), 100)
  }

  var text: String {
    var cells = [[Character]](
      repeating: [Character](repeating: ".", count: columns),
      count: rows
    )
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for (index, piece) in plan.pieces.enumerated() where piece.byteCount > 0 {
      let letter = letters[index % letters.count]
      for row in span(piece.offset, piece.offset + piece.byteCount, of: plan.byteCount, in: rows) {
        for column in span(piece.firstStep, piece.lastStep + 1, of: plan.steps, in: columns) {
          cells[row][column] = letter
        }
      }
    }
    let lines = cells.reversed().enumerated().map { line, row in
      let top = Double(plan.byteCount) * Double(rows - line) / Double(rows) / 1_048_576
      return String(format: "%8.2f MB  ", top) + String(row)
    }
    return lines.joined(separator: "\n")
      + "\n" + String(repeating: " ", count: 13) + "step 0"
      + String(repeating: " ", count: max(columns - 14, 1)) + "step \(plan.steps - 1)"
  }

  /// The cells whose middle lies in a range, at least one.
  private func span(_ first: Int, _ end: Int, of total: Int, in cells: Int) -> Range<Int> {
    let start = min(first * cells / total, cells - 1)
    let stop = min(max((end * cells + total - 1) / total, start + 1), cells)
    return start..<stop
  }
}

/// Text in columns.
enum TextTable {
  /// Pads every column to its widest cell, two spaces apart.
  static func aligned(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
