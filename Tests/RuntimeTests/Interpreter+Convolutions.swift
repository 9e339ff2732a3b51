import FixedPoint
import ModelFile
import Runtime

/// Convolutions and what else runs over maps.
extension Interpreter {
  func mapped(
    _ input: ValueIndex,
    _ output: ValueIndex,
    _ body: (Int64, Int) -> Int64
  ) -> Matrix {
    let source = self[input]
    var result = empty(output, rows: source.rows, grid: source.grid)
    for index in result.numbers.indices {
      result.numbers[index] = body(source.numbers[index], index)
    }
    return result
  }

  func convolution(_ it: Convolution) -> Matrix {
    let input = self[it.input]
    let panels = Convolution.panels(
      window: it.window,
      inputs: input.channels,
      outputs: model[it.output].channels
    )
    let weights = model.elements(it.weights, as: Int8.self)
    let bias = model.elements(it.bias, as: Int32.self)
    let multipliers = model.elements(it.multipliers, as: Int32.self)
    let isPoint = it.window.isPoint
    let grid = isPoint ? input.grid : map(input.grid!, it.window)
    var result = empty(
      it.output,
      rows: isPoint ? input.rows : grid!.height * grid!.width,
      grid: grid
    )
    let places = it.positionLevels.isEmpty ? [] : tokens(it.positionLevels)
    let isSine = it.position.map { isSinePosition($0) } ?? false
    for row in 0..<result.rows {
      for output in 0..<result.channels {
        var sum = Int64(bias[output])
        for tapY in 0..<it.window.kernel {
          for tapX in 0..<it.window.kernel {
            for channel in 0..<input.channels {
              let isRun = panels.runLength != input.channels
              let index = panels.index(
                output: output,
                run: isRun ? tapY : tapY * it.window.kernel + tapX,
                element: isRun ? tapX * input.channels + channel : channel
              )
              var x = input.numbers.isEmpty ? 0 : padding(it, channel)
              if isPoint {
                x = input[row, channel]
              } else {
                let y0 = row / grid!.width * it.window.stride - it.window.padding
                let x0 = row % grid!.width * it.window.stride - it.window.padding
                let y = y0 + tapY * it.window.dilation
                let column = x0 + tapX * it.window.dilation
                let map = input.grid!
                if y >= 0, y < map.height, column >= 0, column < map.width {
                  x = input[y * map.width + column, channel]
                }
              }
              sum += Int64(weights[index]) * x
            }
          }
        }
        if let position = it.position {
          let (first, second) = positionRows(it.positionLevels, places[row], isSine: isSine)
          sum += self[position][first, output] + self[position][second, output]
        }
        var product = wrapped(sum) * Int64(multipliers[output])
        if let residual = it.residual {
          product += (self[residual][row, output] - zero(residual)) * Int64(it.residualMultiplier)
        }
        result[row, output] = limited(
          zero(it.output) + rounded(product, it.shift),
          Int64(it.lowest),
          Int64(it.highest)
        )
      }
    }
    return result
  }

  func padding(_ it: Convolution, _ channel: Int) -> Int64 {
    model[it.input].element == .int16
      ? Int64(Int16(truncatingIfNeeded: it.paddingBytes))
      : Int64(UInt8(truncatingIfNeeded: it.paddingBytes >> UInt32(8 * (channel % 4))))
  }

  func isSinePosition(_ value: ValueIndex) -> Bool {
    for operation in model.operations where operation.output == value {
      switch operation {
      case .convolution(let it): return isSinePosition(it.input)
      case .requantize(let it): return isSinePosition(it.input)
      case .positionTable(let it):
        if case .sine = it.kind { return true }
        return false
      default: return true
      }
    }
    return true
  }

  /// The two rows of a token in the table of its levels.
  func positionRows(
    _ levels: [ValueIndex],
    _ token: (level: Int, y: Int, x: Int, grid: Grid),
    isSine: Bool
  ) -> (Int, Int) {
    var first = 0
    for level in levels[..<token.level] {
      first += self[level].grid!.height + self[level].grid!.width + 2
    }
    let isPaddingColumn = isSine && token.x >= token.grid.validWidth
    let isPaddingRow = isSine && token.y >= token.grid.validHeight
    return (
      first + (isPaddingColumn ? token.grid.height : token.y),
      first + token.grid.height + 1 + (isPaddingRow ? token.grid.width : token.x)
    )
  }

  func maxPool(_ it: MaxPool) -> Matrix {
    let input = self[it.input]
    let map = input.grid!
    let grid = self.map(map, it.window)
    var result = empty(it.output, rows: grid.height * grid.width, grid: grid)
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        for channel in 0..<input.channels {
          var best = Int64(model[it.input].element.lowest)
          for tapY in 0..<it.window.kernel {
            for tapX in 0..<it.window.kernel {
              let inputY = y * it.window.stride - it.window.padding + tapY * it.window.dilation
              let inputX = x * it.window.stride - it.window.padding + tapX * it.window.dilation
              guard (0..<map.height).contains(inputY), (0..<map.width).contains(inputX) else {
                continue
              }
              best = max(best, input[inputY * map.width + inputX, channel])
            }
          }
          result[y * grid.width + x, channel] = best
        }
      }
    }
    return result
  }

  func addition(_ it: Addition) -> Matrix {
    let b = self[it.b]
    var result = mapped(it.a, it.output) { number, index in
      let sum =
        (number - zero(it.a)) * Int64(it.multiplierA)
        + (b.numbers[index] - zero(it.b)) * Int64(it.multiplierB)
      return limited(
        zero(it.output) + rounded(sum, it.shift),
        Int64(it.lowest),
        Int64(it.highest)
      )
    }
    result.grid = self[it.a].grid ?? b.grid
    return result
  }
}
