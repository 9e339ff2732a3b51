import FloatKernels
import Foundation

/// The pixels of all levels of a pyramid as one list of tokens, and what their places imply.
struct TokenGrid {
  /// One token.
  struct Token {
    var level: Int
    var y: Int
    var x: Int
    /// Whether the token is not padding.
    var isValid: Bool
    /// The anchor box in 0…1 of the valid part: centre x, centre y, width, height.
    var anchor: (x: Double, y: Double, side: Double)

    /// Whether the token may propose an object: its anchor keeps away from the borders.
    var isProposal: Bool {
      isValid && [anchor.x, anchor.y, anchor.side].allSatisfy { $0 > 0.01 && $0 < 0.99 }
    }
  }

  private let levels: [Shape.Grid]

  /// Whether any token is padding.
  var isPadded: Bool { levels.contains { $0.isPadded } }

  init(_ levels: [Shape.Grid]) { self.levels = levels }

  /// All tokens, level after level, row by row.
  var tokens: [Token] {
    var tokens: [Token] = []
    for (index, level) in levels.enumerated() {
      let side = 0.05 * pow(2, Double(index))
      for y in 0..<level.height {
        for x in 0..<level.width {
          let anchor = (
            x: (Double(x) + 0.5) / Double(level.validWidth),
            y: (Double(y) + 0.5) / Double(level.validHeight), side: side
          )
          let isValid = y < level.validHeight && x < level.validWidth
          tokens.append(Token(level: index, y: y, x: x, isValid: isValid, anchor: anchor))
        }
      }
    }
    return tokens
  }

  /// The levels as deformable attention reads them.
  var sampledLevels: [SampledLevel] {
    var start = 0
    return levels.map { level in
      defer { start += level.height * level.width }
      return SampledLevel(height: level.height, width: level.width, start: start)
    }
  }

  /// The reference points of the tokens themselves, per level [tokens, levels, 2].
  ///
  /// A token's centre in 0…1 of the valid part of its own level, times the share of each level that is valid.
  func ownReferences() -> [Float] {
    let tokenCount = levels.reduce(0) { $0 + $1.height * $1.width }
    return [Float](unsafeUninitializedCapacity: tokenCount * levels.count * 2) { result, count in
      for level in levels {
        for y in 0..<level.height {
          let centerY = (Double(y) + 0.5) / Double(level.validHeight)
          for x in 0..<level.width {
            let centerX = (Double(x) + 0.5) / Double(level.validWidth)
            for target in levels {
              result[count] = Float(centerX * target.validShareX)
              result[count + 1] = Float(centerY * target.validShareY)
              count += 2
            }
          }
        }
      }
    }
  }

  /// Reference points or boxes [rows, 2 or 4] in 0…1 of the valid part, per level.
  func references(_ points: UnsafePointer<Float>, rows: Int, coordinates: Int) -> [Float] {
    (0..<rows).flatMap { row in
      levels.flatMap { level in
        (0..<coordinates).map { coordinate in
          let share = coordinate % 2 == 0 ? level.validShareX : level.validShareY
          return Float(Double(points[row * coordinates + coordinate]) * share)
        }
      }
    }
  }

  /// Zeroes the rows of the tokens that a condition chooses.
  func zeroRows(
    of matrix: UnsafeMutablePointer<Float>,
    channels: Int,
    where isChosen: (Token) -> Bool
  ) {
    for (row, token) in tokens.enumerated() where isChosen(token) {
      (matrix + row * channels).update(repeating: 0, count: channels)
    }
  }

  /// Writes `ln(p / (1 − p))` of the anchors [tokens, 4], infinity where there is no proposal.
  func writeAnchorLogits(_ output: UnsafeMutablePointer<Float>) {
    for (row, token) in tokens.enumerated() {
      let anchor = token.anchor
      for (index, p) in [anchor.x, anchor.y, anchor.side, anchor.side].enumerated() {
        output[row * 4 + index] = token.isProposal ? Float(log(p / (1 - p))) : .infinity
      }
    }
  }
}

extension Shape.Grid {
  fileprivate var validShareX: Double { Double(validWidth) / Double(width) }
  fileprivate var validShareY: Double { Double(validHeight) / Double(height) }
}
