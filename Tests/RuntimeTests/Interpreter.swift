import FixedPoint
import ModelFile
import Runtime

/// A slow reading of the operations' definitions: one number at a time, in 64 bits, no planning.
///
/// It shares only the elementary functions of `FixedPoint` with what it tests.
struct Interpreter {
  struct Matrix: Equatable {
    var rows: Int
    var channels: Int
    var numbers: [Int64]
    var grid: Grid?

    subscript(row: Int, channel: Int) -> Int64 {
      get { numbers[row * channels + channel] }
      set { numbers[row * channels + channel] = newValue }
    }
  }

  struct Grid: Equatable {
    var height: Int
    var width: Int
    var validHeight: Int
    var validWidth: Int
  }

  let model: Model
  let size: PictureSize
  var values: [Matrix?]

  init(model: Model, size: PictureSize, picture: [UInt8]) {
    self.model = model
    self.size = size
    values = Array(repeating: nil, count: model.values.count)
    values[0] = Matrix(
      rows: size.height * size.width,
      channels: 3,
      numbers: picture.map { Int64($0) },
      grid: Grid(
        height: size.height,
        width: size.width,
        validHeight: size.validHeight,
        validWidth: size.validWidth
      )
    )
    for operation in model.operations {
      let result = compute(operation)
      values[operation.output.index] = result
    }
  }

  subscript(value: ValueIndex) -> Matrix { values[value.index]! }

  // MARK: Arithmetic

  func rounded(_ number: Int64, _ shift: Int32) -> Int64 {
    (number &+ (1 << Int64(shift - 1))) >> Int64(shift)
  }

  func limited(_ number: Int64, _ lowest: Int64, _ highest: Int64) -> Int64 {
    min(max(number, lowest), highest)
  }

  func limited(_ number: Int64, to value: ValueIndex) -> Int64 {
    let element = model[value].element
    return limited(number, Int64(element.lowest), Int64(element.highest))
  }

  func wrapped(_ number: Int64) -> Int64 { Int64(Int32(truncatingIfNeeded: number)) }
  func zero(_ value: ValueIndex) -> Int64 { Int64(model[value].zeroPoint) }

  func empty(
    _ value: ValueIndex,
    rows: Int,
    grid: Grid? = nil
  ) -> Matrix {
    let channels = model[value].channels
    return Matrix(
      rows: rows,
      channels: channels,
      numbers: [Int64](repeating: 0, count: rows * channels),
      grid: grid
    )
  }

  /// The mask's reduction as the reference computes it, in 32-bit floats.
  static func validLength(_ length: Int, of input: Int, valid: Int) -> Int {
    if valid >= input { return length }
    let scale = Float(input) / Float(length)
    return (0..<length).prefix { min(Int(Float($0) * scale), input - 1) < valid }.count
  }

  private func map(_ map: Grid, _ window: Window) -> Grid {
    let height = window.output(map.height)
    let width = window.output(map.width)
    return Grid(
      height: height,
      width: width,
      validHeight: Self.validLength(height, of: size.height, valid: size.validHeight),
      validWidth: Self.validLength(width, of: size.width, valid: size.validWidth)
    )
  }

  /// Level, y and x of all tokens.
  func tokens(_ levels: [ValueIndex]) -> [(level: Int, y: Int, x: Int, grid: Grid)] {
    levels.enumerated().flatMap { level, value in
      let grid = self[value].grid!
      return (0..<grid.height).flatMap { y in (0..<grid.width).map { (level, y, $0, grid) } }
    }
  }

  private func isValid(_ token: (level: Int, y: Int, x: Int, grid: Grid)) -> Bool {
    token.y < token.grid.validHeight && token.x < token.grid.validWidth
  }

  private func isProposal(_ token: (level: Int, y: Int, x: Int, grid: Grid)) -> Bool {
    let x = (Double(token.x) + 0.5) / Double(token.grid.validWidth)
    let y = (Double(token.y) + 0.5) / Double(token.grid.validHeight)
    var side = 0.05
    for _ in 0..<token.level { side *= 2 }
    // Exact where it matters: a bound is hit by an odd multiple of 1/100, never by rounding of less.
    return isValid(token)
      && [x, y, side].allSatisfy { $0 - 0.01 > 1e-12 && 0.99 - $0 > 1e-12 }
  }

  // MARK: Operations

