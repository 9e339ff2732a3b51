import FloatKernels
import Foundation

/// A position code of one grid as what it is made of: a vector per row and one per column.
///
/// A sine code has two vectors per row, one for pixels in padding columns, and the same the other
/// way round.
struct PositionTables {
  /// Height and width of the grid, and the part that is not padding.
  private let grid: Shape.Grid
  /// The features that hang on y and on x, in the order of the channels.
  private let parts: [Part]
  private let level: [Float]

  private struct Part {
    enum Axis { case y, x }
    var axis: Axis
    var features: Int
    /// [length of the axis, features], for pixels that the other coordinate puts inside …
    var inside: [Float]
    /// … and for those in padding.
    var padding: [Float]
  }

  init(_ code: FloatOperation.PositionCode, grid: Shape.Grid) {
    self.grid = grid
    level = code.level
    switch code.kind {
    case .sine(let features, let temperature, let scale, let offset):
      let columnTemperature = code.columnTemperature ?? temperature
      func part(_ axis: Part.Axis, length: Int, valid: Int) -> Part {
        let temperature = axis == .y ? temperature : columnTemperature
        func table(last: Int) -> [Float] {
          (0..<length).flatMap { position in
            let count = Double(min(position + 1, last))
            let turns = (count - offset) / (Double(last) + 1e-6) * scale
            return Self.sines(turns, features: features, temperature: temperature)
          }
        }
        return Part(
          axis: axis,
          features: features,
          inside: table(last: valid),
          padding: table(last: 0)
        )
      }
      parts = [
        part(.y, length: grid.height, valid: grid.validHeight),
        part(.x, length: grid.width, valid: grid.validWidth),
      ]
    case .learned(let columns, let rows):
      parts = [
        Part(axis: .x, features: columns.columns, inside: columns.values, padding: columns.values),
        Part(axis: .y, features: rows.columns, inside: rows.values, padding: rows.values),
      ]
    case .sineHalves(let features, let temperature):
      func part(_ axis: Part.Axis, length: Int) -> Part {
        let table = (0..<length).flatMap {
          Self.sinesThenCosines(Double($0), features: features, temperature: temperature)
        }
        return Part(axis: axis, features: features, inside: table, padding: table)
      }
      parts = [part(.y, length: grid.height), part(.x, length: grid.width)]
    }
  }

  /// Sine and cosine, interleaved, of one number at falling frequencies.
  static func sines(_ angle: Double, features: Int, temperature: Double) -> [Float] {
    (0..<features).map { index in
      let scaled = angle / pow(temperature, Double(index / 2 * 2) / Double(features))
      return Float(index % 2 == 0 ? sin(scaled) : cos(scaled))
    }
  }

  /// The sines, then the cosines, of one number at falling frequencies.
  static func sinesThenCosines(_ place: Double, features: Int, temperature: Double) -> [Float] {
    let half = features / 2
    let angles = (0..<half).map { place / pow(temperature, Double($0) / Double(half)) }
    return angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) }
  }

  /// Writes the code of every pixel, row by row.
  func write(_ output: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    let channels = parts.reduce(0) { $0 + $1.features }
    pool.parallelFor(grid.height) { rows, _ in
      for y in rows {
        for x in 0..<grid.width {
          var destination = output + (y * grid.width + x) * channels
          for part in parts {
            let isInside = part.axis == .y ? x < grid.validWidth : y < grid.validHeight
            let first = (part.axis == .y ? y : x) * part.features
            let table = isInside ? part.inside : part.padding
            for feature in 0..<part.features { destination[feature] = table[first + feature] }
            destination += part.features
          }
          if !level.isEmpty {
            destination -= channels
            for channel in 0..<channels { destination[channel] += level[channel] }
          }
        }
      }
    }
  }
}
