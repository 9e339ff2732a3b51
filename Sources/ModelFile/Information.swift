/// What a model says about itself beside its operations.
public struct Information: Sendable {
  /// How a photograph becomes the network's input.
  public enum SizeRule: Equatable, Sendable {
    /// The shorter side becomes `shortest` unless the longer one would exceed `longest`.
    case edges(shortest: Int, longest: Int)
    case fixed(height: Int, width: Int)
    case unchanged
  }

  /// How class logits become scores.
  public enum ClassDecoding: Equatable, Sendable {
    /// Sigmoid per class, the `limit` best of queries × classes.
    case sigmoid(limit: Int)
    /// Softmax over the classes and a last column "no object", the best class of each query.
    case softmaxWithNoObject
  }

  public var sizeRule: SizeRule
  public var classDecoding: ClassDecoding
  /// int32 logits [queries, classes].
  public var logits: ValueIndex
  /// int32 boxes Q1.30 [queries, 4]: centre x, centre y, width, height.
  public var boxes: ValueIndex
  /// The encoder's output [tokens, d].
  public var memory: ValueIndex?
  /// Factor, three means and three deviations of the normalisation as bits of binary64 numbers;
  /// only for tools that go back from a normalised tensor to pixels.
  public var normalizationBits: [UInt64]
  public var labels: [TextRange]
  /// Facts on the model's origin: name, text.
  public var provenance: [(name: TextRange, text: TextRange)]
  /// Values under the names that debugging dumps use.
  public var landmarks: [(name: TextRange, value: ValueIndex)]
  /// A sample picture with the digest of its detections, where the file carries one.
  public var selfTest: SelfTest?

  public init(
    sizeRule: SizeRule,
    classDecoding: ClassDecoding,
    logits: ValueIndex,
    boxes: ValueIndex,
    memory: ValueIndex?,
    normalizationBits: [UInt64],
    labels: [TextRange],
    provenance: [(name: TextRange, text: TextRange)],
    landmarks: [(name: TextRange, value: ValueIndex)],
    selfTest: SelfTest? = nil
  ) {
    self.sizeRule = sizeRule
    self.classDecoding = classDecoding
    self.logits = logits
    self.boxes = boxes
    self.memory = memory
    self.normalizationBits = normalizationBits
    self.labels = labels
    self.provenance = provenance
    self.landmarks = landmarks
    self.selfTest = selfTest
  }

  func write(to words: inout WordWriter) {
    switch sizeRule {
    case .edges(let shortest, let longest):
      words.number(0)
      words.number(shortest)
      words.number(longest)
    case .fixed(let height, let width):
      words.number(1)
      words.number(height)
      words.number(width)
    case .unchanged:
      words.number(2)
      words.number(1)
      words.number(1)
    }
    switch classDecoding {
    case .sigmoid(let limit):
      words.number(0)
      words.number(limit)
    case .softmaxWithNoObject:
      words.number(1)
      words.number(1)
    }
    words.value(logits)
    words.value(boxes)
    words.optionalValue(memory)
    for bits in normalizationBits { words.doubleWord(bits) }
    words.number(labels.count)
    for label in labels { words.text(label) }
    words.number(provenance.count)
    for fact in provenance {
      words.text(fact.name)
      words.text(fact.text)
    }
    words.number(landmarks.count)
    for landmark in landmarks {
      words.text(landmark.name)
      words.value(landmark.value)
    }
    selfTest?.write(to: &words)
  }

  init(from words: inout WordReader) throws(ModelError) {
    let rule = try words.number(0...2)
    let first = try words.number(1...65535)
    let second = try words.number(1...65535)
    switch rule {
    case 0: sizeRule = .edges(shortest: first, longest: second)
    case 1: sizeRule = .fixed(height: first, width: second)
    default: sizeRule = .unchanged
    }
    let decoding = try words.number(0...1)
    let limit = try words.number(1...65536)
    classDecoding = decoding == 0 ? .sigmoid(limit: limit) : .softmaxWithNoObject
    logits = try words.value()
    boxes = try words.value()
    memory = try words.optionalValue()
    normalizationBits = []
    for _ in 0..<7 { normalizationBits.append(try words.doubleWord()) }
    labels = []
    for _ in 0..<(try words.number(0...Int32(clamping: words.remainingWords / 2))) {
      labels.append(try words.text())
    }
    provenance = []
    for _ in 0..<(try words.number(0...Int32(clamping: words.remainingWords / 4))) {
      provenance.append((try words.text(), try words.text()))
    }
    landmarks = []
    for _ in 0..<(try words.number(0...Int32(clamping: words.remainingWords / 3))) {
      landmarks.append((try words.text(), try words.value()))
    }
    selfTest = words.isAtEnd ? nil : try SelfTest(from: &words)
  }
}
