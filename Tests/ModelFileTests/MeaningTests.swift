import FixedPoint
import Testing

@testable import ModelFile

@Suite("The meaning of a file: every rejecting branch is hit")
struct MeaningTests {
  @Test("the sample itself is accepted")
  func accepted() {
    #expect(Sample.refusal { _ in } == nil)
  }

  @Test("values that do not exist, do not exist yet or are made twice")
  func values() {
    let none = ValueIndex(50)
    #expect(
      Sample.refusal {
        $0.append(.sigmoid(Sigmoid(input: none, output: $0.value(.int32, 4))))
      } == .valueIndex(operation: 3, found: 50, count: 5)
    )
    #expect(
      Sample.refusal { $0.append(.sigmoid(Sigmoid(input: $0.words, output: none))) }
        == .valueIndex(operation: 3, found: 50, count: 4)
    )
    #expect(
      Sample.refusal {
        let later = $0.value(.int32, 4)
        $0.append(.sigmoid(Sigmoid(input: later, output: $0.value(.int32, 4))))
      } == .valueBeforeItsOperation(operation: 3, value: 4)
    )
    #expect(
      Sample.refusal { $0.append(.sigmoid(Sigmoid(input: $0.words, output: $0.words))) }
        == .valueMadeTwice(operation: 3, value: 3)
    )
    #expect(
      Sample.refusal { $0.append(.sigmoid(Sigmoid(input: $0.words, output: Model.picture))) }
        == .valueMadeTwice(operation: 3, value: 0)
    )
    #expect(
      Sample.refusal {
        $0.append(
          .maskPadding(
            PaddingMask(input: $0.bytes, output: $0.value(.uint8, 8), levels: [none])
          )
        )
      } == .valueIndex(operation: 3, found: 50, count: 5)
    )
  }

  @Test("zero points out of their type's range, numbers with a zero point where none may be")
  func zeroPoints() {
    #expect(
      Sample.refusal { _ = $0.value(.uint8, 4, zeroPoint: 256) }
        == .zeroPointOfValue(value: 4, found: 256, lowest: 0, highest: 255)
    )
    #expect(
      Sample.refusal { _ = $0.value(.int32, 4, zeroPoint: -1) }
        == .zeroPointOfValue(value: 4, found: -1, lowest: 0, highest: 0)
    )
    #expect(
      Sample.refusal {
        let off = $0.value(.int16, 8, zeroPoint: 5)
        $0.append(.convolution($0.convolution($0.bytes, off)))
        $0.append(
          .attention(
            Attention(
              query: $0.shorts,
              key: off,
              value: $0.shorts,
              output: $0.value(.int16, 8),
              heads: 2,
              keyGrid: nil,
              scoreRescale: Sample.half,
              outputRescale: Sample.half
            )
          )
        )
      } == .zeroPoint(operation: 4, value: 4)
    )
    #expect(
      Sample.refusal {
        let window = Window(kernel: 3, stride: 1, padding: 1, dilation: 1)
        let off = $0.value(.uint8, 8, zeroPoint: 5)
        $0.append(.maxPool(MaxPool(input: $0.bytes, output: off, window: window)))
      } == .zeroPoint(operation: 3, value: 4)
    )
  }

  @Test("a table for bytes has 256 entries, columns add up, and a maximum has one")
  func tablesAndColumns() {
    #expect(
      Sample.refusal {
        let table = $0.writer.blob([UInt8](repeating: 0, count: 255))
        let output = $0.value(.uint8, 8)
        $0.append(.tableLookup(TableLookup(input: $0.bytes, output: output, table: table)))
      } == .blobCount(operation: 3, found: 255, expected: 256)
    )
    #expect(
      Sample.refusal {
        let output = $0.value(.uint8, 15)
        $0.append(
          .concatenateColumns(Concatenation(inputs: [$0.bytes, $0.bytes], output: output))
        )
      } == .channels(operation: 3, found: 15, expected: 16)
    )
    #expect(
      Sample.refusal {
        $0.append(.rowMaximum(RowMaximum(input: $0.words, output: $0.value(.int32, 2))))
      } == .channels(operation: 3, found: 2, expected: 1)
    )
    #expect(
      Sample.refusal {
        $0.append(.upsample(Upsample(input: $0.bytes, output: $0.value(.uint8, 7), factor: 2)))
      } == .channels(operation: 3, found: 7, expected: 8)
    )
  }

  @Test("element types that an operation does not take")
  func elements() {
    func refuses(_ value: Int, _ change: (inout Sample) -> Operation) -> Bool {
      Sample.refusal { $0.append(change(&$0)) } == .element(operation: 3, value: value)
    }
    #expect(refuses(3) { .convolution($0.convolution($0.words, $0.value(.uint8, 4))) })
    #expect(
      refuses(3) {
        var it = $0.convolution($0.bytes, $0.value(.int16, 4))
        it.residual = $0.words
        return .convolution(it)
      }
    )
    #expect(
      refuses(2) {
        var it = $0.convolution($0.bytes, $0.value(.int16, 8))
        it.position = $0.shorts
        return .convolution(it)
      }
    )
    #expect(
      refuses(3) { .maxPool(MaxPool(input: $0.words, output: $0.value(.int32, 4), window: .point)) }
    )
    #expect(
      refuses(3) {
        let table = $0.writer.blob([UInt8](repeating: 0, count: 256))
        return .tableLookup(
          TableLookup(input: $0.words, output: $0.value(.uint8, 4), table: table)
        )
      }
    )
    #expect(
      refuses(3) { .averagePool(AveragePool(input: $0.words, output: $0.value(.int32, 4))) }
    )
    #expect(refuses(1) { .rowMaximum(RowMaximum(input: $0.bytes, output: $0.value(.int32, 1))) })
    #expect(
      refuses(4) { .maxPool(MaxPool(input: $0.bytes, output: $0.value(.int16, 8), window: .point)) }
    )
    #expect(
      refuses(1) {
        let parameters = $0.normalization(channels: 8)
        return .layerNorm(
          LayerNorm(input: $0.bytes, output: $0.value(.int16, 8), parameters: parameters)
        )
      }
    )
    #expect(
      refuses(4) {
        let parameters = $0.normalization(channels: 8)
        return .groupNorm(
          GroupNorm(input: $0.shorts, output: $0.value(.int8, 8), groups: 2, parameters: parameters)
        )
      }
    )
    #expect(refuses(1) { .sigmoid(Sigmoid(input: $0.bytes, output: $0.value(.int32, 8))) })
    #expect(refuses(4) { .sigmoid(Sigmoid(input: $0.words, output: $0.value(.int16, 4))) })
    #expect(
      refuses(1) {
        .topRows(TopRows(input: $0.bytes, output: $0.value(.int32, 1), count: 1, column: 0))
      }
    )
    // Row numbers must come from topRows: any other int32 could lead out of the value.
    #expect(
      refuses(3) {
        .gatherRows(RowGather(input: $0.bytes, indices: $0.words, output: $0.value(.uint8, 8)))
      }
    )
    #expect(
      refuses(3) {
        .proposalBoxes(
          ProposalBoxes(
            delta: $0.words,
            indices: $0.words,
            output: $0.value(.int32, 4),
            levels: [$0.bytes]
          )
        )
      }
    )
    #expect(
      refuses(1) {
        .boxSine(
          BoxSine(
            input: $0.bytes,
            output: $0.value(.int16, 8),
            frequencies: $0.writer.blob([Int32(1)])
          )
        )
      }
    )
  }

  @Test("channels that do not fit each other")
  func channels() {
    func refuses(_ found: Int, _ expected: Int, _ change: (inout Sample) -> Operation) -> Bool {
      let refusal = Sample.refusal { $0.append(change(&$0)) }
      return refusal == .channels(operation: 3, found: found, expected: expected)
    }
    #expect(
      refuses(8, 4) {
        var it = $0.convolution($0.bytes, $0.value(.int16, 4))
        it.residual = $0.shorts
        return .convolution(it)
      }
    )
    #expect(
      refuses(5, 8) {
        .maxPool(MaxPool(input: $0.bytes, output: $0.value(.uint8, 5), window: .point))
      }
    )
    #expect(
      refuses(8, 3) {
        let parameters = $0.normalization(channels: 8)
        return .groupNorm(
          GroupNorm(
            input: $0.shorts,
            output: $0.value(.int16, 8),
            groups: 3,
            parameters: parameters
          )
        )
      }
    )
    #expect(
      refuses(8, 3) {
        .attention(
          Attention(
            query: $0.shorts,
            key: $0.shorts,
            value: $0.shorts,
            output: $0.value(.int16, 8),
            heads: 3,
            keyGrid: nil,
            scoreRescale: Sample.half,
            outputRescale: Sample.half
          )
        )
      }
    )
    for (points, found, expected) in [(1, 8, 4), (2, 8, 4), (3, 8, 12)] {
      // Offsets of 8 channels suit two heads of two points, logits of 8 do not.
      #expect(
        refuses(found, expected) {
          .deformableAttention(
            DeformableAttention(
              value: $0.shorts,
              offsets: $0.shorts,
              logits: $0.shorts,
              references: nil,
              output: $0.value(.int16, 8),
              heads: 2,
              points: points,
              levels: [$0.bytes],
              offsetRescale: Sample.half,
              logitRescale: Sample.half,
              outputRescale: Sample.half
            )
          )
        }
      )
    }
    #expect(
      refuses(69632, 65536) {
        .deformableAttention(
          DeformableAttention(
            value: $0.shorts,
            offsets: $0.shorts,
            logits: $0.shorts,
            references: nil,
            output: $0.value(.int16, 8),
            heads: 2,
            points: 4096,
            levels: Array(repeating: $0.bytes, count: 17),
            offsetRescale: Sample.half,
            logitRescale: Sample.half,
            outputRescale: Sample.half
          )
        )
      }
    )
    #expect(
      refuses(8, 6) {
        .sliceColumns(ColumnSlice(input: $0.bytes, output: $0.value(.uint8, 6), first: 3))
      }
    )
    #expect(
      refuses(4, 5) {
        .topRows(TopRows(input: $0.words, output: $0.value(.int32, 1), count: 1, column: 4))
      }
    )
    #expect(
      refuses(2, 1) {
        .topRows(TopRows(input: $0.words, output: $0.value(.int32, 2), count: 1, column: 0))
      }
    )
    #expect(
      refuses(5, 4) {
        .refineBoxes(
          BoxRefinement(delta: $0.words, reference: $0.words, output: $0.value(.int32, 5))
        )
      }
    )
    #expect(
      refuses(9, 8) {
        .boxSine(
          BoxSine(
            input: $0.words,
            output: $0.value(.int16, 9),
            frequencies: $0.writer.blob([Int32(1), 2])
          )
        )
      }
    )
  }

  @Test("operands of scaling operations that do not fit")
  func scaling() {
    func refusal(_ change: (inout Sample) -> Operation) -> ModelError? {
      Sample.refusal { $0.append(change(&$0)) }
    }
    let half = Sample.half
    #expect(
      refusal {
        .multiply(
          Multiplication(a: $0.bytes, b: $0.words, output: $0.value(.int16, 8), rescale: half)
        )
      } == .element(operation: 3, value: 3)
    )
    #expect(
      refusal {
        .multiply(
          Multiplication(a: $0.bytes, b: $0.shorts, output: $0.value(.int16, 4), rescale: half)
        )
      } == .channels(operation: 3, found: 8, expected: 4)
    )
    #expect(
      refusal {
        .rectify(
          Rectification(
            input: $0.shorts,
            output: $0.value(.int32, 8),
            multiplier: 1,
            negativeMultiplier: 1,
            shift: 1
          )
        )
      } == .element(operation: 3, value: 4)
    )
    #expect(
      refusal {
        .modulate(
          SideModulation(
            input: $0.shorts,
            sides: $0.words,
            boxes: $0.words,
            output: $0.value(.int16, 8),
            rescale: half
          )
        )
      } == .channels(operation: 3, found: 4, expected: 2)
    )
    #expect(
      refusal {
        .spreadPositions(
          PositionSpread(table: $0.bytes, levels: [$0.bytes], output: $0.value(.int16, 8))
        )
      } == .element(operation: 3, value: 1)
    )
  }

  @Test("arrays of the wrong length, outside of the data, or with holes between them")
  func arrays() {
    #expect(
      Sample.refusal {
        var it = $0.convolution($0.bytes, $0.value(.uint8, 8))
        it.weights = $0.writer.blob([Int8](repeating: 0, count: 64))
        $0.append(.convolution(it))
      } == .blobCount(operation: 3, found: 64, expected: 128)
    )
    #expect(
      Sample.refusal {
        var it = $0.convolution($0.bytes, $0.value(.uint8, 8))
        it.bias = $0.writer.blob([Int32](repeating: 0, count: 7))
        $0.append(.convolution(it))
      } == .blobCount(operation: 3, found: 7, expected: 8)
    )
    #expect(
      Sample.refusal {
        let data = $0.writer.blob([Int16](1...6))
        $0.append(.constant(Constant(data: data, rows: 4, output: $0.value(.int16, 2))))
      } == .blobCount(operation: 3, found: 6, expected: 8)
    )
    #expect(
      Sample.refusal {
        $0.append(
          .boxSine(
            BoxSine(
              input: $0.words,
              output: $0.value(.int16, 4),
              frequencies: Blob(offset: 0, count: 0)
            )
          )
        )
      } == .blobCount(operation: 3, found: 0, expected: 1)
    )
    let outside = Sample.refusal {
      let data = Blob(offset: 1 << 20, count: 8)
      $0.append(.constant(Constant(data: data, rows: 4, output: $0.value(.int16, 2))))
    }
    guard case .blobOutside(operation: 3, offset: 1 << 20, bytes: 16, section: _)? = outside else {
      Issue.record("\(String(describing: outside))")
      return
    }
    // The padding behind the last array is no part of an array.
    var sample = Sample()
    let last = sample.writer.blob([Int8](repeating: 1, count: 64))
    let longer = Blob(offset: last.offset, count: 128)
    let output = sample.value(.int8, 1)
    sample.append(.constant(Constant(data: longer, rows: 128, output: output)))
    guard case .blobOutside? = refusal(sample.file()) else {
      Issue.record("an array in the padding is accepted")
      return
    }
    guard case .blobGap? = Sample.refusal({ _ = $0.writer.blob([Int8](repeating: 1, count: 100)) })
    else {
      Issue.record("an array that nothing uses is accepted")
      return
    }
    let overlap = Sample.refusal {
      let data = $0.writer.blob([Int8](repeating: 1, count: 128))
      let tail = Blob(offset: data.offset + 64, count: 64)
      $0.append(.constant(Constant(data: data, rows: 128, output: $0.value(.int8, 1))))
      $0.append(.constant(Constant(data: tail, rows: 64, output: $0.value(.int8, 1))))
    }
    guard case .blobGap? = overlap else {
      Issue.record("\(String(describing: overlap))")
      return
    }
  }

  @Test("limits beyond the type or upside down")
  func limits() {
    for (lowest, highest) in [(-1, 255), (0, 256), (9, 8)] {
      #expect(
        Sample.refusal {
          var it = $0.convolution($0.bytes, $0.value(.uint8, 8))
          it.lowest = Int32(lowest)
          it.highest = Int32(highest)
          $0.append(.convolution(it))
        } == .limits(operation: 3, lowest: Int32(lowest), highest: Int32(highest))
      )
      #expect(
        Sample.refusal {
          $0.append(
            .add(
              Addition(
                a: $0.bytes,
                b: $0.bytes,
                output: $0.value(.uint8, 8),
                multiplierA: 1,
                multiplierB: 1,
                shift: 1,
                lowest: Int32(lowest),
                highest: Int32(highest)
              )
            )
          )
        } == .limits(operation: 3, lowest: Int32(lowest), highest: Int32(highest))
      )
    }
  }

  @Test("texts outside of their section, outputs that are missing or of the wrong type")
  func information() {
    func refusal(_ change: (inout Information) -> Void) -> ModelError? {
      var sample = Sample()
      var information = sample.information()
      change(&information)
      return ModelFileTests.refusal(sample.writer.file(information: information))
    }
    let text = refusal { $0.labels = [TextRange(offset: 5, count: 1000)] }
    guard case .text(offset: 5, count: 1000, section: _)? = text else {
      Issue.record("\(String(describing: text))")
      return
    }
    #expect(refusal { $0.logits = ValueIndex(99) } == .noOutput)
    #expect(refusal { $0.memory = ValueIndex(99) } == .noOutput)
    #expect(refusal { $0.logits = ValueIndex(1) } == .noOutput)
    #expect(refusal { $0.boxes = ValueIndex(1) } == .noOutput)
    #expect(refusal { $0.landmarks[0].value = ValueIndex(99) } == .noOutput)
    // The picture is uint8 RGB.
    var writer = ModelWriter()
    _ = Sample.value(&writer, .uint8, 4)
    let words = Sample.value(&writer, .int32, 4)
    writer.operations.append(.convolution(Sample.convolution(&writer, Model.picture, words)))
    let it = Information(
      sizeRule: .unchanged,
      classDecoding: .softmaxWithNoObject,
      logits: words,
      boxes: words,
      memory: nil,
      normalizationBits: [UInt64](repeating: 0, count: 7),
      labels: [],
      provenance: [],
      landmarks: []
    )
    #expect(ModelFileTests.refusal(writer.file(information: it)) == .noOutput)
  }

  @Test("every refusal has one line that names what was found")
  func descriptions() {
    for error: ModelError in [
      .misaligned(remainder: 8, alignment: 64), .limits(operation: 3, lowest: 9, highest: 8),
      .zeroPointOfValue(value: 4, found: 256, lowest: 0, highest: 255),
      .channels(operation: 3, found: 5, expected: 8),
    ] {
      #expect(!error.description.contains("\n"))
      #expect(error.description.contains { $0.isNumber })
    }
  }
}