  private func compute(_ operation: Operation) -> Matrix {
    switch operation {
    case .convolution(let it): convolution(it)
    case .maxPool(let it): maxPool(it)
    case .add(let it): addition(it)
    case .requantize(let it):
      mapped(it.input, it.output) { number, _ in
        limited(
          zero(it.output)
            + rounded((number - zero(it.input)) * Int64(it.rescale.multiplier), it.rescale.shift),
          to: it.output
        )
      }
    case .layerNorm(let it): layerNorm(it)
    case .groupNorm(let it): groupNorm(it)
    case .attention(let it): attention(it)
    case .deformableAttention(let it): sampling(it)
    case .positionTable(let it): positionTable(it)
    case .constant(let it): constant(it)
    case .concatenateRows(let it):
      Matrix(
        rows: it.inputs.reduce(0) { $0 + self[$1].rows },
        channels: model[it.output].channels,
        numbers: it.inputs.flatMap { self[$0].numbers },
        grid: nil
      )
    case .sliceColumns(let it): slice(it)
    case .maskPadding(let it): masked(it) { isValid($0) }
    case .maskProposals(let it): masked(it) { isProposal($0) }
    case .topRows(let it): topRows(it)
    case .gatherRows(let it): gather(it)
    case .sigmoid(let it):
      mapped(it.input, it.output) { number, _ in Int64(FixedPoint.sigmoid(Int32(number))) }
    case .refineBoxes(let it): refine(it)
    case .proposalBoxes(let it): proposals(it)
    case .boxSine(let it): boxSine(it)
    case .tableLookup(let it): tableLookup(it)
    case .averagePool(let it): averagePool(it)
    case .upsample(let it): upsample(it)
    case .concatenateColumns(let it): concatenateColumns(it)
    case .rowMaximum(let it): rowMaximum(it)
    case .spatialAttention(let it): spatialAttention(it)
    case .positionSum(let it): positionSum(it)
    case .regionPooling(let it): regionPooling(it)
    case .regionSampling(let it): regionSampling(it)
    case .pointsInBoxes(let it): pointsInBoxes(it)
    case .gate(let it): gate(it)
    }
  }

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

