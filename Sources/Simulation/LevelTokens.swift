import ModelFile
import Runtime

/// A pixel of one of the maps whose rows stand one after the other.
struct LevelToken {
  let level: Int
  let y: Int
  let x: Int
  let grid: ValueShape.Grid

  /// Whether the pixel holds a part of the picture.
  var isValid: Bool { y < grid.validHeight && x < grid.validWidth }

  /// Whether the anchor box lies inside of 0.01…0.99 of the valid part: its centre (2i + 1) / 2n,
  /// its sides 0.05 · 2^level, which leaves that range from level 5 on.
  var isProposal: Bool {
    isValid && level < 5 && Self.isInside(x, grid.validWidth)
      && Self.isInside(y, grid.validHeight)
  }

  private static func isInside(_ position: Int, _ length: Int) -> Bool {
    let hundredfold = 50 * (2 * position + 1)
    return hundredfold > length && hundredfold < 99 * length
  }
}

extension ModelSimulation {
  /// The pixels of several maps, in the order of their rows.
  func tokens(_ levels: [ValueIndex]) -> [LevelToken] {
    levels.enumerated().flatMap { level, value in
      let grid = grid(value)
      return (0..<grid.height).flatMap { y in
        (0..<grid.width).map { LevelToken(level: level, y: y, x: $0, grid: grid) }
      }
    }
  }
}
