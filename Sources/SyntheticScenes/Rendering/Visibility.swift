/// Which part each pixel shows, and how much of each part can be seen.
struct Visibility {
  /// What is visible of a part.
  struct Part {
    /// Pixels that show the part.
    var visible = 0
    /// Pixels that it would have without other parts and without a border of the picture.
    var whole = 0
    var columns = (first: Int.max, last: Int.min)
    var rows = (first: Int.max, last: Int.min)
  }

  private(set) var parts: [Part]

  /// Lays parts on top of each other, the first one lowest.
  init(_ placed: [PlacedPart], width: Int, height: Int) {
    parts = Array(repeating: Part(), count: placed.count)
    var owners = [UInt8](repeating: 0, count: width * height)
    for (index, part) in placed.enumerated() {
      parts[index].whole = Self.cover(
        part,
        part.shape,
        owner: UInt8(index + 1),
        &owners,
        width,
        height
      )
    }
    for y in 0..<height {
      for x in 0..<width {
        let owner = Int(owners[y * width + x])
        guard owner > 0 else { continue }
        parts[owner - 1].visible += 1
        parts[owner - 1].columns.first = min(parts[owner - 1].columns.first, x)
        parts[owner - 1].columns.last = max(parts[owner - 1].columns.last, x)
        parts[owner - 1].rows.first = min(parts[owner - 1].rows.first, y)
        parts[owner - 1].rows.last = max(parts[owner - 1].rows.last, y)
      }
    }
  }

  /// Marks the pixels of a part and returns how many it has, those outside of the picture included.
  private static func cover(
    _ part: PlacedPart,
    _ shape: some PartShape,
    owner: UInt8,
    _ owners: inout [UInt8],
    _ width: Int,
    _ height: Int
  ) -> Int {
    let (columns, rows) = part.extent(margin: 0)
    var whole = 0
    for y in rows {
      for x in columns where shape.surface(part.local(x, y)).distance <= 0 {
        whole += 1
        if x >= 0, x < width, y >= 0, y < height { owners[y * width + x] = owner }
      }
    }
    return whole
  }
}
