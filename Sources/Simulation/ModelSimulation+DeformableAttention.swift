import FixedPoint
import ModelFile
import Runtime

/// A real position in pixels of a level, and how far the integer model's may be from it.
private struct SamplingPoint {
  var x: Double
  var y: Double
  var error: Double

  /// Whether the error may take the point to another pixel.
  var isAtEdge: Bool {
    abs(x - x.rounded()) <= error || abs(y - y.rounded()) <= error
  }
}

/// What places the sampling points of a query.
private struct SamplingPlaces: Sendable {
  let references: [Int32]?
  let columns: Int
  let tokens: [LevelToken]
  /// Pixels, or parts of the reference's side, for one step of an offset.
  let offsetFactor: Double

  /// Half a unit of 16 fraction bits, and the fraction cut to 15.
  private static let half = powerOfTwo(-17)
  private static let cut = powerOfTwo(-15)

  func point(
    row: Int,
    grid: ValueShape.Grid,
    offsetX: Int32,
    offsetY: Int32
  ) -> SamplingPoint {
    let sizes = (x: Double(grid.validWidth), y: Double(grid.validHeight))
    let moved = (x: Double(offsetX) * offsetFactor, y: Double(offsetY) * offsetFactor)
    guard let references else {
      let token = tokens[row]
      func centre(_ position: Int, _ size: Double, _ own: Int) -> Double {
        min((2 * Double(position) + 1) * size / Double(2 * own), 16384)
      }
      return SamplingPoint(
        x: centre(token.x, sizes.x, token.grid.validWidth) - 0.5 + moved.x,
        y: centre(token.y, sizes.y, token.grid.validHeight) - 0.5 + moved.y,
        error: 2 * (2 * Self.half + Self.cut)
      )
    }
    func real(_ column: Int) -> Double {
      Double(references[row * columns + column]) * powerOfTwo(-FractionBits.probability)
    }
    let base = (x: real(0) * sizes.x - 0.5, y: real(1) * sizes.y - 0.5)
    guard columns == 4 else {
      return SamplingPoint(
        x: base.x + moved.x,
        y: base.y + moved.y,
        error: 2 * (2 * Self.half + Self.cut)
      )
    }
    let span = (x: real(2) * sizes.x, y: real(3) * sizes.y)
    let products = abs(span.x) + abs(span.y) + abs(moved.x) + abs(moved.y)
    return SamplingPoint(
      x: base.x + moved.x * span.x,
      y: base.y + moved.y * span.y,
      error: 2 * (2 * Self.half + Self.cut) + (products + 2) * Self.half
    )
  }
}

