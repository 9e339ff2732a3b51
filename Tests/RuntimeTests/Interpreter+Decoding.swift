import FixedPoint
import ModelFile
import Runtime

/// Constants, choices of rows and boxes.
extension Interpreter {
  func constant(_ it: Constant) -> Matrix {
    var result = empty(it.output, rows: it.rows)
    for index in result.numbers.indices {
      result.numbers[index] =
        switch model[it.output].element {
        case .uint8: Int64(model.elements(it.data, as: UInt8.self)[index])
        case .int8: Int64(model.elements(it.data, as: Int8.self)[index])
        case .int16: Int64(model.elements(it.data, as: Int16.self)[index])
        case .int32: Int64(model.elements(it.data, as: Int32.self)[index])
        }
    }
    return result
  }

  func slice(_ it: ColumnSlice) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    for row in 0..<result.rows {
      for channel in 0..<result.channels {
        result[row, channel] = input[row, it.first + channel]
      }
    }
    return result
  }

  func masked(
    _ it: PaddingMask,
    _ keeps: ((level: Int, y: Int, x: Int, grid: Grid)) -> Bool
  ) -> Matrix {
    var result = self[it.input]
    for (row, token) in tokens(it.levels).enumerated() where !keeps(token) {
      for channel in 0..<result.channels { result[row, channel] = zero(it.input) }
    }
    return result
  }

  func topRows(_ it: TopRows) -> Matrix {
    let input = self[it.input]
    let order = (0..<input.rows).sorted {
      (input[$1, it.column], $0) < (input[$0, it.column], $1)
    }
    var result = empty(it.output, rows: it.count)
    for row in 0..<it.count { result[row, 0] = Int64(order[row]) }
    return result
  }

  func gather(_ it: RowGather) -> Matrix {
    let indices = self[it.indices]
    var result = empty(it.output, rows: indices.rows)
    for row in 0..<indices.rows {
      for channel in 0..<result.channels {
        result[row, channel] = self[it.input][Int(indices[row, 0]), channel]
      }
    }
    return result
  }

  func moved(_ delta: Int64, _ anchor: Int32) -> Int64 {
    let sum = delta + Int64(inverseSigmoid(anchor))
    return Int64(FixedPoint.sigmoid(Int32(limited(sum, Int64(Int32.min), Int64(Int32.max)))))
  }

  func refine(_ it: BoxRefinement) -> Matrix {
    let reference = self[it.reference]
    return mapped(it.delta, it.output) { number, index in
      let (row, coordinate) = (index / 4, index % 4)
      return coordinate < reference.channels
        ? moved(number, Int32(reference[row, coordinate]))
        : Int64(FixedPoint.sigmoid(Int32(number)))
    }
  }

  func proposals(_ it: ProposalBoxes) -> Matrix {
    let places = tokens(it.levels)
    return mapped(it.delta, it.output) { number, index in
      let token = places[Int(self[it.indices][index / 4, 0])]
      guard isProposal(token) else { return 1 << 30 }
      let anchor: Double
      switch index % 4 {
      case 0: anchor = (Double(token.x) + 0.5) / Double(token.grid.validWidth)
      case 1: anchor = (Double(token.y) + 0.5) / Double(token.grid.validHeight)
      default: anchor = 0.05 * Double(1 << token.level)
      }
      return moved(number, Int32((anchor * 1_073_741_824).rounded()))
    }
  }

  func boxSine(_ it: BoxSine) -> Matrix {
    let input = self[it.input]
    let frequencies = model.elements(it.frequencies, as: Int32.self)
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    for row in 0..<input.rows {
      for channel in 0..<result.channels {
        let feature = channel % it.frequencies.count
        let frequency = UInt64(bitPattern: Int64(frequencies[feature])) << 4
        let phase = positionPhase(
          input[row, channel / it.frequencies.count],
          turnsPerUnit: frequency
        )
        result[row, channel] = Int64(
          roundedToInt16(feature % 2 == 0 ? sine(phase) : cosine(phase))
        )
      }
    }
    return result
  }
}
