import FixedPoint
import Testing

@testable import ModelFile

@Suite("What is written is read again")
struct RoundTripTests {
  /// One operation of every kind on the sample's values.
  static func everything() -> Sample {
    var sample = Sample()
    func value(_ element: Element, _ channels: Int) -> ValueIndex {
      sample.value(element, channels)
    }
    let (bytes, shorts, words) = (sample.bytes, sample.shorts, sample.words)
    var window = sample.convolution(bytes, value(.int16, 8))
    window.residual = shorts
    window.residualMultiplier = 77
    window.paddingBytes = 0xFEDC_BA98
    sample.append(.convolution(window))
    let pool = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    sample.append(.maxPool(MaxPool(input: bytes, output: value(.uint8, 8), window: pool)))
    sample.append(
      .add(
        Addition(
          a: bytes,
          b: shorts,
          output: value(.int8, 8),
          multiplierA: 5,
          multiplierB: 6,
          shift: 7,
          lowest: -100,
          highest: 99
        )
      )
    )
    sample.append(
      .requantize(
        Requantization(input: words, output: value(.uint8, 4), rescale: Sample.half)
      )
    )
    let parameters = sample.normalization(channels: 8)
    sample.append(
      .layerNorm(LayerNorm(input: shorts, output: value(.uint8, 8), parameters: parameters))
    )
    sample.append(
      .groupNorm(
        GroupNorm(input: shorts, output: value(.int16, 8), groups: 4, parameters: parameters)
      )
    )
    sample.append(
      .attention(
        Attention(
          query: shorts,
          key: shorts,
          value: shorts,
          output: value(.uint8, 8),
          heads: 2,
          keyGrid: bytes,
          scoreRescale: Sample.half,
          outputRescale: Rescale(multiplier: 3, shift: 60)
        )
      )
    )
    sample.append(
      .deformableAttention(
        DeformableAttention(
          value: shorts,
          offsets: shorts,
          logits: Sample.product(&sample.writer, bytes, .int16, 4),
          references: words,
          output: value(.int16, 8),
          heads: 2,
          points: 2,
          levels: [bytes],
          offsetRescale: Rescale(multiplier: 0, shift: 1),
          logitRescale: Rescale(multiplier: .max, shift: 62),
          outputRescale: Sample.half
        )
      )
    )
    sample.append(
      .positionTable(
        PositionTable(
          kind: .sine(frequencies: sample.writer.blob([Int32](1...4)), halfOffset: 1),
          levels: [bytes, shorts],
          levelVectors: sample.writer.blob([Int16](repeating: 3, count: 16)),
          sineRescale: Sample.half,
          output: value(.int16, 8)
        )
      )
    )
    sample.append(
      .positionTable(
        PositionTable(
          kind: .learned(
            columns: sample.writer.blob([Int16](1...6)),
            rows: sample.writer.blob([Int16](1...10)),
            columnFeatures: 3,
            rowFeatures: 5
          ),
          levels: [bytes],
          levelVectors: Blob(offset: 0, count: 0),
          sineRescale: Sample.half,
          output: value(.int16, 8)
        )
      )
    )
    let constant = value(.int8, 3)
    sample.append(
      .constant(
        Constant(data: sample.writer.blob([Int8](-3...2)), rows: 2, output: constant)
      )
    )
    sample.append(
      .concatenateRows(Concatenation(inputs: [bytes, bytes], output: value(.uint8, 8)))
    )
    sample.append(
      .sliceColumns(ColumnSlice(input: bytes, output: value(.uint8, 3), first: 5))
    )
    sample.append(
      .maskPadding(PaddingMask(input: bytes, output: value(.uint8, 8), levels: [bytes]))
    )
    sample.append(
      .maskProposals(PaddingMask(input: bytes, output: value(.uint8, 8), levels: [bytes]))
    )
    let rows = value(.int32, 1)
    sample.append(.topRows(TopRows(input: words, output: rows, count: 3, column: 2)))
    let gathered = value(.int32, 4)
    sample.append(.gatherRows(RowGather(input: words, indices: rows, output: gathered)))
    sample.append(.sigmoid(Sigmoid(input: words, output: value(.int32, 4))))
    sample.append(
      .refineBoxes(BoxRefinement(delta: words, reference: words, output: value(.int32, 4)))
    )
    sample.append(
      .proposalBoxes(
        ProposalBoxes(delta: gathered, indices: rows, output: value(.int32, 4), levels: [bytes])
      )
    )
    sample.append(
      .boxSine(
        BoxSine(
          input: words,
          output: value(.int16, 20),
          frequencies: sample.writer.blob([Int32](1...5))
        )
      )
    )
    sample.append(
      .multiply(
        Multiplication(
          a: bytes,
          b: shorts,
          output: value(.int8, 8),
          rescale: Rescale(multiplier: 77, shift: 9)
        )
      )
    )
    sample.append(
      .rectify(
        Rectification(
          input: shorts,
          output: value(.uint8, 8),
          multiplier: 5,
          negativeMultiplier: -3,
          shift: 4
        )
      )
    )
    let halves = value(.int32, 2)
    sample.append(.sliceColumns(ColumnSlice(input: words, output: halves, first: 1)))
    sample.append(
      .modulate(
        SideModulation(
          input: shorts,
          sides: halves,
          boxes: words,
          output: value(.int16, 8),
          rescale: Rescale(multiplier: 99, shift: 20)
        )
      )
    )
    sample.append(
      .spreadPositions(
        PositionSpread(table: shorts, levels: [bytes], output: value(.int16, 8))
      )
    )
    appendMaps(to: &sample)
    sample.appendSpatialOperations()
    // What is computed for one query at a time ends a model.
    let query = sample.value(.int16, 8)
    sample.append(.selectQuery(QuerySelection(input: shorts, output: query)))
    sample.append(
      .attentionMap(
        AttentionMap(
          query: query,
          key: shorts,
          output: value(.uint8, 2),
          heads: 2,
          keyGrid: bytes,
          scoreRescale: Rescale(multiplier: 3, shift: 7),
          unit: 1000
        )
      )
    )
    let mask = value(.int16, 1)
    sample.append(.sliceColumns(ColumnSlice(input: shorts, output: mask, first: 2)))
    sample.append(
      .enlarge(Enlargement(input: mask, target: bytes, output: value(.int16, 1)))
    )
    return sample
  }

