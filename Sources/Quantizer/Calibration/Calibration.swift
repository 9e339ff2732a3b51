import FloatGraph

/// What a graph's values look like over a set of photographs.
public struct Calibration: Sendable {
  public private(set) var statistics: [ValueStatistics]
  /// Real inputs of convolutions and linear layers, by node.
  public private(set) var samples: [Int: ProductSamples] = [:]
  public private(set) var photographs = 0
  /// The products that read each value, position codes looked through.
  private let readers: [[Int]]

  public init(graph: FloatGraph) {
    statistics = [ValueStatistics](repeating: ValueStatistics(), count: graph.values.count)
    var readers = [[Int]](repeating: [], count: graph.values.count)
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
        let input = tokensOfSum[node.inputs[0]] ?? node.inputs[0]
        readers[input.index].append(index)
        samples[index] = ProductSamples(width: node.operation.sampleWidth)
      default: break
      }
    }
    self.readers = readers
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
    let nodes = executor.graph.nodes
    do {
      _ = try executor.run(picture: picture, size: size) { value, shape, numbers in
        next.statistics[value.index].observe(numbers, channels: shape.channels)
        for reader in next.readers[value.index] {
          next.sample(nodes[reader], reader, numbers, shape)
        }
      }
    } catch {
      self = next
      throw error
    }
    next.photographs += 1
    self = next
  }

  private mutating func sample(
    _ node: FloatGraph.Node,
    _ index: Int,
    _ numbers: UnsafeBufferPointer<Float>,
    _ shape: Shape
  ) {
    if case .convolution(_, let window, _) = node.operation, let grid = shape.grid {
      samples[index]?.addWindows(
        numbers,
        grid: grid,
        channels: shape.channels,
        window: window,
        seed: photographs
      )
    } else {
      samples[index]?.addRows(numbers, seed: photographs)
    }
  }

  subscript(value: FloatGraph.ValueID) -> ValueStatistics { statistics[value.index] }
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
