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
    try checkZeroPoints()
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
      if case .tableLookup(let it) = operation {
        arrays.append((it.table, self[it.output].element.byteCount))
      }
      for array in arrays where array.blob.count > 0 {
        // Counts are below 2³¹ and elements at most 4 bytes: the product needs 64 bits.
        let bytes = Int64(array.blob.count) * Int64(array.elementBytes)
        guard Int64(array.blob.offset) + bytes <= Int64(dataCount - FileLayout.dataPadding) else {
          throw .blobOutside(
            operation: index,
            offset: array.blob.offset,
            bytes: Int(clamping: bytes),
            section: max(dataCount - FileLayout.dataPadding, 0)
          )
        }
        blobs.append((array.blob, Int(bytes)))
      }
    }
    if let selfTest = information.selfTest {
      let pixels = selfTest.pixels
      guard pixels.count == selfTest.height * selfTest.width * 3,
        pixels.offset <= dataCount - FileLayout.dataPadding,
        pixels.count <= dataCount - FileLayout.dataPadding - pixels.offset
      else {
        throw .selfTest(
          height: selfTest.height,
          width: selfTest.width,
          offset: pixels.offset,
          count: pixels.count,
          section: dataCount
        )
      }
      blobs.append((pixels, pixels.count))
    }
    try checkOutputs(made)
    try checkTexts()
    try checkTiling(blobs)
  }

  /// A zero point is a number of its type, so that differences to it have 17 bits; int32 has none.
  private func checkZeroPoints() throws(ModelError) {
    for (index, value) in values.enumerated() {
      let lowest = value.element == .int32 ? 0 : value.element.lowest
      let highest = value.element == .int32 ? 0 : value.element.highest
      guard value.zeroPoint >= lowest, value.zeroPoint <= highest else {
        throw .zeroPointOfValue(
          value: index,
          found: value.zeroPoint,
          lowest: lowest,
          highest: highest
        )
      }
    }
  }

  private func checkOutputs(_ made: [Bool]) throws(ModelError) {
    var outputs = [information.logits, information.boxes]
    if let memory = information.memory { outputs.append(memory) }
    outputs += information.landmarks.map { $0.value }
    for output in outputs {
      guard output.index < values.count, made[output.index] else { throw .noOutput }
    }
    guard self[information.logits].element == .int32, self[information.boxes].element == .int32,
      self[information.boxes].channels == 4
    else { throw .noOutput }
  }

  private func checkTexts() throws(ModelError) {
    var texts = values.map { $0.name } + information.labels
    for fact in information.provenance { texts += [fact.name, fact.text] }
    texts += information.landmarks.map { $0.name }
    for text in texts {
      guard text.offset <= textCount, text.count <= textCount - text.offset else {
        throw .text(offset: text.offset, count: text.count, section: textCount)
      }
    }
  }

  /// Blobs lie one after the other, each on the next boundary, and the padding behind the last one;
  /// the same blob may serve twice.
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
    let expected = FileLayout.aligned(end) + FileLayout.dataPadding
    guard dataCount == expected else { throw .blobGap(offset: dataCount, expected: expected) }
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
    // Products of numbers from the file have 64 bits on every board.
    func channels(_ value: ValueIndex, _ expected: Int64) throws(ModelError) {
      guard Int64(self[value].channels) == expected else {
        throw .channels(
          operation: index,
          found: self[value].channels,
          expected: Int(clamping: expected)
        )
      }
    }
    func sameChannels(_ value: ValueIndex, as other: ValueIndex) throws(ModelError) {
      try channels(value, Int64(self[other].channels))
    }
    func count(_ blob: Blob, _ expected: Int64) throws(ModelError) {
      guard Int64(blob.count) == expected else {
        throw .blobCount(operation: index, found: blob.count, expected: Int(clamping: expected))
      }
    }
    func limits(_ value: ValueIndex, _ lowest: Int32, _ highest: Int32) throws(ModelError) {
      let element = self[value].element
      guard element.lowest <= lowest, lowest <= highest, highest <= element.highest else {
        throw .limits(operation: index, lowest: lowest, highest: highest)
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
      try sameChannels(output, as: input)
      guard self[input].channels <= 65536 else {
        throw .channels(operation: index, found: self[input].channels, expected: 65536)
      }
      try count(parameters.gain, Int64(self[input].channels))
      try count(parameters.bias, Int64(self[input].channels))
    }
    func frequencies(_ blob: Blob) throws(ModelError) {
      guard blob.count > 0 else { throw .blobCount(operation: index, found: 0, expected: 1) }
    }
    func coordinates(_ value: ValueIndex) throws(ModelError) {
      try element(value, .int32)
      guard self[value].channels == 2 || self[value].channels == 4 else {
        throw .channels(operation: index, found: self[value].channels, expected: 4)
      }
    }

    switch operation {
    case .convolution(let it):
      try element(it.input, .uint8, .int16)
      let outputs = self[it.output].channels
      let panels = Convolution.panels(
        window: it.window,
        inputs: self[it.input].channels,
        outputs: outputs
      )
      try count(it.weights, Int64(panels.panels) * Int64(panels.groups) * 64)
      try count(it.bias, Int64(outputs))
      try count(it.multipliers, Int64(outputs))
      try limits(it.output, it.lowest, it.highest)
      if let residual = it.residual {
        try sameChannels(residual, as: it.output)
        try element(residual, .uint8, .int8, .int16)
      }
      if let position = it.position {
        try sameChannels(position, as: it.output)
        try element(position, .int32)
      }
    case .maxPool(let it):
      try same(it.input, it.output)
      try element(it.input, .uint8, .int16)
      try sameChannels(it.output, as: it.input)
    case .add(let it):
      for value in [it.a, it.b] {
        try element(value, .uint8, .int8, .int16)
        try sameChannels(value, as: it.output)
      }
      try element(it.output, .uint8, .int8, .int16)
      try limits(it.output, it.lowest, it.highest)
    case .requantize(let it):
      try sameChannels(it.output, as: it.input)
    case .layerNorm(let it):
      try normalization(it.input, it.output, it.parameters)
    case .groupNorm(let it):
      try normalization(it.input, it.output, it.parameters)
      try heads(it.groups, divide: it.input)
    case .attention(let it):
      for value in [it.query, it.key, it.value] {
        try element(value, .int16)
        try centred(value)
        try sameChannels(value, as: it.query)
        try heads(it.heads, divide: value)
      }
      try element(it.output, .uint8, .int16)
      try sameChannels(it.output, as: it.value)
    case .deformableAttention(let it):
      try element(it.value, .int8, .int16)
      try element(it.offsets, .int16)
      try element(it.logits, .int16)
      for value in [it.value, it.offsets, it.logits] { try centred(value) }
      try heads(it.heads, divide: it.value)
      // A head's samples are one row of a softmax.
      let perHead = Int64(it.levels.count) * Int64(it.points)
      guard (1...65536).contains(perHead) else {
        throw .channels(operation: index, found: Int(clamping: perHead), expected: 65536)
      }
      try channels(it.offsets, perHead * Int64(it.heads) * 2)
      try channels(it.logits, perHead * Int64(it.heads))
      if let references = it.references { try coordinates(references) }
      try element(it.output, .uint8, .int16)
      try sameChannels(it.output, as: it.value)
    case .positionTable(let it):
      try element(it.output, .int16)
      let width = Int64(self[it.output].channels)
      if it.levelVectors.count > 0 { try count(it.levelVectors, Int64(it.levels.count) * width) }
      switch it.kind {
      case .sine(let table, _):
        try frequencies(table)
        try channels(it.output, 2 * Int64(table.count))
      case .learned(let columns, let rows, let columnFeatures, let rowFeatures):
        try channels(it.output, Int64(columnFeatures + rowFeatures))
        guard columns.count % columnFeatures == 0, rows.count % rowFeatures == 0 else {
          throw .blobCount(operation: index, found: columns.count, expected: columnFeatures)
        }
      case .sineHalves(let table):
        try frequencies(table)
        try channels(it.output, 4 * Int64(table.count))
      }
    case .constant(let it):
      try count(it.data, Int64(it.rows) * Int64(self[it.output].channels))
    case .concatenateRows(let it):
      guard let first = it.inputs.first else { throw .noOutput }
      for input in it.inputs {
        try same(first, input)
        try sameChannels(input, as: it.output)
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
      try sameChannels(it.output, as: it.input)
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
      try sameChannels(it.output, as: it.input)
      guard isIndexList[it.indices.index] else {
        throw .element(operation: index, value: it.indices.index)
      }
    case .sigmoid(let it):
      try element(it.input, .int32)
      try element(it.output, .int32)
      try sameChannels(it.output, as: it.input)
    case .refineBoxes(let it):
      try element(it.delta, .int32)
      try channels(it.delta, 4)
      try coordinates(it.reference)
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
      try channels(it.output, Int64(self[it.input].channels) * Int64(it.frequencies.count))
    case .tableLookup(let it):
      try element(it.input, .uint8, .int16)
      try element(it.output, .uint8, .int8, .int16)
      try sameChannels(it.output, as: it.input)
      if self[it.input].element == .uint8 {
        try count(it.table, 256)
      } else {
        guard (1...32768).contains(it.table.count) else {
          throw .blobCount(operation: index, found: it.table.count, expected: 32768)
        }
      }
    case .averagePool(let it):
      try same(it.input, it.output)
      try element(it.input, .uint8, .int16)
      try sameChannels(it.output, as: it.input)
    case .upsample(let it):
      try same(it.input, it.output)
      try sameChannels(it.output, as: it.input)
    case .concatenateColumns(let it):
      guard let first = it.inputs.first else { throw .noOutput }
      var sum: Int64 = 0
      for input in it.inputs {
        try same(first, input)
        sum += Int64(self[input].channels)
      }
      try same(first, it.output)
      try channels(it.output, sum)
    case .rowMaximum(let it):
      try element(it.input, .int32)
      try element(it.output, .int32)
      try channels(it.output, 1)
    case .spatialAttention(let it):
      for value in [it.query, it.key, it.value] {
        try element(value, .int16)
        try centred(value)
      }
      try sameChannels(it.key, as: it.query)
      if !it.sharesKeys { try heads(it.heads, divide: it.query) }
      try heads(it.heads, divide: it.value)
      try element(it.output, .uint8, .int16)
      try sameChannels(it.output, as: it.value)
      if let gaussian = it.gaussian {
        let coordinates = 2 * Int64(it.heads)
        try element(gaussian.references, .int32)
        if self[gaussian.references].channels != 2 {
          try channels(gaussian.references, coordinates)
        }
        guard (gaussian.scales == nil) == (gaussian.scaleCount == 0) else {
          throw .channels(operation: index, found: gaussian.scaleCount, expected: 0)
        }
        if let scales = gaussian.scales {
          try element(scales, .int16)
          try centred(scales)
          try channels(scales, Int64(gaussian.scaleCount) * Int64(it.heads))
        }
        if let offsets = gaussian.offsets {
          try element(offsets, .int16)
          try centred(offsets)
          try channels(offsets, coordinates)
        }
      }
    case .positionSum(let it):
      try element(it.position, .int32)
      try sameChannels(it.output, as: it.position)
      try element(it.output, .uint8, .int16)
      try count(it.bias, Int64(self[it.output].channels))
      try count(it.multipliers, Int64(self[it.output].channels))
      try limits(it.output, it.lowest, it.highest)
    case .regionPooling(let it):
      try element(it.map, .int16)
      try centred(it.map)
      try element(it.boxes, .int32)
      try channels(it.boxes, 4)
      try element(it.output, .uint8, .int16)
      try channels(it.output, Int64(self[it.map].channels) * Int64(it.bins * it.bins))
      try count(it.bias, Int64(self[it.map].channels))
    case .regionSampling(let it):
      try element(it.map, .int16)
      try centred(it.map)
      try element(it.boxes, .int32)
      try channels(it.boxes, 4)
      try element(it.places, .int32)
      guard self[it.places].channels % 2 == 0 else {
        throw .channels(operation: index, found: self[it.places].channels, expected: 2)
      }
      try element(it.output, .uint8, .int16)
      let points = Int64(self[it.places].channels / 2)
      try channels(it.output, Int64(self[it.map].channels) * points)
    case .pointsInBoxes(let it):
      for value in [it.boxes, it.places, it.output] { try element(value, .int32) }
      try channels(it.boxes, 4)
      try sameChannels(it.output, as: it.places)
      guard self[it.places].channels % 2 == 0 else {
        throw .channels(operation: index, found: self[it.places].channels, expected: 2)
      }
    case .gate(let it):
      for value in [it.input, it.gates] {
        try element(value, .int16)
        try centred(value)
      }
      try sameChannels(it.gates, as: it.input)
      try element(it.output, .uint8, .int16)
      try channels(it.input, Int64(self[it.output].channels) * Int64(it.rows))
      try count(it.table, 257)
    }
  }
}
