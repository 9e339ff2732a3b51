import FixedPoint
import ModelFile
import Runtime

/// Tables of positions.
extension Interpreter {
  func positionTable(_ it: PositionTable) -> Matrix {
    var rows: [[Int64]] = []
    let channels = model[it.output].channels
    for (level, value) in it.levels.enumerated() {
      let grid = self[value].grid!
      let vector = (0..<channels).map { channel in
        it.levelVectors.count == 0
          ? 0
          : Int64(model.elements(it.levelVectors, as: Int16.self)[level * channels + channel])
      }
      func sines(
        _ blob: Blob,
        _ first: Int,
        _ halfOffset: Int32,
        _ count: Int,
        _ last: Int
      ) -> [Int64] {
        let frequencies = model.elements(blob, as: Int32.self) + first
        return (0..<channels / 2).map { feature in
          let extent = UInt64(bitPattern: Int64(frequencies[feature])) << 18
          let position = (2 * Int64(count) - Int64(halfOffset)) << 15
          let phase =
            count == 0
            ? 0
            : positionPhase(
              position,
              turnsPerUnit: turnsPerUnit(turnsPerExtent: extent, extent: UInt32(last))
            )
          let number = feature % 2 == 0 ? sine(phase) : cosine(phase)
          return limited(
            rounded(Int64(number) * Int64(it.sineRescale.multiplier), it.sineRescale.shift),
            Int64(Int32.min),
            Int64(Int32.max)
          )
        }
      }
      switch it.kind {
      case .sine(let frequencies, let halfOffset):
        let none = [Int64](repeating: 0, count: channels / 2)
        let firstOfColumns = frequencies.count - channels / 2
        for y in 0...grid.height {
          let count = y == grid.height ? 0 : min(y + 1, grid.validHeight)
          let code = sines(frequencies, 0, halfOffset, count, grid.validHeight) + none
          rows.append(zip(code, vector).map { limited($0 + $1, to: it.output) })
        }
        for x in 0...grid.width {
          let count = x == grid.width ? 0 : min(x + 1, grid.validWidth)
          let code = none + sines(frequencies, firstOfColumns, halfOffset, count, grid.validWidth)
          rows.append(code.map { limited($0, to: it.output) })
        }
      case .learned(let columns, let learnedRows, let columnFeatures, let rowFeatures):
        let forColumns = model.elements(columns, as: Int16.self)
        let forRows = model.elements(learnedRows, as: Int16.self)
        for y in 0...grid.height {
          let code =
            (0..<columnFeatures).map { _ in Int64(0) }
            + (0..<rowFeatures).map {
              y == grid.height ? 0 : Int64(forRows[y * rowFeatures + $0])
            }
          rows.append(zip(code, vector).map { limited($0 + $1, to: it.output) })
        }
        for x in 0...grid.width {
          rows.append(
            (0..<columnFeatures).map {
              x == grid.width ? 0 : Int64(forColumns[x * columnFeatures + $0])
            } + (0..<rowFeatures).map { _ in 0 }
          )
        }
      case .sineHalves(let frequencies):
        let none = [Int64](repeating: 0, count: 2 * frequencies.count)
        for y in 0...grid.height {
          let code = y == grid.height ? none : halves(it, frequencies, y)
          rows.append(zip(code + none, vector).map { limited($0 + $1, to: it.output) })
        }
        for x in 0...grid.width {
          let code = x == grid.width ? none : halves(it, frequencies, x)
          rows.append((none + code).map { limited($0, to: it.output) })
        }
      }
    }
    return Matrix(
      rows: rows.count,
      channels: channels,
      numbers: rows.flatMap { $0 },
      grid: nil
    )
  }

  /// The sines of a place counted from 0, then its cosines.
  func halves(_ it: PositionTable, _ blob: Blob, _ place: Int) -> [Int64] {
    let frequencies = model.elements(blob, as: Int32.self)
    let phases = (0..<blob.count).map { feature in
      positionPhase(
        Int64(place) << 16,
        turnsPerUnit: UInt64(bitPattern: Int64(frequencies[feature])) << 18
      )
    }
    return (phases.map { sine($0) } + phases.map { cosine($0) }).map { number in
      limited(
        rounded(Int64(number) * Int64(it.sineRescale.multiplier), it.sineRescale.shift),
        Int64(Int32.min),
        Int64(Int32.max)
      )
    }
  }
}
