import FloatGraph

/// Finds the activations that are worth 16 bits: by measuring, one activation at a time.
///
///     var search = try IslandSearch(graph: graph, calibration: calibration, options: options)
///     try search.measure { file in … }
///     let islands = search.islands(costing: 0.3)
///
/// The model in which every candidate is int16 is the reference. For each candidate it is quantized
/// once more with that one at 8 bits; how far its outputs then are from the reference's is what these 8 bits
/// cost. Errors so small add up in their squares, so each stands for its share of the whole error, and is not
/// drowned in that of all others, as it would be in a model at 8 bits with one island.
public struct IslandSearch {
  /// An 8-bit activation that could be int16 where matrix products read it.
  public struct Candidate: Sendable {
    public let value: FloatGraph.ValueID
    public let name: String
    /// The layers that read it.
    public let products: [String]
    /// Their multiply-adds at the largest input of the calibration.
    public let multiplyAdds: Int
    /// What its 8 bits cost, as the measure says; 0 before ``IslandSearch/measure(_:)``.
    public fileprivate(set) var error = 0.0
  }

  public private(set) var candidates: [Candidate]
  /// Multiply-adds of the whole graph at that input.
  public let multiplyAdds: Int

  private let graph: FloatGraph
  private let calibration: Calibration
  private let options: QuantizerOptions
  private let cache = QuantizationCache()

  /// - Parameters:
  ///   - graph: the float graph.
  ///   - calibration: its statistics.
  ///   - options: how it is quantized; islands by hand are no candidates.
  /// - Throws: ``QuantizationError`` for a graph without an integer form, ``ShapeError`` for statistics
  ///   without photographs.
  public init(
    graph: FloatGraph,
    calibration: Calibration,
    options: QuantizerOptions
  ) throws {
    self.graph = graph
    self.calibration = calibration
    self.options = options
    let analysis = try GraphAnalysis(graph: graph, options: options)
    let shapes = try graph.shapes(for: calibration.largestInput)
    var readers: [FloatGraph.ValueID: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .convolution, .linear:
        let source = analysis.positionSum(node.inputs[0])?.tokens ?? node.inputs[0]
        guard source != graph.picture, analysis.productInput(node) == .byte else { continue }
        readers[source, default: []].append(index)
      default: break
      }
    }
    candidates = readers.sorted { $0.key.index < $1.key.index }.map { value, products in
      Candidate(
        value: value,
        name: graph[value].name,
        products: products.map { graph[graph.nodes[$0].output].name },
        multiplyAdds: products.reduce(0) { total, product in
          let node = graph.nodes[product]
          return total + shapes[node.output.index].count * node.operation.sampleWidth
        }
      )
    }
    multiplyAdds = graph.multiplyAddCount(shapes: shapes)
  }

  /// The model with some candidates at int16.
  ///
  /// - Parameters:
  ///   - islands: the values that are int16 in products.
  ///   - provenance: facts to keep in the file.
  /// - Returns: the model.
  /// - Throws: ``QuantizationError``.
  public func quantized(
    islands: Set<FloatGraph.ValueID>,
    provenance: [(name: String, text: String)] = []
  ) throws(QuantizationError) -> Quantizer.Result {
    var options = options
    options.wideInputs.formUnion(islands)
    return try Quantizer.quantize(
      graph,
      calibration: calibration,
      options: options,
      provenance: provenance,
      cache: cache
    )
  }

  /// All candidates.
  public var all: Set<FloatGraph.ValueID> { Set(candidates.map(\.value)) }

  /// Measures what each candidate's 8 bits cost.
  ///
  /// - Parameter error: runs a model file and says how far its outputs are from those of the first file that
  ///   it was given, in squares that add up.
  /// - Throws: ``QuantizationError`` and what `error` throws.
  public mutating func measure(_ error: (_ file: [UInt8]) throws -> Double) throws {
    _ = try error(quantized(islands: all).file)
    for index in candidates.indices {
      let others = all.subtracting([candidates[index].value])
      candidates[index].error = try error(quantized(islands: others).file)
    }
  }

  /// The candidates by what they gain for a multiply-add, the best first.
  public var ranked: [Candidate] {
    candidates.sorted { one, other in
      let (left, right) = (
        one.error * Double(other.multiplyAdds), other.error * Double(one.multiplyAdds)
      )
      return left == right ? one.value.index < other.value.index : left > right
    }
  }

  /// The best candidates whose multiply-adds fit into a share of the graph's.
  ///
  /// - Parameter share: 1 and more stand for all multiply-adds of the graph.
  /// - Returns: the values, none of which was found to cost nothing at 8 bits.
  public func islands(costing share: Double) -> [Candidate] {
    var left = Int(min(share, 1) * Double(multiplyAdds))
    return ranked.filter { candidate in
      guard candidate.error > 0, candidate.multiplyAdds <= left else { return false }
      left -= candidate.multiplyAdds
      return true
    }
  }
}