  /// Tables, what moves pixels of maps, and the second forms of two operations.
  private static func appendMaps(to sample: inout Sample) {
    let (bytes, shorts, words) = (sample.bytes, sample.shorts, sample.words)
    let looked = sample.value(.int16, 8)
    sample.append(
      .tableLookup(
        TableLookup(
          input: bytes,
          output: looked,
          table: sample.writer.blob([Int16](repeating: 7, count: 256))
        )
      )
    )
    let pooled = sample.value(.uint8, 8)
    sample.append(.averagePool(AveragePool(input: bytes, output: pooled)))
    let enlarged = sample.value(.uint8, 8)
    sample.append(.upsample(Upsample(input: pooled, output: enlarged, factor: 2)))
    let joined = sample.value(.uint8, 16)
    sample.append(
      .concatenateColumns(Concatenation(inputs: [bytes, enlarged], output: joined))
    )
    let greatest = sample.value(.int32, 1)
    sample.append(.rowMaximum(RowMaximum(input: words, output: greatest)))
    let position = sample.value(.int16, 8)
    sample.append(
      .positionTable(
        PositionTable(
          kind: .sineHalves(frequencies: sample.writer.blob([Int32](1...2))),
          levels: [bytes],
          levelVectors: Blob(offset: 0, count: 0),
          sineRescale: Sample.half,
          output: position
        )
      )
    )
    let logits = Sample.product(&sample.writer, bytes, .int16, 4)
    let sampled = sample.value(.int16, 8)
    sample.append(
      .deformableAttention(
        DeformableAttention(
          value: shorts,
          offsets: shorts,
          logits: logits,
          references: words,
          output: sampled,
          heads: 2,
          points: 2,
          levels: [bytes],
          offsetRescale: Sample.half,
          logitRescale: Sample.half,
          outputRescale: Sample.half,
          isDiscrete: true
        )
      )
    )
  }

  private func words(_ operation: Operation) -> [Int32] {
    var words = WordWriter()
    operation.write(to: &words)
    return [operation.code] + words.words
  }

  @Test("every operation, value and piece of information")
  func everythingReturns() throws {
    var sample = Self.everything()
    let expected = sample.writer.operations
    let file = sample.file()
    let aligned = AlignedFile(file)
    let model = try aligned.model()
    #expect(model.values == sample.writer.values)
    #expect(model.operations.map { words($0) } == expected.map { words($0) })
    #expect(
      Set(model.operations.map(\.code))
        == Set(1...20).union(64...69).union(80...86).union(96...101)
    )

    let information = model.information
    #expect(information.sizeRule == .edges(shortest: 800, longest: 1333))
    #expect(information.classDecoding == .sigmoid(limit: 100))
    #expect(information.memory == sample.shorts)
    #expect(information.normalizationBits == [1, 2, 3, 4, 5, 6, 7])
    #expect(
      information.labels.map { String(decoding: model.text($0), as: UTF8.self) } == [
        "cell", "плод",
      ]
    )
    #expect(information.landmarks.map(\.value) == [sample.bytes])
    try model.verifyData()
    withExtendedLifetime(aligned) {}
  }

  @Test("arrays are found on 64-byte boundaries with 64 bytes behind the last one")
  func arrays() throws {
    var sample = Sample()
    let numbers = (0..<50).map { Int32($0) << 24 }
    let blob = sample.writer.blob(numbers)
    let output = sample.value(.int32, 5)
    sample.append(.constant(Constant(data: blob, rows: 10, output: output)))
    let file = sample.file()
    let aligned = AlignedFile(file)
    let model = try aligned.model()
    let start = model.elements(blob, as: Int32.self)
    #expect(Int(bitPattern: start) % 64 == 0)
    #expect((0..<50).map { start[$0] } == numbers)
    let end = UnsafeRawPointer(start + 50) - UnsafeRawPointer(aligned.bytes.baseAddress!)
    #expect(end + 64 <= file.count)
    withExtendedLifetime(aligned) {}
  }

  @Test(
    "weights lie in panels of 16 outputs and groups of 4 inputs, zeros between",
    arguments: [
      (1, 1, 1), (16, 1, 4), (17, 3, 5), (40, 9, 6), (5, 7, 21),
    ]
  )
  func panels(outputs: Int, runs: Int, length: Int) {
    let panels = WeightPanels(outputs: outputs, runs: runs, runLength: length)
    let weights = (0..<outputs * runs * length).map { Int8(truncatingIfNeeded: $0 % 127 + 1) }
    let packed = panels.pack(weights)
    #expect(packed.count == panels.byteCount)
    var next = 0
    for output in 0..<outputs {
      for run in 0..<runs {
        for element in 0..<length {
          let group = run * ((length + 3) / 4) + element / 4
          let panel = output / 16 * runs * ((length + 3) / 4)
          let byte = ((panel + group) * 16 + output % 16) * 4 + element % 4
          #expect(packed[byte] == weights[next])
          next += 1
        }
      }
    }
    #expect(packed.count { $0 != 0 } == weights.count)
  }
}
