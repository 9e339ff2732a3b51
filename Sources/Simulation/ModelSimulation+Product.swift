import ModelFile
import Runtime

/// The weights of a product as real numbers, eight outputs side by side.
private struct RealPanels {
  static let width = 8

  let panels: Int
  let depth: Int
  /// [panels, taps · channels, 8]
  let numbers: [Double]

  init(_ it: Convolution, model: Model) {
    let inputs = model[it.input].channels
    let outputs = model[it.output].channels
    let packing = Convolution.panels(window: it.window, inputs: inputs, outputs: outputs)
    let weights = model.elements(it.weights, as: Int8.self)
    let kernel = it.window.kernel
    // The picture's runs are kernel rows, those of other maps single taps.
    let isRow = packing.runs != kernel * kernel
    panels = (outputs + Self.width - 1) / Self.width
    depth = kernel * kernel * inputs
    var numbers = [Double](repeating: 0, count: panels * depth * Self.width)
    for output in 0..<outputs {
      for tap in 0..<kernel * kernel {
        for channel in 0..<inputs {
          let index = packing.index(
            output: output,
            run: isRow ? tap / kernel : tap,
            element: isRow ? tap % kernel * inputs + channel : channel
          )
          let place = (output / Self.width * depth + tap * inputs + channel) * Self.width
          numbers[place + output % Self.width] = Double(weights[index])
        }
      }
    }
    self.numbers = numbers
  }

  /// The weighted sums of eight outputs for two pixels.
  ///
  /// - Parameters:
  ///   - panel: which eight outputs.
  ///   - sources: for each tap where the first pixel reads and where the second does.
  ///   - channels: how many numbers are read there.
  /// - Returns: the sums of the first pixel and those of the second.
  @inline(__always)
  func sums(
    panel: Int,
    sources: [UnsafePointer<Double>],
    channels: Int
  ) -> (SIMD8<Double>, SIMD8<Double>) {
    numbers.withUnsafeBufferPointer { numbers in
      var first = SIMD8<Double>()
      var second = SIMD8<Double>()
      var weights = UnsafeRawPointer(numbers.baseAddress! + panel * depth * Self.width)
      for tap in 0..<sources.count / 2 {
        let (one, other) = (sources[tap * 2], sources[tap * 2 + 1])
        for channel in 0..<channels {
          let weight = weights.loadUnaligned(as: SIMD8<Double>.self)
          first += weight * one[channel]
          second += weight * other[channel]
          weights += Self.width * MemoryLayout<Double>.stride
        }
      }
      return (first, second)
    }
  }
}

/// What becomes of the sums of a product: bias, positions, rescaling, residual, rounding.
private struct ProductEnd: @unchecked Sendable {
  let outputs: Int
  // The model's bytes stay in place as long as the simulation is used.
  let bias: UnsafePointer<Int32>
  let multipliers: UnsafePointer<Int32>
  let unit: Double
  let range: OutputRange
  let residual: [Int32]?
  let residualZero: Double
  let residualFactor: Double
  let position: [Int32]?
  let places: [(y: Int, x: Int)]

  @inline(__always)
  func integer(_ weightedSum: Double, row: Int, output: Int) -> Int32 {
    var sum = weightedSum + Double(bias[output])
    if let position {
      sum += Double(position[places[row].y * outputs + output])
      sum += Double(position[places[row].x * outputs + output])
    }
    var product = sum * Double(multipliers[output])
    if let residual {
      product += (Double(residual[row * outputs + output]) - residualZero) * residualFactor
    }
    return range.integer(product * unit)
  }
}