  private func convolution(_ it: Convolution) -> Matrix {
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

  private func padding(_ it: Convolution, _ channel: Int) -> Int64 {
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

  private func maxPool(_ it: MaxPool) -> Matrix {
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

  private func addition(_ it: Addition) -> Matrix {
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

  private func layerNorm(_ it: LayerNorm) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    let gain = model.elements(it.parameters.gain, as: Int32.self)
    let bias = model.elements(it.parameters.bias, as: Int32.self)
    for row in 0..<input.rows {
      var statistics = NormalizationStatistics()
      for channel in 0..<input.channels {
        let number = input[row, channel]
        statistics.merge(
          NormalizationStatistics(count: 1, sum: number, sumOfSquares: UInt64(number * number))
        )
      }
      let normalization = LayerNormalization(
        statistics,
        scaledEpsilon: scaledEpsilon(it.parameters.epsilon, count: UInt32(input.channels))
      )
      for channel in 0..<input.channels {
        let number = normalization.output(
          Int32(input[row, channel]),
          gamma: gain[channel],
          beta: bias[channel],
          outputShift: it.parameters.fractionBits
        )
        result[row, channel] = limited(number, to: it.output)
      }
    }
    return result
  }

  private func groupNorm(_ it: GroupNorm) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    let gain = model.elements(it.parameters.gain, as: Int32.self)
    let bias = model.elements(it.parameters.bias, as: Int32.self)
    let width = input.channels / it.groups
    for group in 0..<it.groups {
      var statistics = NormalizationStatistics()
      for row in 0..<input.rows {
        for channel in group * width..<(group + 1) * width {
          let number = input[row, channel]
          statistics.merge(
            NormalizationStatistics(count: 1, sum: number, sumOfSquares: UInt64(number * number))
          )
        }
      }
      let normalization = GroupNormalization(
        statistics,
        scaledEpsilon: scaledEpsilon(it.parameters.epsilon, count: statistics.count)
      )
      for channel in group * width..<(group + 1) * width {
        let line = normalization.affine(
          gamma: gain[channel],
          beta: bias[channel],
          outputShift: it.parameters.fractionBits
        )
        for row in 0..<input.rows {
          result[row, channel] = limited(line.apply(Int32(input[row, channel])), to: it.output)
        }
      }
    }
    return result
  }

  private func attention(_ it: Attention) -> Matrix {
    let query = self[it.query]
    let key = self[it.key]
    let value = self[it.value]
    var result = empty(it.output, rows: query.rows, grid: query.grid)
    let width = query.channels / it.heads
    var keys = Array(0..<key.rows)
    if let keyGrid = it.keyGrid {
      let grid = self[keyGrid].grid!
      keys = keys.filter {
        $0 / grid.width < grid.validHeight && $0 % grid.width < grid.validWidth
      }
    }
    for head in 0..<it.heads {
      let channels = head * width..<(head + 1) * width
      for row in 0..<query.rows {
        let scores = keys.map { other in
          Int32(truncatingIfNeeded: channels.reduce(0) { $0 + query[row, $1] * key[other, $1] })
        }
        let weights = softmax(scores, it.scoreRescale)
        let total = UInt32(weights.reduce(0, +))
        let rescale = it.outputRescale.normalized(bySum: total)
        for channel in channels {
          var sum: Int64 = 0
          for (other, weight) in zip(keys, weights) { sum += weight * value[other, channel] }
          result[row, channel] = rescaled(sum, rescale, it.output)
        }
      }
    }
    return result
  }

  func softmax(_ scores: [Int32], _ rescale: Rescale) -> [Int64] {
    var probabilities = [Int16](repeating: 0, count: scores.count)
    softmaxRow(
      scores: scores,
      count: scores.count,
      toOctaves: rescale,
      probabilities: &probabilities
    )
    return probabilities.map { Int64($0) }
  }

  func rescaled(_ sum: Int64, _ rescale: Rescale, _ output: ValueIndex) -> Int64 {
    limited(
      zero(output) + rounded(wrapped(sum) * Int64(rescale.multiplier), rescale.shift),
      to: output
    )
  }

  private func sampling(_ it: DeformableAttention) -> Matrix {
    let value = self[it.value]
    let offsets = self[it.offsets]
    let logits = self[it.logits]
    var result = empty(it.output, rows: offsets.rows, grid: offsets.grid)
    let width = value.channels / it.heads
    let grids = it.levels.map { self[$0].grid! }
    let own = tokens(it.levels)
    let samples = it.levels.count * it.points
    for row in 0..<offsets.rows {
      for head in 0..<it.heads {
        let scores = (0..<samples).map { Int32(logits[row, head * samples + $0]) }
        let weights = softmax(scores, it.logitRescale)
        var sums = [Int64](repeating: 0, count: width)
        for (sample, weight) in weights.enumerated() {
          let level = sample / it.points
          let grid = grids[level]
          var location: [Int64] = []
          for axis in 0..<2 {
            let size = Int64(axis == 0 ? grid.validWidth : grid.validHeight)
            let offset = it.offsetRescale.apply(
              Int32(offsets[row, 2 * (head * samples + sample) + axis])
            )
            var base: Int64
            var moved = Int64(offset)
            if let references = it.references {
              base = rounded(self[references][row, axis] * size, 14)
              if model[references].channels == 4 {
                let span = wrapped(rounded(self[references][row, 2 + axis] * size, 14))
                moved = wrapped(rounded(moved * span, 16))
              }
            } else {
              let token = own[row]
              let position = Int64(axis == 0 ? token.x : token.y)
              let length = Int64(axis == 0 ? token.grid.validWidth : token.grid.validHeight)
              base = ((2 * position + 1) * size * 65536 + length) / (2 * length)
              base = min(base, 1 << 30)
            }
            var place = wrapped(base - 32768 + moved)
            if it.isDiscrete {
              let length = Int64(axis == 0 ? grid.width : grid.height)
              place = min(max(place >> 16 + 1, 0), length - 1) << 16
            }
            location.append(place)
          }
          let fractionX = Int16((location[0] & 0xffff) >> 1)
          let fractionY = Int16((location[1] & 0xffff) >> 1)
          let bottom = multiplyRounding15(Int16(weight), fractionY)
          let top = Int16(weight) - bottom
          let corners: [(Int64, Int64, Int16)] = [
            (0, 0, top - multiplyRounding15(top, fractionX)),
            (1, 0, multiplyRounding15(top, fractionX)),
            (0, 1, bottom - multiplyRounding15(bottom, fractionX)),
            (1, 1, multiplyRounding15(bottom, fractionX)),
          ]
          let first = grids[..<level].reduce(0) { $0 + $1.height * $1.width }
          for (right, down, corner) in corners {
            let x = location[0] >> 16 + right
            let y = location[1] >> 16 + down
            guard x >= 0, x < grid.width, y >= 0, y < grid.height else { continue }
            for channel in 0..<width {
              let pixel = first + Int(y) * grid.width + Int(x)
              sums[channel] += Int64(corner) * value[pixel, head * width + channel]
            }
          }
        }
        for channel in 0..<width {
          result[row, head * width + channel] = rescaled(
            sums[channel],
            it.outputRescale,
            it.output
          )
        }
      }
    }
    return result
  }

  private func positionTable(_ it: PositionTable) -> Matrix {
    var rows: [[Int64]] = []
    let channels = model[it.output].channels
    for (level, value) in it.levels.enumerated() {
      let grid = self[value].grid!
      let vector = (0..<channels).map { channel in
        it.levelVectors.count == 0
          ? 0
          : Int64(model.elements(it.levelVectors, as: Int16.self)[level * channels + channel])
      }
      func sines(_ blob: Blob, _ halfOffset: Int32, _ count: Int, _ last: Int) -> [Int64] {
        let frequencies = model.elements(blob, as: Int32.self)
        return (0..<blob.count).map { feature in
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
        let none = [Int64](repeating: 0, count: frequencies.count)
        for y in 0...grid.height {
          let count = y == grid.height ? 0 : min(y + 1, grid.validHeight)
          let code = sines(frequencies, halfOffset, count, grid.validHeight) + none
          rows.append(zip(code, vector).map { limited($0 + $1, to: it.output) })
        }
        for x in 0...grid.width {
          let count = x == grid.width ? 0 : min(x + 1, grid.validWidth)
          let code = none + sines(frequencies, halfOffset, count, grid.validWidth)
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
  private func halves(_ it: PositionTable, _ blob: Blob, _ place: Int) -> [Int64] {
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

  private func constant(_ it: Constant) -> Matrix {
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

  private func slice(_ it: ColumnSlice) -> Matrix {
    let input = self[it.input]
    var result = empty(it.output, rows: input.rows, grid: input.grid)
    for row in 0..<result.rows {
      for channel in 0..<result.channels {
        result[row, channel] = input[row, it.first + channel]
      }
    }
    return result
  }

  private func masked(
    _ it: PaddingMask,
    _ keeps: ((level: Int, y: Int, x: Int, grid: Grid)) -> Bool
  ) -> Matrix {
    var result = self[it.input]
    for (row, token) in tokens(it.levels).enumerated() where !keeps(token) {
      for channel in 0..<result.channels { result[row, channel] = zero(it.input) }
    }
    return result
  }

  private func topRows(_ it: TopRows) -> Matrix {
    let input = self[it.input]
    let order = (0..<input.rows).sorted {
      (input[$1, it.column], $0) < (input[$0, it.column], $1)
    }
    var result = empty(it.output, rows: it.count)
    for row in 0..<it.count { result[row, 0] = Int64(order[row]) }
    return result
  }

  private func gather(_ it: RowGather) -> Matrix {
    let indices = self[it.indices]
    var result = empty(it.output, rows: indices.rows)
    for row in 0..<indices.rows {
      for channel in 0..<result.channels {
        result[row, channel] = self[it.input][Int(indices[row, 0]), channel]
      }
    }
    return result
  }

  private func moved(_ delta: Int64, _ anchor: Int32) -> Int64 {
    let sum = delta + Int64(inverseSigmoid(anchor))
    return Int64(FixedPoint.sigmoid(Int32(limited(sum, Int64(Int32.min), Int64(Int32.max)))))
  }

  private func refine(_ it: BoxRefinement) -> Matrix {
    let reference = self[it.reference]
    return mapped(it.delta, it.output) { number, index in
      let (row, coordinate) = (index / 4, index % 4)
      return coordinate < reference.channels
        ? moved(number, Int32(reference[row, coordinate]))
        : Int64(FixedPoint.sigmoid(Int32(number)))
    }
  }

  private func proposals(_ it: ProposalBoxes) -> Matrix {
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

  private func boxSine(_ it: BoxSine) -> Matrix {
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
