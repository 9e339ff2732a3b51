extension Model {
  /// The second pass: every index, element type, channel count and array length.
  ///
  /// Rows depend on the picture's size and are checked where shapes are inferred. After this pass
  /// an operation reads only values made before it, every blob lies in the data section and has the
  /// length that the channels imply, and blobs neither overlap nor leave holes.
  func validateMeaning() throws(ModelError) {
    guard !values.isEmpty, values[0].element == .uint8, values[0].channels == 3 else {
      throw .noOutput
    }
    var made = [Bool](repeating: false, count: values.count)
    made[0] = true
    // Which operation chose the rows of an index list; −1 for other values.
    var isIndexList = [Bool](repeating: false, count: values.count)
    var blobs: [(blob: Blob, bytes: Int)] = []
    for (index, operation) in operations.enumerated() {
      for value in operation.inputs + operation.grids {
        guard value.index < values.count else {
          throw .valueIndex(operation: index, found: value.index, count: values.count)
        }
        guard made[value.index] else {
          throw .valueBeforeItsOperation(operation: index, value: value.index)
        }
      }
      let output = operation.output.index
      guard output < values.count else {
        throw .valueIndex(operation: index, found: output, count: values.count)
      }
      guard !made[output] else { throw .valueMadeTwice(operation: index, value: output) }
      made[output] = true
      try check(operation, index, isIndexList: isIndexList)
      if case .topRows = operation { isIndexList[output] = true }

      var arrays = operation.blobs
      if case .constant(let it) = operation {
        arrays.append((it.data, self[it.output].element.byteCount))
      }
      for array in arrays where array.blob.count > 0 {
        // Counts are below 2³¹ and elements at most 4 bytes: the product needs 64 bits.
        let bytes = Int64(array.blob.count) * Int64(array.elementBytes)
        guard Int64(array.blob.offset) + bytes <= Int64(dataCount) else {
          throw .blobOutside(
            operation: index,
            offset: array.blob.offset,
            bytes: Int(clamping: bytes),
            section: dataCount
          )
        }
        blobs.append((array.blob, Int(bytes)))
      }
    }
    try checkOutputs(made)
    try checkTexts()
    try checkTiling(blobs)
  }

  private func checkOutputs(_ made: [Bool]) throws(ModelError) {
    var outputs = [information.logits, information.boxes]
    if let memory = information.memory { outputs.append(memory) }
    outputs += information.landmarks.map(\.value)
    for output in outputs {
      guard output.index < values.count, made[output.index] else { throw .noOutput }
    }
    guard self[information.logits].element == .int32, self[information.boxes].element == .int32,
      self[information.boxes].channels == 4
    else { throw .noOutput }
  }

  private func checkTexts() throws(ModelError) {
    var texts = values.map(\.name) + information.labels
    for fact in information.provenance { texts += [fact.name, fact.text] }
    texts += information.landmarks.map(\.name)
    for text in texts {
      guard text.offset <= textCount, text.count <= textCount - text.offset else {
        throw .text(offset: text.offset, count: text.count, section: textCount)
      }
    }
  }

  /// Blobs lie one after the other, each on the next boundary; the same blob may serve twice.
  private func checkTiling(_ blobs: [(blob: Blob, bytes: Int)]) throws(ModelError) {
    let sorted = blobs.sorted { ($0.blob.offset, $0.bytes) < ($1.blob.offset, $1.bytes) }
    var end = 0
    var previous: (offset: Int, bytes: Int)? = nil
    for (blob, bytes) in sorted {
      if let previous, previous.offset == blob.offset, previous.bytes == bytes { continue }
      guard blob.offset == FileLayout.aligned(end) else {
        throw .blobGap(offset: blob.offset, expected: FileLayout.aligned(end))
      }
      end = blob.offset + bytes
      previous = (blob.offset, bytes)
    }
    guard end == dataCount else { throw .blobGap(offset: dataCount, expected: end) }
  }

  private func check(
    _ operation: Operation,
    _ index: Int,
    isIndexList: [Bool]
  ) throws(ModelError) {
    func element(_ value: ValueIndex, _ allowed: Element...) throws(ModelError) {
      guard allowed.contains(self[value].element) else {
        throw .element(operation: index, value: value.index)
      }
    }
    func channels(_ value: ValueIndex, _ expected: Int) throws(ModelError) {
      guard self[value].channels == expected else {
        throw .channels(operation: index, found: self[value].channels, expected: expected)
      }
    }
    func count(_ blob: Blob, _ expected: Int) throws(ModelError) {
      guard blob.count == expected else {
        throw .blobCount(operation: index, found: blob.count, expected: expected)
      }
    }
    func centred(_ value: ValueIndex) throws(ModelError) {
      guard self[value].zeroPoint == 0 else {
        throw .zeroPoint(operation: index, value: value.index)
      }
    }
    func same(_ a: ValueIndex, _ b: ValueIndex) throws(ModelError) {
      try element(b, self[a].element)
      guard self[a].zeroPoint == self[b].zeroPoint else {
        throw .zeroPoint(operation: index, value: b.index)
      }
    }
    func heads(_ heads: Int, divide value: ValueIndex) throws(ModelError) {
      guard self[value].channels % heads == 0 else {
        throw .channels(operation: index, found: self[value].channels, expected: heads)
      }
    }
    func normalization(
      _ input: ValueIndex,
      _ output: ValueIndex,
      _ parameters: NormalizationParameters
    ) throws(ModelError) {
      try element(input, .int16)
      try element(output, .int16, .uint8)
      try channels(output, self[input].channels)
      try count(parameters.gain, self[input].channels)
      try count(parameters.bias, self[input].channels)
    }
    func frequencies(_ blob: Blob) throws(ModelError) {
      guard blob.count > 0 else { throw .blobCount(operation: index, found: 0, expected: 1) }
    }

    switch operation {
    case .convolution(let it):
      try element(it.input, .uint8, .int16)
      let outputs = self[it.output].channels
      let panels = Convolution.panels(
        window: it.window, inputs: self[it.input].channels, outputs: outputs)
      try count(it.weights, panels.byteCount)
      try count(it.bias, outputs)
      try count(it.multipliers, outputs)
      if let residual = it.residual {
        try channels(residual, outputs)
        try element(residual, .uint8, .int8, .int16)
      }
      if let position = it.position {
        try channels(position, outputs)
        try element(position, .int32)
      }
    case .maxPool(let it):
      try same(it.input, it.output)
      try element(it.input, .uint8, .int16)
      try channels(it.output, self[it.input].channels)
    case .add(let it):
      for value in [it.a, it.b] {
        try element(value, .uint8, .int8, .int16)
        try channels(value, self[it.output].channels)
      }
      try element(it.output, .uint8, .int8, .int16)
    case .requantize(let it):
      try channels(it.output, self[it.input].channels)
    case .layerNorm(let it):
      try normalization(it.input, it.output, it.parameters)
    case .groupNorm(let it):
      try normalization(it.input, it.output, it.parameters)
      try heads(it.groups, divide: it.input)
    case .attention(let it):
      for value in [it.query, it.key, it.value] {
        try element(value, .int16)
        try centred(value)
        try channels(value, self[it.query].channels)
        try heads(it.heads, divide: value)
      }
      try element(it.output, .uint8, .int16)
      try channels(it.output, self[it.value].channels)
    case .deformableAttention(let it):
      try element(it.value, .int8, .int16)
      try element(it.offsets, .int16)
      try element(it.logits, .int16)
      for value in [it.value, it.offsets, it.logits] { try centred(value) }
      try heads(it.heads, divide: it.value)
      let samples = it.heads * it.levels.count * it.points
      try channels(it.offsets, samples * 2)
      try channels(it.logits, samples)
      if let references = it.references {
        try element(references, .int32)
        guard self[references].channels == 2 || self[references].channels == 4 else {
          throw .channels(operation: index, found: self[references].channels, expected: 4)
        }
      }
      try element(it.output, .uint8, .int16)
      try channels(it.output, self[it.value].channels)
    case .positionTable(let it):
      try element(it.output, .int16)
      let width = self[it.output].channels
      if it.levelVectors.count > 0 { try count(it.levelVectors, it.levels.count * width) }
      switch it.kind {
      case .sine(let table, _):
        try frequencies(table)
        try channels(it.output, 2 * table.count)
      case .learned(let columns, let rows, let columnFeatures, let rowFeatures):
        try channels(it.output, columnFeatures + rowFeatures)
        guard columns.count % columnFeatures == 0, rows.count % rowFeatures == 0 else {
          throw .blobCount(operation: index, found: columns.count, expected: columnFeatures)
        }
      }
    case .constant(let it):
      let (expected, overflow) = it.rows.multipliedReportingOverflow(
        by: self[it.output].channels
      )
      try count(it.data, overflow ? -1 : expected)
    case .concatenateRows(let it):
      guard let first = it.inputs.first else { throw .noOutput }
      for input in it.inputs {
        try same(first, input)
        try channels(input, self[it.output].channels)
      }
      try same(first, it.output)
    case .sliceColumns(let it):
      try same(it.input, it.output)
      guard it.first <= self[it.input].channels - self[it.output].channels else {
        throw .channels(
          operation: index,
          found: self[it.input].channels,
          expected: self[it.output].channels
        )
      }
    case .maskPadding(let it), .maskProposals(let it):
      try same(it.input, it.output)
      try channels(it.output, self[it.input].channels)
    case .topRows(let it):
      try element(it.input, .int32, .int16)
      try element(it.output, .int32)
      try channels(it.output, 1)
      guard it.column < self[it.input].channels else {
        throw .channels(
          operation: index,
          found: self[it.input].channels,
          expected: it.column + 1
        )
      }
    case .gatherRows(let it):
      try same(it.input, it.output)
      try channels(it.output, self[it.input].channels)
      guard isIndexList[it.indices.index] else {
        throw .element(operation: index, value: it.indices.index)
      }
    case .sigmoid(let it):
      try element(it.input, .int32)
      try element(it.output, .int32)
      try channels(it.output, self[it.input].channels)
    case .refineBoxes(let it):
      try element(it.delta, .int32)
      try channels(it.delta, 4)
      try element(it.reference, .int32)
      guard self[it.reference].channels == 2 || self[it.reference].channels == 4 else {
        throw .channels(operation: index, found: self[it.reference].channels, expected: 4)
      }
      try element(it.output, .int32)
      try channels(it.output, 4)
    case .proposalBoxes(let it):
      try element(it.delta, .int32)
      try channels(it.delta, 4)
      guard isIndexList[it.indices.index] else {
        throw .element(operation: index, value: it.indices.index)
      }
      try element(it.output, .int32)
      try channels(it.output, 4)
    case .boxSine(let it):
      try element(it.input, .int32)
      try element(it.output, .int16)
      try frequencies(it.frequencies)
      try channels(it.output, self[it.input].channels * it.frequencies.count)
    }
  }
}