extension ModelSimulation {
  /// Sums are exact below 2⁵³; only the rescaling is real.
  ///
  /// Eight outputs of two pixels are summed at a time, panel by panel over the rows of a thread, so that
  /// a panel's weights stay in the cache.
  func convolution(_ it: Convolution, _ inputs: (ValueIndex) -> Integers) -> Integers {
    let input = inputs(it.input).map { Double($0) }
    let outputs = channels(it.output)
    let width = channels(it.input)
    let panels = RealPanels(it, model: model)
    let end = ProductEnd(
      outputs: outputs,
      bias: model.elements(it.bias, as: Int32.self),
      multipliers: model.elements(it.multipliers, as: Int32.self),
      unit: powerOfTwo(-it.shift),
      range: OutputRange(model[it.output], lowest: it.lowest, highest: it.highest),
      residual: it.residual.map { inputs($0) },
      residualZero: it.residual.map { zero($0) } ?? 0,
      residualFactor: Double(it.residualMultiplier),
      position: it.position.map { inputs($0) },
      places: it.position.map { positionRows(it.positionLevels, isSine: isSine($0)) } ?? []
    )
    let padding = (0..<width).map { Double(paddingNumber(it, channel: $0)) }
    let map = it.window.isPoint ? nil : grid(it.input)
    let outputWidth = it.window.isPoint ? 0 : grid(it.output).width
    let taps = it.window.kernel * it.window.kernel

    return filledRows(rows(it.output), outputs, threads: threads) { rows, result in
      input.withUnsafeBufferPointer { input in
        padding.withUnsafeBufferPointer { padding in
          let first = input.baseAddress!
          let outside = padding.baseAddress!
          // Where each tap of two pixels reads.
          var sources = [UnsafePointer<Double>](repeating: outside, count: 2 * taps)
          for panel in 0..<panels.panels {
            let columns = panel * RealPanels.width..<min((panel + 1) * RealPanels.width, outputs)
            for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 2) {
              let pair = row..<min(row + 2, rows.upperBound)
              for pixel in 0..<2 {
                let own = min(row + pixel, pair.upperBound - 1)
                if let map {
                  it.window.forEachTap(own / outputWidth, own % outputWidth, map) { tap, source in
                    sources[tap * 2 + pixel] = source.map { first + $0 * width } ?? outside
                  }
                } else {
                  sources[pixel] = first + own * width
                }
              }
              let sums = panels.sums(panel: panel, sources: sources, channels: width)
              for column in columns {
                let lane = column - columns.lowerBound
                result[row * outputs + column] =
                  end.integer(sums.0[lane], row: row, output: column)
                if pair.count == 2 {
                  result[(row + 1) * outputs + column] =
                    end.integer(sums.1[lane], row: row + 1, output: column)
                }
              }
            }
          }
        }
      }
    }
  }

  private func paddingNumber(_ it: Convolution, channel: Int) -> Int32 {
    model[it.input].element == .int16
      ? Int32(Int16(truncatingIfNeeded: it.paddingBytes))
      : Int32(UInt8(truncatingIfNeeded: it.paddingBytes >> UInt32(8 * (channel % 4))))
  }

  /// Whether a position value goes back to sine codes, which treat padding on their own.
  func isSine(_ value: ValueIndex) -> Bool {
    for operation in model.operations where operation.output == value {
      switch operation {
      case .convolution(let it): return isSine(it.input)
      case .requantize(let it): return isSine(it.input)
      case .positionTable(let it):
        if case .sine = it.kind { return true }
        return false
      default: return true
      }
    }
    return true
  }

  /// The two rows of each token in the position table of its levels.
  func positionRows(_ levels: [ValueIndex], isSine: Bool) -> [(y: Int, x: Int)] {
    var first = 0
    var rows: [(y: Int, x: Int)] = []
    for level in levels {
      let grid = grid(level)
      for y in 0..<grid.height {
        for x in 0..<grid.width {
          let isPaddingColumn = isSine && x >= grid.validWidth
          let isPaddingRow = isSine && y >= grid.validHeight
          rows.append(
            (
              first + (isPaddingColumn ? grid.height : y),
              first + grid.height + 1 + (isPaddingRow ? grid.width : x)
            )
          )
        }
      }
      first += grid.height + grid.width + 2
    }
    return rows
  }

  func maxPool(_ it: MaxPool, _ input: Integers) -> Integers {
    let width = channels(it.input)
    let map = grid(it.input)
    let outputWidth = grid(it.output).width
    let lowest = model[it.input].element.lowest
    return filledRows(rows(it.output), width, threads: threads) { rows, result in
      for row in rows {
        let best = result + row * width
        for channel in 0..<width { best[channel] = lowest }
        it.window.forEachTap(row / outputWidth, row % outputWidth, map) { _, source in
          guard let source else { return }
          for channel in 0..<width {
            best[channel] = max(best[channel], input[source * width + channel])
          }
        }
      }
    }
  }
}

extension Window {
  /// The taps of an output pixel: the row of the input's pixel, or nil outside of the map.
  @inline(__always)
  func forEachTap(_ y: Int, _ x: Int, _ map: ValueShape.Grid, _ body: (Int, Int?) -> Void) {
    for tapY in 0..<kernel {
      let inputY = y * stride - padding + tapY * dilation
      for tapX in 0..<kernel {
        let inputX = x * stride - padding + tapX * dilation
        let isInside = inputY >= 0 && inputY < map.height && inputX >= 0 && inputX < map.width
        body(tapY * kernel + tapX, isInside ? inputY * map.width + inputX : nil)
      }
    }
  }
}
