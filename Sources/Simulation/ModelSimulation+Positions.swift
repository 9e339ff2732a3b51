import FixedPoint
import Foundation
import ModelFile
import Runtime

/// The sine (even features) or cosine (odd ones) of a number of turns.
private func wave(_ turns: Double, feature: Int) -> Double {
  let angle = (turns - turns.rounded(.down)) * 2 * .pi
  return feature % 2 == 0 ? sin(angle) : cos(angle)
}

extension ModelSimulation {
  func positionTable(_ it: PositionTable) -> Integers {
    it.levels.enumerated().flatMap { level, value in
      let vector = levelVector(it, level)
      let grid = grid(value)
      let rows = (0...grid.height).map { y in
        zip(rowCode(it, y, grid), vector).map { $0 + $1 }
      }
      let columns = (0...grid.width).map { columnCode(it, $0, grid) }
      let element = model[it.output].element
      return (rows + columns).joined().map { min(max($0, element.lowest), element.highest) }
    }
  }

  private func levelVector(_ it: PositionTable, _ level: Int) -> [Int32] {
    let width = channels(it.output)
    guard it.levelVectors.count > 0 else { return [Int32](repeating: 0, count: width) }
    let numbers = model.elements(it.levelVectors, as: Int16.self)
    return (0..<width).map { Int32(numbers[level * width + $0]) }
  }

  /// The part of a code that comes from a row of the map; behind the last one, that of padding.
  private func rowCode(_ it: PositionTable, _ y: Int, _ grid: ValueShape.Grid) -> [Int32] {
    switch it.kind {
    case .sine(let frequencies, let halfOffset):
      let code = waves(it, frequencies, 0, halfOffset, y, grid.height, grid.validHeight)
      return code + [Int32](repeating: 0, count: channels(it.output) / 2)
    case .learned(_, let rows, let columnFeatures, let rowFeatures):
      let numbers = model.elements(rows, as: Int16.self)
      return [Int32](repeating: 0, count: columnFeatures)
        + (0..<rowFeatures).map { y == grid.height ? 0 : Int32(numbers[y * rowFeatures + $0]) }
    case .sineHalves(let frequencies):
      return halves(it, frequencies, y, grid.height)
        + [Int32](repeating: 0, count: 2 * frequencies.count)
    }
  }

  private func columnCode(_ it: PositionTable, _ x: Int, _ grid: ValueShape.Grid) -> [Int32] {
    switch it.kind {
    case .sine(let frequencies, let halfOffset):
      let features = channels(it.output) / 2
      let first = frequencies.count - features
      let code = waves(it, frequencies, first, halfOffset, x, grid.width, grid.validWidth)
      return [Int32](repeating: 0, count: features) + code
    case .learned(let columns, _, let columnFeatures, let rowFeatures):
      let numbers = model.elements(columns, as: Int16.self)
      return (0..<columnFeatures).map {
        x == grid.width ? 0 : Int32(numbers[x * columnFeatures + $0])
      } + [Int32](repeating: 0, count: rowFeatures)
    case .sineHalves(let frequencies):
      return [Int32](repeating: 0, count: 2 * frequencies.count)
        + halves(it, frequencies, x, grid.width)
    }
  }

  private func halves(
    _ it: PositionTable,
    _ frequencies: Blob,
    _ position: Int,
    _ length: Int
  ) -> [Int32] {
    let numbers = model.elements(frequencies, as: Int32.self)
    let factor = it.sineRescale.factor * powerOfTwo(FractionBits.sine)
    guard position < length else { return [Int32](repeating: 0, count: 2 * frequencies.count) }
    return (0..<2 * frequencies.count).map { feature in
      let turns =
        Double(position) * Double(numbers[feature % frequencies.count]) * powerOfTwo(-30)
      let number = wave(turns, feature: feature < frequencies.count ? 0 : 1)
      return Int32((number * factor + 0.5).rounded(.down))
    }
  }

  private func waves(
    _ it: PositionTable,
    _ frequencies: Blob,
    _ firstFrequency: Int,
    _ halfOffset: Int32,
    _ position: Int,
    _ length: Int,
    _ last: Int
  ) -> [Int32] {
    let numbers = model.elements(frequencies, as: Int32.self)
    let factor = it.sineRescale.factor * powerOfTwo(FractionBits.sine)
    let count = Double(min(position + 1, last)) - Double(halfOffset) / 2
    return (0..<channels(it.output) / 2).map { feature in
      let frequency = Double(numbers[firstFrequency + feature]) * powerOfTwo(-30)
      let turns = position == length ? 0 : count * frequency / Double(last)
      return Int32((wave(turns, feature: feature) * factor + 0.5).rounded(.down))
    }
  }

  func boxSine(_ it: BoxSine, _ input: Integers) -> Integers {
    let frequencies = model.elements(it.frequencies, as: Int32.self)
    let range = OutputRange(model[it.output])
    return input.flatMap { coordinate in
      (0..<it.frequencies.count).map { feature in
        let turns =
          Double(coordinate) * powerOfTwo(-30) * Double(frequencies[feature])
          * powerOfTwo(-30)
        return range.integer(wave(turns, feature: feature) * 32768)
      }
    }
  }
}
