import FloatGraph

/// What a graph's values look like over a set of photographs.
///
/// Its size depends on the graph only, not on the number of photographs.
public struct Calibration: Sendable {
  public internal(set) var statistics: [ValueStatistics]
  public internal(set) var photographs = 0
  /// The input with the most pixels among them.
  public internal(set) var largestInput = InputSize(height: 0, width: 0)
  /// Real inputs of convolutions and linear layers, by place.
  var samples: [Int: ProductSamples] = [:]
  /// For each value the places that sample it.
  private let readers: [[SamplePlace]]
  /// For each product the place of what it reads.
  private let inputPlaces: [Int: Int]
  /// The same with position codes looked through.
  private let tokenPlaces: [Int: Int]

  /// Where rows of a value are kept; products that read the same rows share them.
  private struct SamplePlace: Hashable {
    /// The value's index, or for windows the number of values and the node's index together.
    let key: Int
    let window: FloatOperation.Window?

    static func == (left: Self, right: Self) -> Bool { left.key == right.key }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }
  }

  public init(graph: FloatGraph) {
    statistics = [ValueStatistics](repeating: ValueStatistics(), count: graph.values.count)
    var readers = [[SamplePlace]](repeating: [], count: graph.values.count)
    var inputPlaces: [Int: Int] = [:]
    var tokenPlaces: [Int: Int] = [:]
    var samples: [Int: ProductSamples] = [:]
    var tokensOfSum: [FloatGraph.ValueID: FloatGraph.ValueID] = [:]
    var isPosition = [Bool](repeating: false, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .positionCode: isPosition[node.output.index] = true
      case .concatenateRows:
        isPosition[node.output.index] = node.inputs.allSatisfy { isPosition[$0.index] }
      case .add:
        if isPosition[node.inputs[1].index] { tokensOfSum[node.output] = node.inputs[0] }
        if isPosition[node.inputs[0].index] { tokensOfSum[node.output] = node.inputs[1] }
      case .convolution, .linear:
        let width = node.operation.sampleWidth
        func place(_ value: FloatGraph.ValueID) -> Int {
          var place = SamplePlace(key: value.index, window: nil)
          if case .convolution(_, let window, _) = node.operation, window.kernel > 1 {
            place = SamplePlace(key: graph.values.count + index, window: window)
          }
          if samples[place.key] == nil {
            samples[place.key] = ProductSamples(width: width)
            readers[value.index].append(place)
          }
          return place.key
        }
        inputPlaces[index] = place(node.inputs[0])
        tokenPlaces[index] = place(tokensOfSum[node.inputs[0]] ?? node.inputs[0])
      default: break
      }
    }
    self.readers = readers
    self.inputPlaces = inputPlaces
    self.tokenPlaces = tokenPlaces
    self.samples = samples
  }

  /// Runs one photograph through the float graph and adds what it shows.
  ///
  /// - Parameters:
  ///   - picture: normalised pixels [height · width, 3].
  ///   - size: the input's size.
  ///   - executor: the float executor of the same graph.
  /// - Throws: ``ShapeError`` when the graph cannot take the size.
  public mutating func add(
    picture: [Float],
    size: InputSize,
    executor: FloatExecutor
  ) throws(ShapeError) {
    var next = self
    // Only `next` is changed, so that it holds the arrays alone and none is copied.
    statistics = []
    samples = [:]
    let graph = executor.graph
    do {
      let shapes = try graph.shapes(for: size)
      picture.withUnsafeBufferPointer {
        next.observe(graph.picture, shapes[graph.picture.index], $0)
      }
      _ = try executor.run(
        picture: picture,
        size: size,
        observer: { value, shape, numbers in next.observe(value, shape, numbers) },
        masksOf: graph.perQuery == nil ? nil : { graph.bestQueries($0, count: Self.maskCount) }
      )
    } catch {
      self = next
      throw error
    }
    next.photographs += 1
    if size.height * size.width > largestInput.height * largestInput.width {
      next.largestInput = InputSize(height: size.height, width: size.width)
    }
    self = next
  }

  /// Queries of a photograph whose masks are looked at.
  private static let maskCount = 4

  private mutating func observe(
    _ value: FloatGraph.ValueID,
    _ shape: Shape,
    _ numbers: UnsafeBufferPointer<Float>
  ) {
    statistics[value.index].observe(numbers, channels: shape.channels)
    for place in readers[value.index] { sample(place, numbers, shape) }
  }

  private mutating func sample(
    _ place: SamplePlace,
    _ numbers: UnsafeBufferPointer<Float>,
    _ shape: Shape
  ) {
    if let window = place.window, let grid = shape.grid {
      samples[place.key]?.addWindows(
        numbers,
        grid: grid,
        channels: shape.channels,
        window: window,
        seed: photographs
      )
    } else {
      samples[place.key]?.addRows(numbers, seed: photographs)
    }
  }

  subscript(value: FloatGraph.ValueID) -> ValueStatistics { statistics[value.index] }

  /// Rows of what a product reads.
  func inputs(ofProduct node: Int) -> ProductSamples? { inputPlaces[node].flatMap { samples[$0] } }

  /// Rows of what a product reads before a position code is added to it.
  func tokens(ofProduct node: Int) -> ProductSamples? { tokenPlaces[node].flatMap { samples[$0] } }
}

extension FloatOperation {
  /// Weights of one output of a matrix product.
  var sampleWidth: Int {
    switch self {
    case .convolution(let weights, _, _), .linear(let weights, _):
      weights.values.count / weights.outputs
    default: 0
    }
  }
}

extension FloatGraph {
  /// The queries with the highest scores, best first.
  fileprivate func bestQueries(_ result: FloatExecutor.Result, count: Int) -> [Int] {
    guard let logits, let boxes else { return [] }
    let found = detections(logits: result[logits], boxes: result[boxes])
    let order = found.indices.sorted { (found[$1].score, $0) < (found[$0].score, $1) }
    return Array(order.prefix(count))
  }
}
