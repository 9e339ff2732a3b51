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
  /// The query that the last part of a model is computed for.
  let query: Int
  var values: [Matrix?]

  init(model: Model, size: PictureSize, picture: [UInt8], query: Int = 0) {
    self.model = model
    self.size = size
    self.query = query
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

  func map(_ map: Grid, _ window: Window) -> Grid {
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

  func isValid(_ token: (level: Int, y: Int, x: Int, grid: Grid)) -> Bool {
    token.y < token.grid.validHeight && token.x < token.grid.validWidth
  }

  func isProposal(_ token: (level: Int, y: Int, x: Int, grid: Grid)) -> Bool {
    let x = (Double(token.x) + 0.5) / Double(token.grid.validWidth)
    let y = (Double(token.y) + 0.5) / Double(token.grid.validHeight)
    var side = 0.05
    for _ in 0..<token.level { side *= 2 }
    // Exact where it matters: a bound is hit by an odd multiple of 1/100, never by rounding of less.
    return isValid(token)
      && [x, y, side].allSatisfy { $0 - 0.01 > 1e-12 && 0.99 - $0 > 1e-12 }
  }

  // MARK: Operations

  func compute(_ operation: Operation) -> Matrix {
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
    case .multiply(let it):
      mapped(it.a, it.output) { number, index in
        let other = self[it.b].numbers[index] - zero(it.b)
        let product = (number - zero(it.a)) * other * Int64(it.rescale.multiplier)
        return limited(zero(it.output) + rounded(product, it.rescale.shift), to: it.output)
      }
    case .rectify(let it):
      mapped(it.input, it.output) { number, _ in
        let x = number - zero(it.input)
        let product =
          max(x, 0) * Int64(it.multiplier) + min(x, 0) * Int64(it.negativeMultiplier)
        return limited(zero(it.output) + rounded(product, it.shift), to: it.output)
      }
    case .modulate(let it): modulation(it)
    case .spreadPositions(let it): spread(it)
    case .selectQuery(let it): selection(it)
    case .attentionMap(let it): attentionMap(it)
    case .enlarge(let it): enlargement(it)
    }
  }

  func modulation(_ it: SideModulation) -> Matrix {
    mapped(it.input, it.output) { number, index in
      let width = model[it.input].channels
      let (row, side) = (index / width, index % width < width / 2 ? 0 : 1)
      let box = max(self[it.boxes][row, 2 + side], 1)
      let product = Int64(it.rescale.multiplier) * self[it.sides][row, side]
      let factor = min((product + box / 2) / box, (1 << 47) - 1)
      return limited(
        zero(it.output) + rounded(number * factor, it.rescale.shift),
        to: it.output
      )
    }
  }

  func spread(_ it: PositionSpread) -> Matrix {
    let table = self[it.table]
    var isLearned = false
    for case .positionTable(let maker) in model.operations where maker.output == it.table {
      if case .learned = maker.kind { isLearned = true }
    }
    let tokens = tokens(it.levels)
    var firsts: [Int] = []
    var first = 0
    for level in it.levels {
      firsts.append(first)
      first += self[level].grid!.height + self[level].grid!.width + 2
    }
    var result = empty(
      it.output,
      rows: tokens.count,
      grid: it.levels.count == 1 ? self[it.levels[0]].grid : nil
    )
    for (row, token) in tokens.enumerated() {
      let isColumn = isLearned || token.x < token.grid.validWidth
      let isRow = isLearned || token.y < token.grid.validHeight
      let y = firsts[token.level] + (isColumn ? token.y : token.grid.height)
      let x = firsts[token.level] + token.grid.height + 1 + (isRow ? token.x : token.grid.width)
      for channel in 0..<result.channels {
        result[row, channel] = limited(table[y, channel] + table[x, channel], to: it.output)
      }
    }
    return result
  }
}
