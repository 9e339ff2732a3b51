import CheckedJSON
import Evaluation
import FixedPoint
import FloatGraph
import Foundation
import ModelFile
import Runtime

/// How sharply every attention looks, in float and in integers.
///
/// A row is what one query of one head gives to its keys, or to the sampling points of all levels.
struct SparsityComparison {
  /// One attention of both models.
  private struct Layer {
    let name: String
    let node: FloatGraph.Node
    let operation: ModelFile.Operation
    var float = AttentionSparsity()
    var integer = AttentionSparsity()
  }

  private let graph: FloatGraph
  private var layers: [Layer] = []

  init(graph: FloatGraph, file: MappedModel) {
    self.graph = graph
    var operations: [String: ModelFile.Operation] = [:]
    for operation in file.model.operations {
      operations[file.string(file.model[operation.output].name)] = operation
    }
    for node in graph.nodes {
      let name = graph[node.output].name
      guard let operation = operations[name] else { continue }
      switch (node.operation, operation) {
      case (.attention, .attention), (.deformableAttention, .deformableAttention):
        layers.append(Layer(name: name, node: node, operation: operation))
      default: break
      }
    }
  }

  /// What must be kept of a run of the float model.
  var floatValues: [FloatGraph.ValueID] { layers.flatMap { $0.node.inputs.prefix(3) } }

  /// What must be kept of a run of the integer model.
  var integerValues: [ValueIndex] { layers.flatMap { $0.operation.inputs } }

  mutating func add(_ result: FloatExecutor.Result, _ session: Session) {
    for index in layers.indices {
      let layer = layers[index]
      switch (layer.node.operation, layer.operation) {
      case (.deformableAttention(let attention), .deformableAttention(let it)):
        let samples = attention.levels.count * attention.points
        layers[index].float.add(
          Self.softmax(result[layer.node.inputs[2]], columns: samples, factor: 1),
          columns: samples
        )
        guard let logits = session.integers(of: it.logits) else { continue }
        layers[index].integer.add(
          Self.softmax(logits, columns: samples, it.logitRescale),
          columns: samples
        )
      case (.attention(let attention), .attention(let it)):
        let width = graph[layer.node.inputs[0]].channels
        let query = result[layer.node.inputs[0]].map(Double.init)
        let key = result[layer.node.inputs[1]].map(Double.init)
        let factor = 1 / Double(width / attention.heads).squareRoot()
        Self.scores(query, key, width: width, heads: attention.heads) { scores in
          let weights = Self.softmax(
            scores.map { Float($0) },
            columns: scores.count,
            factor: factor
          )
          layers[index].float.add(weights, columns: scores.count)
        }
        guard let integerQuery = session.integers(of: it.query),
          let integerKey = session.integers(of: it.key)
        else { continue }
        Self.scores(
          integerQuery.map(Double.init),
          integerKey.map(Double.init),
          width: width,
          heads: it.heads
        ) { scores in
          let weights = Self.softmax(
            scores.map { Int32($0) },
            columns: scores.count,
            it.scoreRescale
          )
          layers[index].integer.add(weights, columns: scores.count)
        }
      default: break
      }
    }
  }

  /// The dot products of each query with all keys, head by head.
  private static func scores(
    _ query: [Double],
    _ key: [Double],
    width: Int,
    heads: Int,
    row: ([Double]) -> Void
  ) {
    let headWidth = width / heads
    let keys = key.count / width
    for start in stride(from: 0, to: query.count, by: headWidth) {
      let head = start % width
      row(
        (0..<keys).map { other in
          var sum = 0.0
          for channel in 0..<headWidth {
            sum += query[start + channel] * key[other * width + head + channel]
          }
          return sum
        }
      )
    }
  }

  /// The softmax of each row of numbers times a factor.
  private static func softmax(_ numbers: [Float], columns: Int, factor: Double) -> [Float] {
    var weights: [Float] = []
    weights.reserveCapacity(numbers.count)
    for start in stride(from: 0, to: numbers.count, by: columns) {
      let row = numbers[start..<start + columns]
      let greatest = Double(row.max() ?? 0)
      let powers = row.map { exp((Double($0) - greatest) * factor) }
      let sum = powers.reduce(0, +)
      weights += powers.map { Float($0 / sum) }
    }
    return weights
  }

  /// The weights that the integer model uses.
  private static func softmax(_ scores: [Int32], columns: Int, _ rescale: Rescale) -> [Float] {
    var weights = [Int16](repeating: 0, count: scores.count)
    scores.withUnsafeBufferPointer { scores in
      weights.withUnsafeMutableBufferPointer { weights in
        for start in stride(from: 0, to: scores.count, by: columns) {
          softmaxRow(
            scores: scores.baseAddress! + start,
            count: columns,
            toOctaves: rescale,
            probabilities: weights.baseAddress! + start
          )
        }
      }
    }
    return weights.map { Float($0) }
  }

  /// The mean negative entropy of each attention, one a line.
  var text: String {
    guard !layers.isEmpty else { return "attention sparsity: no attention in common" }
    var lines = ["attention sparsity (mean negative entropy, nats)", "    float   integer  layer"]
    for layer in layers {
      let figures = [layer.float, layer.integer].map {
        $0.meanNegativeEntropy?.formatted(digits: 4) ?? "-"
      }
      let columns = zip(figures, [9, 10]).map { figure, width in
        String(repeating: " ", count: max(0, width - figure.count)) + figure
      }
      lines.append(columns.joined() + "  \(layer.name)")
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    .array(
      layers.map { layer in
        [
          "name": .string(layer.name),
          "float": layer.float.meanNegativeEntropy.map(JSON.double) ?? .null,
          "integer": layer.integer.meanNegativeEntropy.map(JSON.double) ?? .null,
        ]
      }
    )
  }
}
