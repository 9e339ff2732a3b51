extension ArenaPlan {
  /// The plan as a picture of characters: steps from left to right, addresses from top to bottom.
  ///
  /// Every piece of memory has a letter, which is that of the piece's number modulo 52; working
  /// memory is `#`, unused memory `.`. Where several steps or addresses fall on one character, the piece that
  /// covers most of it shows.
  ///
  ///     AABBB.
  ///     AABBB#
  ///     ..CC..
  ///
  /// - Parameters:
  ///   - columns: the greatest width, at least 1.
  ///   - rows: the height, at least 1.
  /// - Returns: lines of ASCII characters, all of the same length.
  public func drawing(columns: Int, rows: Int) -> [[UInt8]] {
    let columns = min(columns, steps)
    let unused = UInt8(ascii: ".")
    var lines = [[UInt8]](
      repeating: [UInt8](repeating: unused, count: columns),
      count: rows
    )
    var covered = [[Int]](repeating: [Int](repeating: 0, count: columns), count: rows)
    for (index, piece) in pieces.enumerated() where piece.byteCount > 0 {
      let end = piece.offset + piece.byteCount
      for row in cell(piece.offset, of: byteCount, rows)...cell(end - 1, of: byteCount, rows) {
        let first = max(piece.offset, Self.start(row, of: byteCount, rows))
        let bytes = min(end, Self.start(row + 1, of: byteCount, rows)) - first
        for column in cell(
          piece.firstStep,
          of: steps,
          columns
        )...cell(
          piece.lastStep,
          of: steps,
          columns
        ) where bytes > covered[row][column] {
          covered[row][column] = bytes
          lines[row][column] = letter(index)
        }
      }
    }
    return lines
  }

  private func letter(_ index: Int) -> UInt8 {
    guard pieces[index].content != .scratch else { return UInt8(ascii: "#") }
    let number = UInt8(truncatingIfNeeded: index % 52)
    return number < 26 ? UInt8(ascii: "A") + number : UInt8(ascii: "a") + number - 26
  }

  /// The cell that a position falls into when `length` positions share `cells` cells.
  private func cell(_ position: Int, of length: Int, _ cells: Int) -> Int {
    let product = position.multipliedFullWidth(by: cells)
    return length.dividingFullWidth(product).quotient
  }

  /// The first position of a cell, rounded up.
  private static func start(_ cell: Int, of length: Int, _ cells: Int) -> Int {
    let product = cell.multipliedFullWidth(by: length)
    let (quotient, remainder) = cells.dividingFullWidth(product)
    return quotient + (remainder > 0 ? 1 : 0)
  }
}
