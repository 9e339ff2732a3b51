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
}

extension ModelSimulation {
  /// Sums are exact below 2⁵³; only the rescaling is real.
  func convolution(_ it: Convolution, _ inputs: (ValueIndex) -> Integers) -> Integers {
    let input = inputs(it.input).map { Double($0) }
    let residual = it.residual.map { inputs($0) }
    let position = it.position.map { inputs($0) }
    let places = it.position.map { positionRows(it.positionLevels, isSine: isSine($0)) } ?? []
    let outputs = channels(it.output)
    let width = channels(it.input)
    let panels = RealPanels(it, model: model)
    let range = OutputRange(model[it.output], lowest: it.lowest, highest: it.highest)
    let unit = powerOfTwo(-it.shift)
    let residualZero = it.residual.map { zero($0) } ?? 0
    let residualFactor = Double(it.residualMultiplier)
    // The model's bytes stay in place as long as the simulation is used.
    nonisolated(unsafe) let bias = model.elements(it.bias, as: Int32.self)
    nonisolated(unsafe) let multipliers = model.elements(it.multipliers, as: Int32.self)
    let padding = (0..<width).map { Double(paddingNumber(it, channel: $0)) }
    let map = it.window.isPoint ? nil : grid(it.input)
    let outputWidth = it.window.isPoint ? 0 : grid(it.output).width

    return filledRows(rows(it.output), outputs, threads: threads) { rows, result in
      input.withUnsafeBufferPointer { input in
        padding.withUnsafeBufferPointer { padding in
          panels.numbers.withUnsafeBufferPointer { weights in
            let taps = it.window.kernel * it.window.kernel
            // Where each tap of two pixels reads.
            var pixels = [UnsafePointer<Double>](
              repeating: padding.baseAddress!,
              count: 2 * taps
            )
            for panel in 0..<panels.panels {
              var row = rows.lowerBound
              while row < rows.upperBound {
                let pair = min(2, rows.upperBound - row)
                for pixel in 0..<2 {
                  let own = row + min(pixel, pair - 1)
                  guard let map else {
                    pixels[pixel] = input.baseAddress! + own * width
                    continue
                  }
                  it.window.forEachTap(own / outputWidth, own % outputWidth, map) { tap, source in
                    pixels[tap * 2 + pixel] =
                      source.map { input.baseAddress! + $0 * width } ?? padding.baseAddress!
                  }
                }
                var first = SIMD8<Double>()
                var second = SIMD8<Double>()
                var panelWeights = UnsafeRawPointer(
                  weights.baseAddress! + panel * panels.depth * RealPanels.width
                )
                for tap in 0..<taps {
                  let (one, other) = (pixels[tap * 2], pixels[tap * 2 + 1])
                  for channel in 0..<width {
                    let weight = panelWeights.loadUnaligned(as: SIMD8<Double>.self)
                    first += weight * one[channel]
                    second += weight * other[channel]
                    panelWeights += RealPanels.width * 8
                  }
                }
                let firstOutput = panel * RealPanels.width
                for pixel in 0..<pair {
                  let sums = pixel == 0 ? first : second
                  let own = row + pixel
                  for lane in 0..<min(RealPanels.width, outputs - firstOutput) {
                    let output = firstOutput + lane
                    var sum = sums[lane] + Double(bias[output])
                    if let position {
                      sum += Double(position[places[own].y * outputs + output])
                      sum += Double(position[places[own].x * outputs + output])
                    }
                    var product = sum * Double(multipliers[output])
                    if let residual {
                      let distance = Double(residual[own * outputs + output]) - residualZero
                      product += distance * residualFactor
                    }
                    result[own * outputs + output] = range.integer(product * unit)
                  }
                }
                row += pair
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
  private func isSine(_ value: ValueIndex) -> Bool {
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
  private func positionRows(_ levels: [ValueIndex], isSine: Bool) -> [(y: Int, x: Int)] {
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
