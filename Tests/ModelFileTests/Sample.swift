import FixedPoint
import ModelFile

/// A model of a few values that tests extend by one operation, right or wrong.
///
/// `bytes`, `shorts` and `words` are rows of 8, 8 and 4 channels made from the picture.
struct Sample {
  var writer = ModelWriter()
  let bytes: ValueIndex
  let shorts: ValueIndex
  let words: ValueIndex

  init() {
    let picture = Self.value(&writer, .uint8, 3)
    bytes = Self.product(&writer, picture, .uint8, 8)
    shorts = Self.product(&writer, picture, .int16, 8)
    words = Self.product(&writer, picture, .int32, 4)
  }

  static func value(
    _ writer: inout ModelWriter,
    _ element: Element,
    _ channels: Int,
    zeroPoint: Int32 = 0
  ) -> ValueIndex {
    writer.value(
      Value(
        element: element,
        channels: channels,
        zeroPoint: zeroPoint,
        stepBits: 0,
        name: writer.text("x")
      )
    )
  }

  mutating func value(
    _ element: Element,
    _ channels: Int,
    zeroPoint: Int32 = 0
  ) -> ValueIndex { Self.value(&writer, element, channels, zeroPoint: zeroPoint) }

  static func product(
    _ writer: inout ModelWriter,
    _ input: ValueIndex,
    _ element: Element,
    _ channels: Int
  ) -> ValueIndex {
    let output = value(&writer, element, channels)
    let it = convolution(&writer, input, output)
    writer.operations.append(.convolution(it))
    return output
  }

  /// A linear layer between two values with arrays of the right sizes.
  static func convolution(
    _ writer: inout ModelWriter,
    _ input: ValueIndex,
    _ output: ValueIndex
  ) -> Convolution {
    let inputs = writer.values[input.index].channels
    let outputs = writer.values[output.index].channels
    let element = writer.values[output.index].element
    let panels = WeightPanels(outputs: outputs, runs: 1, runLength: inputs)
    let weights = (0..<outputs * inputs).map { Int8(truncatingIfNeeded: $0 * 7) }
    return Convolution(
      input: input,
      output: output,
      window: .point,
      weights: writer.blob(panels.pack(weights)),
      bias: writer.blob((0..<outputs).map { Int32($0) }),
      multipliers: writer.blob((0..<outputs).map { Int32($0) << 20 }),
      shift: 40,
      lowest: element.lowest,
      highest: element.highest,
      paddingBytes: 0
    )
  }

  mutating func convolution(_ input: ValueIndex, _ output: ValueIndex) -> Convolution {
    Self.convolution(&writer, input, output)
  }

  mutating func append(_ operation: Operation) { writer.operations.append(operation) }

  mutating func normalization(channels: Int) -> NormalizationParameters {
    NormalizationParameters(
      gain: writer.blob([Int32](repeating: 1 << 16, count: channels)),
      bias: writer.blob([Int32](repeating: 0, count: channels)),
      fractionBits: 16,
      epsilon: 1 << 40
    )
  }

  static let half = Rescale(multiplier: 1 << 30, shift: 31)

  mutating func information() -> Information {
    Information(
      sizeRule: .edges(shortest: 800, longest: 1333),
      classDecoding: .sigmoid(limit: 100),
      logits: words,
      boxes: words,
      memory: shorts,
      normalizationBits: [1, 2, 3, 4, 5, 6, 7],
      labels: [writer.text("cell"), writer.text("плод")],
      provenance: [(writer.text("made"), writer.text("by a test"))],
      landmarks: [(writer.text("C5"), bytes)]
    )
  }

  mutating func file() -> [UInt8] {
    let information = information()
    return writer.file(information: information)
  }

  /// What validation says after a change.
  static func refusal(_ change: (inout Sample) -> Void) -> ModelError? {
    var sample = Sample()
    change(&sample)
    return ModelFileTests.refusal(sample.file())
  }
}
