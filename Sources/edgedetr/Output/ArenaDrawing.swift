import Foundation
import Runtime

/// The arena over time in characters, with its axes and the pieces that make it as large as it is.
///
/// Steps go from left to right, addresses from bottom to top. Each piece is drawn with a letter, in
/// turn; `#` is working memory of a step, a dot is memory that nobody needs then.
struct ArenaDrawing {
  let plan: ArenaPlan
  /// The names of the steps.
  let steps: [String]
  /// What a piece holds.
  let name: (ArenaPlan.Piece) -> String

  private static let columns = 100
  private static let rows = 24
  private static let largestPieces = 8

  /// The step in which most memory is in use.
  private var peak: Int {
    let live = (0..<plan.steps).map { plan.liveBytes(at: $0) }
    return live.indices.max { live[$0] < live[$1] } ?? 0
  }

  var text: String {
    let cells = plan.drawing(columns: Self.columns, rows: Self.rows)
    let width = cells.first?.count ?? 0
    var lines = cells.enumerated().reversed().map { row, line in
      let top = Double(plan.byteCount) * Double(row + 1) / Double(Self.rows)
      return String(format: "%8.3f MB  ", top / 1e6) + String(decoding: line, as: UTF8.self)
    }
    let last = "step \(plan.steps - 1)"
    lines.append(
      String(repeating: " ", count: 13) + "step 0"
        + String(repeating: " ", count: max(width - 6 - last.count, 1)) + last
    )
    return lines.joined(separator: "\n")
  }

  /// The largest pieces in use at the peak, one a line with their letters.
  var largest: String {
    let peak = peak
    let alive = plan.pieces.enumerated()
      .filter { $1.firstStep <= peak && $1.lastStep >= peak && $1.byteCount > 0 }
      .sorted { ($1.element.byteCount, $0.offset) < ($0.element.byteCount, $1.offset) }
    let rows = alive.prefix(Self.largestPieces).map { index, piece in
      [
        letter(index, piece), "\(piece.byteCount)", "\(piece.firstStep)-\(piece.lastStep)",
        name(piece),
      ]
    }
    let title = "most is in use in step \(peak), \(steps[min(peak, steps.count - 1)])"
    let header = ["", "bytes", "steps", "piece"]
    return title + "\n" + TextTable.aligned([header] + rows, right: [1, 2])
  }

  /// The letter that the plan's drawing gives a piece.
  private func letter(_ index: Int, _ piece: ArenaPlan.Piece) -> String {
    if piece.content == .scratch { return "#" }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return String(letters[index % letters.count])
  }
}
