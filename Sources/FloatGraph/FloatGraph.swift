/// A detector as a list of float operations, the same for every family.
///
/// Every activation is a matrix of rows × channels, batch one. A feature map is a matrix whose rows
/// are the pixels of a grid, row by row (`row = y * width + x`), so a map can be read as tokens
/// without moving a byte. The graph does not know where its weights came from and holds for every
/// picture size; ``shapes(for:)`` gives the sizes for one.
///
///     var graph = FloatGraph(...)
///     let stem = graph.append(.convolution(...), inputs: [graph.picture], name: "backbone.stem")
///
/// Nodes stand in the order of execution: a node only reads values of earlier nodes.
public struct FloatGraph: Sendable {
  /// An index into ``values``.
  public struct ValueID: Hashable, Sendable {
    public let index: Int
    public init(_ index: Int) { self.index = index }
  }

  /// One activation.
  public struct Value: Sendable {
    /// The name of what computes it, such as `encoder.layers.0.fc1`.
    public let name: String
    public let channels: Int
  }

  /// One operation, the values that it reads and the one that it makes.
  public struct Node: Sendable {
    public let operation: FloatOperation
    public let inputs: [ValueID]
    public let output: ValueID
  }

  public private(set) var values: [Value]
  public private(set) var nodes: [Node] = []

  /// Class logits [queries, classes]; for DETR the last column is "no object".
  public var logits: ValueID?
  /// Boxes [queries, 4]: centre x, centre y, width, height in 0…1 of the padded input.
  public var boxes: ValueID?
  /// Output of the encoder [tokens, d], all levels one after the other.
  public var memory: ValueID?
  /// Further values worth dumping under a name of the reference cases (`C5`, `init_reference`, …).
  public var landmarks: [(name: String, value: ValueID)] = []

  /// The part that is computed for one query at a time, where there is one.
  public var perQuery: PerQuery?

  /// The last nodes of a graph, computed again for every query that is asked for.
  public struct PerQuery: Sendable {
    /// The first node of the part; nodes before it do not read what it makes.
    public let firstNode: Int
    /// The logits of the query's mask [pixels, 1].
    public let mask: ValueID

    public init(firstNode: Int, mask: ValueID) {
      self.firstNode = firstNode
      self.mask = mask
    }
  }

  public var preprocessing: Preprocessing
  public var classes: ClassDecoding
  /// Names of the classes by index; empty names where the checkpoint has none.
  public var labels: [String]

  /// The picture [height × width, 3]: RGB, scaled and normalised.
  public var picture: ValueID { ValueID(0) }

  public init(preprocessing: Preprocessing, classes: ClassDecoding, labels: [String]) {
    self.preprocessing = preprocessing
    self.classes = classes
    self.labels = labels
    values = [Value(name: "picture", channels: 3)]
  }

  /// Adds an operation and returns the value that it makes.
  ///
  /// - Parameters:
  ///   - operation: what to compute; its weights must fit the channels of the inputs.
  ///   - inputs: values made before.
  ///   - name: a unique name for the result.
  /// - Returns: the new value.
  @discardableResult
  public mutating func append(
    _ operation: FloatOperation,
    inputs: [ValueID],
    name: String
  ) -> ValueID {
    let channels = operation.outputChannels(inputs: inputs.map { values[$0.index].channels })
    let output = ValueID(values.count)
    values.append(Value(name: name, channels: channels))
    nodes.append(Node(operation: operation, inputs: inputs, output: output))
    return output
  }

  public subscript(value: ValueID) -> Value { values[value.index] }
}

/// How class logits become scores.
public enum ClassDecoding: Sendable, Equatable {
  /// Sigmoid per class; the `limit` best of queries × classes (Deformable DETR).
  case sigmoid(limit: Int)
  /// Softmax over classes and a last column "no object"; the best class of each query (DETR).
  case softmaxWithNoObject
}

/// What happens to a photograph before the network sees it.
public struct Preprocessing: Sendable, Equatable {
  /// The rule for the size of the network's input.
  public enum Size: Sendable, Equatable, CustomStringConvertible {
    /// The shorter side becomes `shortest` unless the longer one would exceed `longest`.
    case edges(shortest: Int, longest: Int)
    /// Always this size.
    case fixed(height: Int, width: Int)
    /// The picture's own size.
    case unchanged

    /// The rule in words, such as `240x320`.
    public var description: String {
      switch self {
      case .edges(let shortest, let longest): "shorter edge \(shortest), longer at most \(longest)"
      case .fixed(let height, let width): "\(height)x\(width)"
      case .unchanged: "that of the photograph"
      }
    }
  }

  public var size: Size
  /// Factor on the 8-bit values, usually 1 / 255.
  public var rescale: Double
  /// Per channel R, G, B, subtracted after rescaling.
  public var mean: [Double]
  /// Per channel R, G, B, divided by after subtracting.
  public var standardDeviation: [Double]

  public init(size: Size, rescale: Double, mean: [Double], standardDeviation: [Double]) {
    self.size = size
    self.rescale = rescale
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}
