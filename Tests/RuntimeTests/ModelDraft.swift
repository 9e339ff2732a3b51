import FixedPoint
import Foundation
import ModelFile

/// Builds small models with random numbers whose results spread over their types' ranges.
struct ModelDraft {
  var writer = ModelWriter()
  var random: SeededGenerator
  private var elements: [Element] = []
  private var channels: [Int] = []

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    _ = value(.uint8, 3, zeroPoint: 0)
  }

  var picture: ValueIndex { Model.picture }
  func channels(_ value: ValueIndex) -> Int { channels[value.index] }
  func element(_ value: ValueIndex) -> Element { elements[value.index] }

  // MARK: Numbers

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func integers<T: FixedWidthInteger>(
    _ count: Int,
    _ range: ClosedRange<T>
  ) -> [T] {
    (0..<count).map { _ in T.random(in: range, using: &random) }
  }

  /// A factor near a real number.
  func rescale(_ ratio: Double) -> Rescale {
    var shift = 1
    while shift < 62, ratio * pow(2, Double(shift)) < 1_073_741_824 { shift += 1 }
    return Rescale(
      multiplier: Int32(min(ratio * pow(2, Double(shift)), 2_147_483_647)),
      shift: Int32(shift)
    )
  }

  /// About the standard deviation of the numbers of a value.
  func spread(_ value: ValueIndex) -> Double {
    switch element(value) {
    case .uint8, .int8: 70
    case .int16: 4000
    case .int32: 20_000_000
    }
  }

  mutating func value(
    _ element: Element,
    _ channels: Int,
    zeroPoint: Int32? = nil
  ) -> ValueIndex {
    var zero = zeroPoint ?? 0
    if zeroPoint == nil, element == .uint8 { zero = Int32(number(60...190)) }
    elements.append(element)
    self.channels.append(channels)
    return writer.value(
      Value(
        element: element,
        channels: channels,
        zeroPoint: zero,
        stepBits: (1.0).bitPattern,
        name: writer.text("value")
      )
    )
  }

  // MARK: Operations

  mutating func convolution(
    _ input: ValueIndex,
    to element: Element,
    _ outputs: Int,
    _ window: Window = .point,
    residual: ValueIndex? = nil,
    position: ValueIndex? = nil,
    levels: [ValueIndex] = [],
    spread wanted: Double? = nil
  ) -> ValueIndex {
    let panels = Convolution.panels(window: window, inputs: channels(input), outputs: outputs)
    let taps = panels.runs * panels.runLength
    let output = value(element, outputs)
    let ratio =
      (wanted ?? spread(output)) / (Double(taps).squareRoot() * 73 * spread(input))
    let common = rescale(ratio)
    let residualRatio = residual.map { spread(output) / spread($0) * 0.7 } ?? 0
    let weights: [Int8] = integers(outputs * taps, -127...127)
    let bias = Int32(1 / ratio * 40)
    let multipliers = (0..<outputs).map { _ in
      Int32(Double(common.multiplier) * Double.random(in: 0.3...1, using: &random))
    }
    let lowest = number(0...3) == 0 ? writer.values[output.index].zeroPoint : element.lowest
    writer.operations.append(
      .convolution(
        Convolution(
          input: input,
          output: output,
          window: window,
          weights: writer.blob(panels.pack(weights)),
          bias: writer.blob(integers(outputs, -bias...bias)),
          multipliers: writer.blob(multipliers),
          shift: common.shift,
          lowest: lowest,
          highest: element.highest,
          residual: residual,
          residualMultiplier: Int32(
            min(residualRatio * pow(2, Double(common.shift)), 2_147_483_647)
          ),
          position: position,
          positionLevels: levels,
          paddingBytes: UInt32.random(in: 0...UInt32.max, using: &random)
        )
      )
    )
    return output
  }

  mutating func maxPool(_ input: ValueIndex, _ window: Window) -> ValueIndex {
    let output = value(
      element(input),
      channels(input),
      zeroPoint: writer.values[input.index].zeroPoint
    )
    writer.operations.append(.maxPool(MaxPool(input: input, output: output, window: window)))
    return output
  }

  mutating func add(_ a: ValueIndex, _ b: ValueIndex, to element: Element) -> ValueIndex {
    let output = value(element, channels(a))
    let factor = pow(2.0, 20) * spread(output)
    writer.operations.append(
      .add(
        Addition(
          a: a,
          b: b,
          output: output,
          multiplierA: Int32(factor * 0.6 / spread(a)),
          multiplierB: Int32(factor * 0.5 / spread(b)),
          shift: 20,
          lowest: element.lowest,
          highest: element.highest
        )
      )
    )
    return output
  }

  mutating func requantize(_ input: ValueIndex, to element: Element) -> ValueIndex {
    let output = value(element, channels(input))
    writer.operations.append(
      .requantize(
        Requantization(
          input: input,
          output: output,
          rescale: rescale(spread(output) / spread(input))
        )
      )
    )
    return output
  }

  private mutating func normalization(
    _ output: ValueIndex,
    _ channels: Int
  ) -> NormalizationParameters {
    let gain = Int32(spread(output) * 65536)
    let zero = writer.values[output.index].zeroPoint
    let bias = (0..<channels).map { _ in
      zero * 65536 + Int32.random(in: -gain / 4...gain / 4, using: &random)
    }
    return NormalizationParameters(
      gain: writer.blob(integers(channels, -gain...gain)),
      bias: writer.blob(bias),
      fractionBits: 16,
      epsilon: UInt64(number(0...1 << 40))
    )
  }

  mutating func layerNorm(_ input: ValueIndex, to element: Element) -> ValueIndex {
    let output = value(element, channels(input))
    let parameters = normalization(output, channels(input))
    writer.operations.append(
      .layerNorm(LayerNorm(input: input, output: output, parameters: parameters))
    )
    return output
  }

  mutating func groupNorm(
    _ input: ValueIndex,
    groups: Int,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(input))
    let parameters = normalization(output, channels(input))
    writer.operations.append(
      .groupNorm(
        GroupNorm(input: input, output: output, groups: groups, parameters: parameters)
      )
    )
    return output
  }

  mutating func attention(
    _ query: ValueIndex,
    _ key: ValueIndex,
    _ value: ValueIndex,
    heads: Int,
    keyGrid: ValueIndex?,
    to element: Element
  ) -> ValueIndex {
    let output = self.value(element, channels(value))
    let width = Double(channels(query) / heads)
    writer.operations.append(
      .attention(
        Attention(
          query: query,
          key: key,
          value: value,
          output: output,
          heads: heads,
          keyGrid: keyGrid,
          scoreRescale: rescale(4 * 65536 / (width.squareRoot() * spread(query) * spread(key))),
          outputRescale: rescale(spread(output) / (spread(value) * 20000))
        )
      )
    )
    return output
  }

  mutating func deformableAttention(
    value: ValueIndex,
    offsets: ValueIndex,
    logits: ValueIndex,
    references: ValueIndex?,
    heads: Int,
    points: Int,
    levels: [ValueIndex],
    to element: Element,
    isDiscrete: Bool = false
  ) -> ValueIndex {
    let output = self.value(element, channels(value))
    let hasSides = references.map { channels($0) == 4 } ?? false
    writer.operations.append(
      .deformableAttention(
        DeformableAttention(
          value: value,
          offsets: offsets,
          logits: logits,
          references: references,
          output: output,
          heads: heads,
          points: points,
          levels: levels,
          offsetRescale: rescale((hasSides ? 0.5 : 2) * 65536 / spread(offsets)),
          logitRescale: rescale(2 * 65536 / spread(logits)),
          outputRescale: rescale(spread(output) / (spread(value) * 15000)),
          isDiscrete: isDiscrete
        )
      )
    )
    return output
  }

  mutating func sinePosition(
    _ levels: [ValueIndex],
    features: Int,
    hasBothAxes: Bool = false
  ) -> ValueIndex {
    let output = value(.int16, 2 * features, zeroPoint: 0)
    let withVectors = number(0...1) == 1
    writer.operations.append(
      .positionTable(
        PositionTable(
          kind: .sine(
            frequencies: writer.blob(
              integers(hasBothAxes ? 2 * features : features, 1...Int32(1 << 30))
            ),
            halfOffset: Int32(number(0...1))
          ),
          levels: levels,
          levelVectors: withVectors
            ? writer.blob(integers(levels.count * 2 * features, Int16(-9000)...9000))
            : writer.blob([Int16]()),
          sineRescale: rescale(12000 / pow(2, 30)),
          output: output
        )
      )
    )
    return output
  }

  mutating func learnedPosition(
    _ levels: [ValueIndex],
    features: Int,
    positions: Int
  ) -> ValueIndex {
    let output = value(.int16, 2 * features + 1, zeroPoint: 0)
    writer.operations.append(
      .positionTable(
        PositionTable(
          kind: .learned(
            columns: writer.blob(integers(positions * features, Int16(-9000)...9000)),
            rows: writer.blob(integers(positions * (features + 1), Int16(-9000)...9000)),
            columnFeatures: features,
            rowFeatures: features + 1
          ),
          levels: levels,
          levelVectors: writer.blob([Int16]()),
          sineRescale: Rescale(multiplier: 1 << 30, shift: 30),
          output: output
        )
      )
    )
    return output
  }

  mutating func constant(_ element: Element, rows: Int, channels: Int) -> ValueIndex {
    let output = value(element, channels)
    let count = rows * channels
    let data =
      switch element {
      case .uint8: writer.blob(integers(count, UInt8.min...UInt8.max))
      case .int8: writer.blob(integers(count, Int8.min...Int8.max))
      case .int16: writer.blob(integers(count, Int16(-8000)...8000))
      case .int32: writer.blob(integers(count, Int32(0)...Int32(1 << 30)))
      }
    writer.operations.append(.constant(Constant(data: data, rows: rows, output: output)))
    return output
  }

  mutating func concatenate(_ inputs: [ValueIndex]) -> ValueIndex {
    let output = like(inputs[0])
    writer.operations.append(.concatenateRows(Concatenation(inputs: inputs, output: output)))
    return output
  }

  mutating func slice(_ input: ValueIndex, first: Int, count: Int) -> ValueIndex {
    let output = value(
      element(input),
      count,
      zeroPoint: writer.values[input.index].zeroPoint
    )
    writer.operations.append(
      .sliceColumns(ColumnSlice(input: input, output: output, first: first))
    )
    return output
  }

  mutating func mask(
    _ input: ValueIndex,
    _ levels: [ValueIndex],
    onlyProposals: Bool = false
  ) -> ValueIndex {
    let mask = PaddingMask(input: input, output: like(input), levels: levels)
    writer.operations.append(onlyProposals ? .maskProposals(mask) : .maskPadding(mask))
    return mask.output
  }

  mutating func topRows(_ input: ValueIndex, count: Int, column: Int) -> ValueIndex {
    let output = value(.int32, 1)
    writer.operations.append(
      .topRows(TopRows(input: input, output: output, count: count, column: column))
    )
    return output
  }

  mutating func gather(_ input: ValueIndex, _ indices: ValueIndex) -> ValueIndex {
    let output = like(input)
    writer.operations.append(
      .gatherRows(RowGather(input: input, indices: indices, output: output))
    )
    return output
  }

  mutating func sigmoid(_ input: ValueIndex) -> ValueIndex {
    let output = value(.int32, channels(input))
    writer.operations.append(.sigmoid(Sigmoid(input: input, output: output)))
    return output
  }

  mutating func refine(_ delta: ValueIndex, _ reference: ValueIndex) -> ValueIndex {
    let output = value(.int32, 4)
    writer.operations.append(
      .refineBoxes(BoxRefinement(delta: delta, reference: reference, output: output))
    )
    return output
  }

  mutating func proposals(
    _ delta: ValueIndex,
    _ indices: ValueIndex,
    _ levels: [ValueIndex]
  ) -> ValueIndex {
    let output = value(.int32, 4)
    writer.operations.append(
      .proposalBoxes(
        ProposalBoxes(delta: delta, indices: indices, output: output, levels: levels)
      )
    )
    return output
  }

  mutating func boxSine(_ input: ValueIndex, features: Int) -> ValueIndex {
    let output = value(.int16, channels(input) * features, zeroPoint: 0)
    writer.operations.append(
      .boxSine(
        BoxSine(
          input: input,
          output: output,
          frequencies: writer.blob(integers(features, 1...Int32(1 << 30)))
        )
      )
    )
    return output
  }

  mutating func like(_ input: ValueIndex) -> ValueIndex {
    value(
      element(input),
      channels(input),
      zeroPoint: writer.values[input.index].zeroPoint
    )
  }

  // MARK: File

  /// Logits and boxes from the rows of an int8 or int16 value.
  mutating func heads(_ input: ValueIndex, classes: Int) -> (ValueIndex, ValueIndex) {
    let logits = convolution(input, to: .int32, classes)
    let deltas = convolution(input, to: .int32, 4)
    return (logits, sigmoid(deltas))
  }

  func file(
    logits: ValueIndex,
    boxes: ValueIndex,
    decoding: Information.ClassDecoding,
    sizeRule: Information.SizeRule = .unchanged
  ) -> [UInt8] {
    writer.file(
      information: Information(
        sizeRule: sizeRule,
        classDecoding: decoding,
        logits: logits,
        boxes: boxes,
        memory: nil,
        normalizationBits: [UInt64](repeating: 0, count: 7),
        labels: [],
        provenance: [],
        landmarks: []
      )
    )
  }

  func model(
    logits: ValueIndex,
    boxes: ValueIndex,
    decoding: Information.ClassDecoding,
    sizeRule: Information.SizeRule = .unchanged
  ) throws -> LoadedModel {
    try LoadedModel(
      file(logits: logits, boxes: boxes, decoding: decoding, sizeRule: sizeRule)
    )
  }
}
