import ModelFile

extension Model {
  /// Infers the rows of every value for one size of the picture.
  ///
  /// This is where operands that must agree in rows are compared; kernels rely on it.
  ///
  /// - Parameter size: the size of the network's input.
  /// - Returns: one shape a value, in the order of ``Model/values``.
  /// - Throws: ``SessionError`` with the first operation that cannot work at this size.
  public func shapes(for size: PictureSize) throws(SessionError) -> [ValueShape] {
    try size.check()
    var inference = ShapeInference(model: self, size: size)
    for (index, operation) in operations.enumerated() {
      try inference.infer(operation, index)
    }
    try inference.checkOutputs()
    return inference.shapes.map { $0! }
  }
}

/// The shapes found so far.
private struct ShapeInference {
  let model: Model
  let size: PictureSize
  var shapes: [ValueShape?]

  init(model: Model, size: PictureSize) {
    self.model = model
    self.size = size
    shapes = Array(repeating: nil, count: model.values.count)
    shapes[Model.picture.index] = ValueShape(
      rows: size.height * size.width,
      grid: ValueShape.Grid(
        height: size.height,
        width: size.width,
        validHeight: size.validHeight,
        validWidth: size.validWidth
      )
    )
  }

  /// Validation has shown that operations only read values made before.
  private func shape(_ value: ValueIndex) -> ValueShape { shapes[value.index]! }
  private func rows(_ value: ValueIndex) -> Int { shape(value).rows }

  private func grid(_ value: ValueIndex, _ index: Int) throws(SessionError) -> ValueShape.Grid {
    guard let grid = shape(value).grid else {
      throw .notAMap(operation: index, value: value.index)
    }
    return grid
  }

  private func expect(
    _ value: ValueIndex,
    rows expected: Int,
    _ index: Int
  ) throws(SessionError) {
    guard rows(value) == expected else {
      throw .rows(operation: index, value: value.index, found: rows(value), expected: expected)
    }
  }

  /// The number of tokens of several maps.
  private func tokens(_ levels: [ValueIndex], _ index: Int) throws(SessionError) -> Int {
    var sum = 0
    for level in levels { sum = try checkedSum(sum, try grid(level, index).rows, level) }
    return sum
  }

