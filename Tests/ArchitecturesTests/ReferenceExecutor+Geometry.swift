import FloatGraph
import Foundation

extension ReferenceExecutor {
  /// A pixel of a level of the pyramid.
  struct Token {
    let level: Int
    let x: Int
    let y: Int
    let grid: Shape.Grid

    var isValid: Bool { x < grid.validWidth && y < grid.validHeight }

    /// Centre and size of the box that the pixel proposes, in units of the valid part.
    var anchor: [Double] {
      let side = 0.05 * pow(2, Double(level))
      return [
        (Double(x) + 0.5) / Double(grid.validWidth),
        (Double(y) + 0.5) / Double(grid.validHeight), side, side,
      ]
    }

    var isProposal: Bool { isValid && anchor.allSatisfy { $0 > 0.01 && $0 < 0.99 } }

    var anchorLogits: [Double] {
      isProposal ? anchor.map { log($0 / (1 - $0)) } : [Double](repeating: .infinity, count: 4)
    }
  }

  static func tokens(_ grids: [Shape.Grid]) -> [Token] {
    grids.enumerated().flatMap { level, grid in
      (0..<grid.height * grid.width).map {
        Token(level: level, x: $0 % grid.width, y: $0 / grid.width, grid: grid)
      }
    }
  }

  func positionCode(_ code: FloatOperation.PositionCode, grid: Shape.Grid) -> Matrix {
    var result = Matrix(rows: grid.height * grid.width, columns: code.channels)
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        let row = y * grid.width + x
        var values: [Double]
        switch code.kind {
        case .sine(let features, let temperature, let scale, let offset):
          // What a cumulative sum over the mask of valid pixels counts.
          let isColumn = x < grid.validWidth
          let isRow = y < grid.validHeight
          let countY = isColumn ? min(y + 1, grid.validHeight) : 0
          let countX = isRow ? min(x + 1, grid.validWidth) : 0
          let lastY = isColumn ? grid.validHeight : 0
          let lastX = isRow ? grid.validWidth : 0
          func sines(_ count: Int, _ last: Int, _ temperature: Double) -> [Double] {
            let position = (Double(count) - offset) / (Double(last) + 1e-6) * scale
            return interleaved(position, features: features, temperature: temperature)
          }
          values =
            sines(countY, lastY, temperature)
            + sines(countX, lastX, code.columnTemperature ?? temperature)
        case .learned(let columns, let rows):
          values =
            (0..<columns.columns).map { Double(columns.values[x * columns.columns + $0]) }
            + (0..<rows.columns).map { Double(rows.values[y * rows.columns + $0]) }
        case .sineHalves(let features, let temperature):
          let angles = [y, x].map { place in
            (0..<features / 2).map {
              Double(place) / pow(temperature, Double($0) / Double(features / 2))
            }
          }
          values = angles.flatMap { $0.map { sin($0) } + $0.map { cos($0) } }
        }
        for column in values.indices {
          if !code.level.isEmpty { values[column] += Double(code.level[column]) }
          result[row, column] = values[column]
        }
      }
    }
    return result
  }

  private func interleaved(_ x: Double, features: Int, temperature: Double) -> [Double] {
    (0..<features).map { i in
      let angle = x / pow(temperature, Double(2 * (i / 2)) / Double(features))
      return i % 2 == 0 ? sin(angle) : cos(angle)
    }
  }

  func boxSine(_ input: Matrix, features: Int, temperature: Double) -> Matrix {
    Matrix(
      rows: input.rows,
      columns: input.columns * features,
      values: input.values.flatMap {
        interleaved($0 * 2 * .pi, features: features, temperature: temperature)
      }
    )
  }

  func refineBoxes(_ deltas: Matrix, references: Matrix) -> Matrix {
    var result = deltas
    for row in 0..<deltas.rows {
      for column in 0..<4 {
        var logit = deltas[row, column]
        if column < references.columns {
          let x = min(max(references[row, column], 0), 1)
          logit += log(max(x, 1e-5) / max(1 - x, 1e-5))
        }
        result[row, column] = sigmoid(logit)
      }
    }
    return result
  }

  /// Inputs: value, sampling offsets, attention logits and, where there are any, references.
  func deformableAttention(
    _ inputs: [Matrix],
    _ attention: FloatOperation.DeformableAttention,
    grids: [Shape.Grid]
  ) -> Matrix {
    let (value, offsets, logits) = (inputs[0], inputs[1], inputs[2])
    let (heads, points, levels) = (attention.heads, attention.points, grids.count)
    let width = value.columns / heads
    var starts = [0]
    for grid in grids { starts.append(starts.last! + grid.height * grid.width) }
    let tokens = inputs.count > 3 ? [] : Self.tokens(grids)
    var result = Matrix(rows: offsets.rows, columns: value.columns)
    for row in 0..<offsets.rows {
      for head in 0..<heads {
        let samples = levels * points
        let weights = softmax((0..<samples).map { logits[row, head * samples + $0] })
        for sample in 0..<samples {
          let grid = grids[sample / points]
          let ratio = (
            x: Double(grid.validWidth) / Double(grid.width),
            y: Double(grid.validHeight) / Double(grid.height)
          )
          let column = (head * samples + sample) * 2
          let offset = (x: offsets[row, column], y: offsets[row, column + 1])
          var location: (x: Double, y: Double)
          if inputs.count > 3, inputs[3].columns == 4 {
            let box = (0..<4).map { inputs[3][row, $0] * ($0 % 2 == 0 ? ratio.x : ratio.y) }
            location.x = box[0] + offset.x / Double(points) * box[2] * 0.5
            location.y = box[1] + offset.y / Double(points) * box[3] * 0.5
          } else {
            let point: (x: Double, y: Double)
            if inputs.count > 3 {
              point = (inputs[3][row, 0], inputs[3][row, 1])
            } else {
              let token = tokens[row]
              point.x = (Double(token.x) + 0.5) / Double(token.grid.validWidth)
              point.y = (Double(token.y) + 0.5) / Double(token.grid.validHeight)
            }
            location.x = point.x * ratio.x + offset.x / Double(grid.width)
            location.y = point.y * ratio.y + offset.y / Double(grid.height)
          }
          let x = location.x * Double(grid.width) - 0.5
          let y = location.y * Double(grid.height) - 0.5
          let pixels =
            attention.isDiscrete
            ? nearest(location.x, location.y, grid) : corners(x, y, grid)
          for (corner, weight) in pixels {
            for channel in head * width..<(head + 1) * width {
              result[row, channel] +=
                weights[sample] * weight * value[starts[sample / points] + corner, channel]
            }
          }
        }
      }
    }
    return result
  }

  /// The one pixel that a location in 0…1 means where points are discrete.
  private func nearest(
    _ x: Double,
    _ y: Double,
    _ grid: Shape.Grid
  ) -> [(pixel: Int, weight: Double)] {
    let column = min(max(Int(x * Double(grid.width) + 0.5), 0), grid.width - 1)
    let row = min(max(Int(y * Double(grid.height) + 0.5), 0), grid.height - 1)
    return [(row * grid.width + column, 1)]
  }

  /// The up to four pixels around a point and their bilinear weights; those outside do not count.
  private func corners(
    _ x: Double,
    _ y: Double,
    _ grid: Shape.Grid
  ) -> [(pixel: Int, weight: Double)] {
    guard abs(x) < 1e9, abs(y) < 1e9 else { return [] }
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (fx, fy) = (x - Double(left), y - Double(top))
    var corners: [(pixel: Int, weight: Double)] = []
    for (row, rowWeight) in [(top, 1 - fy), (top + 1, fy)] where 0..<grid.height ~= row {
      for (column, columnWeight) in [(left, 1 - fx), (left + 1, fx)]
      where 0..<grid.width ~= column {
        corners.append((row * grid.width + column, rowWeight * columnWeight))
      }
    }
    return corners
  }
}