extension ModelSimulation {
  /// Weights, sampling points and corners are real; only the output is rounded.
  ///
  /// With n samples and R output steps for a value of one at weight 2⁻¹⁵, the integers may differ by
  ///
  ///     1 + R · V · (n · (4 + n/65536) + 2¹⁶ · e)
  ///
  /// where V is the head channel's greatest |value|: each weight is off by 1 + n/65536 (`softmaxRow`),
  /// dividing it among four corners rounds three times, which moves at most 3 units in all, and a
  /// sampling point that is e pixels off (both axes together) moves an interpolated value by 2 V e at
  /// most. A discrete point so near to the edge of its pixel may take the next one, which moves its part of the
  /// sum by 2 V at most; e is the sum of such points' weights there.
  func deformableAttention(
    _ it: DeformableAttention,
    _ inputs: (ValueIndex) -> Integers
  ) -> Attended {
    let (value, offsets, logits) = (inputs(it.value), inputs(it.offsets), inputs(it.logits))
    let places = SamplingPlaces(
      references: it.references.map { inputs($0) },
      columns: it.references.map { channels($0) } ?? 0,
      tokens: it.references == nil ? tokens(it.levels) : [],
      offsetFactor: it.offsetRescale.factor * powerOfTwo(-16)
    )
    let grids = it.levels.map { grid($0) }
    let firstRows = grids.indices.map { level in
      grids[..<level].reduce(0) { $0 + $1.height * $1.width }
    }
    let outputs = channels(it.output)
    let width = outputs / it.heads
    let samples = grids.count * it.points
    let octaves = it.logitRescale.factor * powerOfTwo(-FractionBits.octaves)
    let factor = it.outputRescale.factor * powerOfTwo(FractionBits.attention)
    let range = OutputRange(model[it.output])
    let greatest = greatestMagnitudes(value, columns: outputs)
    let weightError = Double(samples) * (4 + Double(samples) / 65536)

    var tolerance = [Double](repeating: 0, count: count(it.output))
    let output = tolerance.withUnsafeMutableBufferPointer { buffer in
      // Each thread writes rows of its own.
      nonisolated(unsafe) let tolerance = buffer
      return filledRows(rows(it.output), outputs, threads: threads) { rows, result in
        var weights = [Double](repeating: 0, count: samples)
        var sums = [Double](repeating: 0, count: width)
        for row in rows {
          for head in 0..<it.heads {
            let first = (row * it.heads + head) * samples
            for sample in 0..<samples { weights[sample] = Double(logits[first + sample]) * octaves }
            softmaxOfOctaves(&weights)
            for channel in 0..<width { sums[channel] = 0 }
            var placeError = 0.0
            var jumps = 0.0
            for sample in 0..<samples {
              let level = sample / it.points
              let grid = grids[level]
              let point = places.point(
                row: row,
                grid: grid,
                offsetX: offsets[2 * (first + sample)],
                offsetY: offsets[2 * (first + sample) + 1]
              )
              if !it.isDiscrete {
                placeError = max(placeError, point.error)
              } else if point.isAtEdge {
                jumps += weights[sample]
              }
              grid.forEachCorner(point, isDiscrete: it.isDiscrete) { pixel, share in
                let start = (firstRows[level] + pixel) * outputs + head * width
                let weight = weights[sample] * share
                for channel in 0..<width {
                  sums[channel] += weight * Double(value[start + channel])
                }
              }
            }
            for channel in 0..<width {
              let column = head * width + channel
              result[row * outputs + column] = range.integer(sums[channel] * factor)
              tolerance[row * outputs + column] =
                1 + factor / 32768 * greatest[column]
                * (weightError + 65536 * (placeError + jumps))
            }
          }
        }
      }
    }
    return Attended(output: output, tolerance: tolerance)
  }

  private func greatestMagnitudes(_ numbers: Integers, columns: Int) -> [Double] {
    var greatest = [Double](repeating: 0, count: columns)
    for start in stride(from: 0, to: numbers.count, by: columns) {
      for column in 0..<columns {
        greatest[column] = max(greatest[column], abs(Double(numbers[start + column])))
      }
    }
    return greatest
  }
}

extension ValueShape.Grid {
  /// The pixels of the map around a point, with their shares of bilinear interpolation.
  @inline(__always)
  fileprivate func forEachCorner(
    _ point: SamplingPoint,
    isDiscrete: Bool,
    _ body: (Int, Double) -> Void
  ) {
    guard isDiscrete else { return forEachCorner(point.x, point.y, body) }
    let column = min(max(Int((point.x + 1).rounded(.down)), 0), width - 1)
    let row = min(max(Int((point.y + 1).rounded(.down)), 0), height - 1)
    body(row * width + column, 1)
  }

  @inline(__always)
  private func forEachCorner(_ x: Double, _ y: Double, _ body: (Int, Double) -> Void) {
    guard x > -1, y > -1, x < Double(width), y < Double(height) else { return }
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (right, bottom) = (x - left, y - top)
    for (down, shareY) in [1 - bottom, bottom].enumerated() {
      let row = Int(top) + down
      guard row >= 0, row < height else { continue }
      for (across, shareX) in [1 - right, right].enumerated() {
        let column = Int(left) + across
        guard column >= 0, column < width else { continue }
        body(row * width + column, shareX * shareY)
      }
    }
  }
}