  private func checkedSum(_ a: Int, _ b: Int, _ value: ValueIndex) throws(SessionError) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    guard !overflow, sum <= Int(Int32.max) else { throw .valueTooLarge(value: value.index) }
    return sum
  }

  private mutating func set(
    _ value: ValueIndex,
    rows: Int,
    grid: ValueShape.Grid? = nil,
    indexBound: Int = 0
  ) throws(SessionError) {
    // A quarter of the address space for each value keeps later sums and differences exact.
    let (bytes, overflow) = rows.multipliedReportingOverflow(
      by: model[value].channels * model[value].element.byteCount
    )
    guard !overflow, bytes <= Int.max / 4 else { throw .valueTooLarge(value: value.index) }
    shapes[value.index] = ValueShape(rows: rows, grid: grid, indexBound: indexBound)
  }

  private mutating func setMap(
    _ value: ValueIndex,
    from map: ValueShape.Grid,
    _ window: Window
  ) throws(SessionError) {
    try setMap(value, height: window.output(map.height), width: window.output(map.width))
  }

  private mutating func setMap(
    _ value: ValueIndex,
    height: Int,
    width: Int
  ) throws(SessionError) {
    guard (1...PictureSize.limit).contains(height), (1...PictureSize.limit).contains(width) else {
      throw .mapSize(value: value.index, height: height, width: width, limit: PictureSize.limit)
    }
    try set(
      value,
      rows: height * width,
      grid: ValueShape.Grid(
        height: height,
        width: width,
        validHeight: validLength(height, of: size.height, valid: size.validHeight),
        validWidth: validLength(width, of: size.width, valid: size.validWidth)
      )
    )
  }

  /// Rows of a position table over levels: height + 1 + width + 1 each.
  private func positionRows(_ levels: [ValueIndex], _ index: Int) throws(SessionError) -> Int {
    var sum = 0
    for level in levels {
      let map = try grid(level, index)
      sum = try checkedSum(sum, map.height + map.width + 2, level)
    }
    return sum
  }

  mutating func infer(_ operation: Operation, _ index: Int) throws(SessionError) {
    switch operation {
    case .convolution(let it):
      if it.window.isPoint {
        try set(it.output, rows: rows(it.input), grid: shape(it.input).grid)
      } else {
        try setMap(it.output, from: try grid(it.input, index), it.window)
      }
      if let residual = it.residual { try expect(residual, rows: rows(it.output), index) }
      if let position = it.position {
        try expect(position, rows: try positionRows(it.positionLevels, index), index)
        try expect(it.output, rows: try tokens(it.positionLevels, index), index)
      }
    case .maxPool(let it):
      try setMap(it.output, from: try grid(it.input, index), it.window)
    case .add(let it):
      try expect(it.b, rows: rows(it.a), index)
      try set(it.output, rows: rows(it.a), grid: shape(it.a).grid ?? shape(it.b).grid)
    case .requantize(let it):
      try copyShape(it.input, it.output)
    case .layerNorm(let it):
      try copyShape(it.input, it.output)
    case .groupNorm(let it):
      let channels = model[it.input].channels / it.groups
      let limit = 1 << 22
      let (count, overflow) = rows(it.input).multipliedReportingOverflow(by: channels)
      guard !overflow, count <= limit else {
        throw .groupTooLarge(operation: index, found: count, limit: limit)
      }
      try copyShape(it.input, it.output)
    case .attention(let it):
      try expect(it.value, rows: rows(it.key), index)
      var keys = rows(it.key)
      if let keyGrid = it.keyGrid {
        let map = try grid(keyGrid, index)
        try expect(it.key, rows: map.rows, index)
        keys = map.validHeight * map.validWidth
      }
      // With more keys than these all probabilities of a row could round to nothing.
      let limit = 16384
      guard keys <= limit else {
        throw .tooManyKeys(operation: index, found: keys, limit: limit)
      }
      try set(it.output, rows: rows(it.query), grid: shape(it.query).grid)
    case .deformableAttention(let it):
      try expect(it.value, rows: try tokens(it.levels, index), index)
      try expect(it.logits, rows: rows(it.offsets), index)
      if let references = it.references {
        try expect(references, rows: rows(it.offsets), index)
      } else {
        try expect(it.offsets, rows: rows(it.value), index)
      }
      try set(it.output, rows: rows(it.offsets), grid: shape(it.offsets).grid)
    case .positionTable(let it):
      if case .learned(let columns, let rows, let columnFeatures, let rowFeatures) = it.kind {
        for level in it.levels {
          let map = try grid(level, index)
          for (found, needed) in [
            (columns.count / columnFeatures, map.width), (rows.count / rowFeatures, map.height),
          ] where found < needed {
            throw .learnedPositions(operation: index, found: found, needed: needed)
          }
        }
      }
      guard !it.levels.isEmpty else {
        throw .tooFewRows(operation: index, found: 0, needed: 1)
      }
      try set(it.output, rows: try positionRows(it.levels, index))
    case .constant(let it):
      try set(it.output, rows: it.rows)
    case .concatenateRows(let it):
      var sum = 0
      for input in it.inputs { sum = try checkedSum(sum, rows(input), it.output) }
      try set(it.output, rows: sum)
    case .sliceColumns(let it):
      try copyShape(it.input, it.output)
    case .maskPadding(let it), .maskProposals(let it):
      try expect(it.input, rows: try tokens(it.levels, index), index)
      try copyShape(it.input, it.output)
    case .topRows(let it):
      guard it.count <= rows(it.input) else {
        throw .tooFewRows(operation: index, found: rows(it.input), needed: it.count)
      }
      try set(it.output, rows: it.count, indexBound: rows(it.input))
    case .gatherRows(let it):
      let bound = shape(it.indices).indexBound
      guard rows(it.input) >= bound else {
        throw .tooFewRows(operation: index, found: rows(it.input), needed: bound)
      }
      try set(it.output, rows: rows(it.indices))
    case .sigmoid(let it):
      try copyShape(it.input, it.output)
    case .refineBoxes(let it):
      try expect(it.reference, rows: rows(it.delta), index)
      try copyShape(it.delta, it.output)
    case .proposalBoxes(let it):
      try expect(it.delta, rows: rows(it.indices), index)
      let bound = shape(it.indices).indexBound
      let found = try tokens(it.levels, index)
      guard found >= bound else {
        throw .tooFewRows(operation: index, found: found, needed: bound)
      }
      try copyShape(it.delta, it.output)
    case .boxSine(let it):
      try copyShape(it.input, it.output)
    case .tableLookup(let it):
      try copyShape(it.input, it.output)
    case .averagePool(let it):
      let map = try grid(it.input, index)
      try setMap(it.output, height: (map.height + 1) / 2, width: (map.width + 1) / 2)
    case .upsample(let it):
      let map = try grid(it.input, index)
      try setMap(it.output, height: map.height * it.factor, width: map.width * it.factor)
    case .concatenateColumns(let it):
      for input in it.inputs.dropFirst() { try expect(input, rows: rows(it.inputs[0]), index) }
      try copyShape(it.inputs[0], it.output)
    case .rowMaximum(let it):
      try copyShape(it.input, it.output)
    case .spatialAttention(let it):
      let map = try grid(it.map, index)
      try expect(it.key, rows: map.rows, index)
      try expect(it.value, rows: map.rows, index)
      let keys = map.validHeight * map.validWidth
      let limit = 16384
      guard keys <= limit else {
        throw .tooManyKeys(operation: index, found: keys, limit: limit)
      }
      var queries = rows(it.query)
      if it.sharesKeys {
        queries /= it.heads
        try expect(it.query, rows: queries * it.heads, index)
      }
      for value in Operation.spatialAttention(it).inputs.dropFirst(3) {
        try expect(value, rows: queries, index)
      }
      try set(it.output, rows: queries)
    case .positionSum(let it):
      try expect(it.position, rows: try positionRows(it.levels, index), index)
      let tokens = try tokens(it.levels, index)
      let map = it.levels.count == 1 ? try grid(it.levels[0], index) : nil
      try set(it.output, rows: tokens, grid: map)
    case .regionPooling(let it):
      _ = try grid(it.map, index)
      try set(it.output, rows: rows(it.boxes))
    case .regionSampling(let it):
      _ = try grid(it.map, index)
      try expect(it.places, rows: rows(it.boxes), index)
      try set(it.output, rows: rows(it.boxes))
    case .pointsInBoxes(let it):
      try expect(it.places, rows: rows(it.boxes), index)
      try set(it.output, rows: rows(it.boxes))
    case .gate(let it):
      try expect(it.gates, rows: rows(it.input), index)
      let (count, overflow) = rows(it.input).multipliedReportingOverflow(by: it.rows)
      guard !overflow, count <= Int(Int32.max) else {
        throw .valueTooLarge(value: it.output.index)
      }
      try set(it.output, rows: count)
    }
  }

  private mutating func copyShape(
    _ input: ValueIndex,
    _ output: ValueIndex
  ) throws(SessionError) {
    try set(output, rows: rows(input), grid: shape(input).grid)
  }

  /// Every query has one row of logits and one box.
  func checkOutputs() throws(SessionError) {
    try expect(model.information.boxes, rows: rows(model.information.logits), -1)
    if case .softmaxWithNoObject = model.information.classDecoding {
      let classes = model[model.information.logits].channels
      guard classes <= 65536 else { throw .tooManyClasses(found: classes, limit: 65536) }
    }
  }
}
