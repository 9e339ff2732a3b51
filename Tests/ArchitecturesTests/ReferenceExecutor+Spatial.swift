import FloatGraph
import Foundation

/// Attention modulated in space and what is sampled from boxes, written point by point.
extension ReferenceExecutor {
  func spatialAttention(
    _ inputs: [Matrix],
    _ attention: FloatOperation.SpatialAttention,
    grid: Shape.Grid,
    picture: InputSize
  ) -> Matrix {
    let (query, key, value) = (inputs[0], inputs[1], inputs[2])
    let heads = attention.heads
    let width = attention.sharesKeys ? key.columns : key.columns / heads
    let valueWidth = value.columns / heads
    let queries = attention.sharesKeys ? query.rows / heads : query.rows
    let pixels = (0..<grid.validHeight).flatMap { y in (0..<grid.validWidth).map { ($0, y) } }
    var result = Matrix(rows: queries, columns: value.columns)
    for row in 0..<queries {
      for head in 0..<heads {
        let scores = pixels.map { x, y in
          let place = y * grid.width + x
          var score = 0.0
          for channel in 0..<width {
            let q =
              attention.sharesKeys
              ? query[row * heads + head, channel] : query[row, head * width + channel]
            let k = attention.sharesKeys ? key[place, channel] : key[place, head * width + channel]
            score += q * k
          }
          return score / Double(width).squareRoot()
            + gaussian(attention, inputs, row, head, x: x, y: y, grid, picture)
        }
        let weights = softmax(scores)
        for channel in 0..<valueWidth {
          let column = head * valueWidth + channel
          for (weight, pixel) in zip(weights, pixels) {
            result[row, column] += weight * value[pixel.1 * grid.width + pixel.0, column]
          }
        }
      }
    }
    return result
  }

  private func gaussian(
    _ attention: FloatOperation.SpatialAttention,
    _ inputs: [Matrix],
    _ row: Int,
    _ head: Int,
    x: Int,
    y: Int,
    _ grid: Shape.Grid,
    _ picture: InputSize
  ) -> Double {
    guard let gaussian = attention.gaussian else { return 0 }
    let references = inputs[3]
    let extent: (Double, Double)
    switch gaussian.extent {
    case .map: extent = (Double(grid.validWidth), Double(grid.validHeight))
    case .picture(let divisor):
      extent = (
        Double(picture.validWidth) / Double(divisor), Double(picture.validHeight) / Double(divisor)
      )
    }
    let first = references.columns == 2 ? 0 : 2 * head
    var centre = (
      references[row, first] * extent.0, references[row, first + 1] * extent.1
    )
    if gaussian.hasOffsets {
      centre.0 += inputs.last![row, 2 * head]
      centre.1 += inputs.last![row, 2 * head + 1]
    }
    let dx = pow(centre.0 - Double(x) - gaussian.firstPixel, 2)
    let dy = pow(centre.1 - Double(y) - gaussian.firstPixel, 2)
    func scale(_ index: Int) -> Double {
      pow(inputs[4][row, head * gaussian.scales + index], 2)
    }
    let distance =
      switch gaussian.scales {
      case 0: dx + dy
      case 1: (dx + dy) * scale(0)
      case 2: dx * scale(0) + dy * scale(1)
      default: dx * scale(0) + dy * scale(1) + dx * dy * scale(2)
      }
    return -distance / gaussian.smooth
  }

  /// Bins of boxes: [boxes][bins · bins][channels].
  struct Regions {
    let bins: Int
    let channels: Int
    var values: [[[Double]]]

    func map(_ transform: (Int, Int, Int, Double) -> Double) -> Matrix {
      let rows = values.enumerated().map { row, all in
        all.enumerated().flatMap { bin, numbers in
          numbers.enumerated().map { transform(row, bin, $0, $1) }
        }
      }
      return Matrix(
        rows: rows.count,
        columns: bins * bins * channels,
        values: rows.flatMap { $0 }
      )
    }

