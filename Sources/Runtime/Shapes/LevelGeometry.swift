/// A map among the tokens of a pyramid, and its rows in a position table.
struct LevelGeometry {
  var firstToken: Int
  /// Rows of the table: one for each y, one for padding columns, one for each x, one for padding
  /// rows.
  var firstTableRow: Int
  var height: Int
  var width: Int
  var validHeight: Int
  var validWidth: Int

  var tokens: Int { height * width }
  var tableRows: Int { height + width + 2 }

  /// Whether a pixel holds a part of the picture.
  func isValid(y: Int, x: Int) -> Bool { y < validHeight && x < validWidth }
}

/// The levels of a pyramid, in memory that the program owns.
struct Pyramid {
  let levels: UnsafeMutablePointer<LevelGeometry>
  let count: Int

  /// Walks over tokens in order.
  struct Cursor {
    let pyramid: Pyramid
    private(set) var level = 0
    private(set) var y = 0
    private(set) var x = 0

    var geometry: LevelGeometry { pyramid.levels[level] }

    /// Starts at a token of one of the levels.
    init(_ pyramid: Pyramid, at token: Int) {
      self.pyramid = pyramid
      while level + 1 < pyramid.count, token >= pyramid.levels[level + 1].firstToken { level += 1 }
      let inside = token - geometry.firstToken
      y = inside / geometry.width
      x = inside % geometry.width
    }

    /// Goes to the next token; behind the last one the cursor stays outside of the map.
    mutating func advance() {
      x += 1
      guard x == geometry.width else { return }
      x = 0
      y += 1
      guard y == geometry.height, level + 1 < pyramid.count else { return }
      y = 0
      level += 1
    }

    /// Whether the token's pixel holds a part of the picture.
    var isValid: Bool { geometry.isValid(y: y, x: x) }

    /// Whether the token's anchor box lies inside of 0.01…0.99 of the valid part in all coordinates.
    ///
    /// The centre is (2x + 1) / 2w of the valid width w, the sides are 0.05 · 2^level, which leaves
    /// that range from level 5 on.
    var isProposal: Bool {
      isValid && level < 5 && Self.isInside(x, geometry.validWidth)
        && Self.isInside(y, geometry.validHeight)
    }

    private static func isInside(_ position: Int, _ length: Int) -> Bool {
      let hundredfold = 50 * (2 * position + 1)
      return hundredfold > length && hundredfold < 99 * length
    }
  }
}
