import ModelFile

extension Interpreter {
  func tableLookup(_ it: TableLookup) -> Matrix {
    func entry(_ place: Int) -> Int64 {
      switch model[it.output].element {
      case .uint8: Int64(model.elements(it.table, as: UInt8.self)[place])
      case .int8: Int64(model.elements(it.table, as: Int8.self)[place])
      case .int16: Int64(model.elements(it.table, as: Int16.self)[place])
      case .int32: Int64(model.elements(it.table, as: Int32.self)[place])
      }
    }
    return mapped(it.input, it.output) { number, _ in
      entry(Int(min(max(number, 0), Int64(it.table.count - 1))))
    }
  }

  func averagePool(_ it: AveragePool) -> Matrix {
    let input = self[it.input]
    let grid = input.grid!
    var result = map(it.output, height: (grid.height + 1) / 2, width: (grid.width + 1) / 2)
    for row in 0..<result.rows {
      let (y, x) = (2 * (row / result.grid!.width), 2 * (row % result.grid!.width))
      for channel in 0..<result.channels {
        var sum: Int64 = 0
        for (down, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          let (inputY, inputX) = (min(y + down, grid.height - 1), min(x + right, grid.width - 1))
          sum += input[inputY * grid.width + inputX, channel]
        }
        result[row, channel] = (sum + 2) >> 2
      }
    }
    return result
  }

  func upsample(_ it: Upsample) -> Matrix {
    let input = self[it.input]
    let grid = input.grid!
    var result = map(it.output, height: grid.height * it.factor, width: grid.width * it.factor)
    for row in 0..<result.rows {
      let (y, x) = (row / result.grid!.width / it.factor, row % result.grid!.width / it.factor)
      for channel in 0..<result.channels {
        result[row, channel] = input[y * grid.width + x, channel]
      }
    }
    return result
  }

  func concatenateColumns(_ it: Concatenation) -> Matrix {
    let inputs = it.inputs.map { self[$0] }
    var result = empty(it.output, rows: inputs[0].rows, grid: inputs[0].grid)
    for row in 0..<result.rows {
      var next = 0
      for input in inputs {
        for channel in 0..<input.channels {
          result[row, next] = input[row, channel]
          next += 1
        }
      }
    }
    return result
  }

  func rowMaximum(_ it: RowMaximum) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    for row in 0..<input.rows {
      result[row, 0] = (0..<input.channels).map { input[row, $0] }.max()!
    }
    return result
  }

  /// A map of zeros whose padding follows from the picture's.
  private func map(_ value: ValueIndex, height: Int, width: Int) -> Matrix {
    let grid = Grid(
      height: height,
      width: width,
      validHeight: Self.validLength(height, of: size.height, valid: size.validHeight),
      validWidth: Self.validLength(width, of: size.width, valid: size.validWidth)
    )
    return empty(value, rows: height * width, grid: grid)
  }
}