    /// Bilinear samples with zeros around the bins, at places in 0…1.
    func sampled(at places: Matrix) -> Matrix {
      let points = places.columns / 2
      var result = Matrix(rows: values.count, columns: points * channels)
      for row in values.indices {
        for point in 0..<points {
          let x = places[row, 2 * point] * Double(bins) - 0.5
          let y = places[row, 2 * point + 1] * Double(bins) - 0.5
          for (column, line) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (left, top) = (Int(x.rounded(.down)) + column, Int(y.rounded(.down)) + line)
            guard 0..<bins ~= left, 0..<bins ~= top else { continue }
            let weight = (1 - abs(x - Double(left))) * (1 - abs(y - Double(top)))
            for channel in 0..<channels {
              result[row, point * channels + channel] +=
                weight * values[row][top * bins + left][channel]
            }
          }
        }
      }
      return result
    }
  }

  func regions(_ map: Matrix, _ grid: Shape.Grid, boxes: Matrix, bins: Int) -> Regions {
    let values = (0..<boxes.rows).map { row -> [[Double]] in
      let side = (
        boxes[row, 2] * Double(grid.validWidth), boxes[row, 3] * Double(grid.validHeight)
      )
      let start = (
        boxes[row, 0] * Double(grid.validWidth) - side.0 / 2 - 0.5,
        boxes[row, 1] * Double(grid.validHeight) - side.1 / 2 - 0.5
      )
      let count = (
        Int((side.0 / Double(bins)).rounded(.up)), Int((side.1 / Double(bins)).rounded(.up))
      )
      return (0..<bins * bins).map { bin in
        var sums = [Double](repeating: 0, count: map.columns)
        for v in 0..<count.1 {
          for u in 0..<count.0 {
            let x = Double(bin % bins) + (Double(u) + 0.5) / Double(count.0)
            let y = Double(bin / bins) + (Double(v) + 0.5) / Double(count.1)
            addPixel(
              map,
              grid,
              x: start.0 + x * side.0 / Double(bins),
              y: start.1 + y * side.1 / Double(bins),
              to: &sums
            )
          }
        }
        return sums.map { $0 / Double(max(count.0 * count.1, 1)) }
      }
    }
    return Regions(bins: bins, channels: map.columns, values: values)
  }

  private func addPixel(
    _ map: Matrix,
    _ grid: Shape.Grid,
    x: Double,
    y: Double,
    to sums: inout [Double]
  ) {
    guard x >= -1, x <= Double(grid.width), y >= -1, y <= Double(grid.height) else { return }
    let (x, y) = (min(max(x, 0), Double(grid.width - 1)), min(max(y, 0), Double(grid.height - 1)))
    let (left, top) = (Int(x), Int(y))
    let (fx, fy) = (x - Double(left), y - Double(top))
    for (column, line, weight) in [
      (0, 0, (1 - fx) * (1 - fy)), (1, 0, fx * (1 - fy)), (0, 1, (1 - fx) * fy), (1, 1, fx * fy),
    ] where weight > 0 {
      let place = (top + line) * grid.width + left + column
      for channel in sums.indices { sums[channel] += weight * map[place, channel] }
    }
  }

  func pointsInBoxes(_ boxes: Matrix, _ places: Matrix) -> Matrix {
    var result = places
    for row in 0..<places.rows {
      for column in 0..<places.columns {
        let side = boxes[row, 2 + column % 2]
        result[row, column] = boxes[row, column % 2] + side * (places[row, column] - 0.5)
      }
    }
    return result
  }

  func gate(_ input: Matrix, _ gates: Matrix, rows: Int) -> Matrix {
    let values = zip(input.values, gates.values).map { $0 * sigmoid($1) }
    return Matrix(rows: input.rows * rows, columns: input.columns / rows, values: values)
  }
}
