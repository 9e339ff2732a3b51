import FloatGraph
import ModelFile

/// The values that a float graph and the integer model made from it have in common, by name.
struct ValuePairs {
  struct Pair {
    let name: String
    let float: FloatGraph.ValueID
    let integer: ValueIndex
    let channels: Int
    /// Whether the rows stand for queries in the order in which ``ranking`` chose them.
    let isRanked: Bool
  }

  /// All but the picture, whose integers are pixels and not normalised, and lists of row numbers.
  let pairs: [Pair]
  /// The row numbers of the proposals of a two-stage detector.
  let ranking: Pair?

  init(graph: FloatGraph, file: MappedModel) {
    var integers: [String: ValueIndex] = [:]
    for index in file.model.values.indices {
      let name = file.string(file.model.values[index].name)
      if integers[name] == nil { integers[name] = ValueIndex(index) }
    }
    var ranked: Set<FloatGraph.ValueID> = []
    var pairs: [Pair] = []
    var ranking: Pair?
    for node in graph.nodes {
      let name = graph[node.output].name
      let isRanked = node.inputs.contains { ranked.contains($0) }
      let pair = integers[name].map {
        Pair(
          name: name,
          float: node.output,
          integer: $0,
          channels: graph[node.output].channels,
          isRanked: isRanked
        )
      }
      if isRanked { ranked.insert(node.output) }
      if case .topRows = node.operation {
        ranked.insert(node.output)
        ranking = pair
      } else if let pair, pair.channels == file.model[pair.integer].channels {
        pairs.append(pair)
      }
    }
    self.pairs = pairs
    self.ranking = ranking
  }

  /// Rows of both sides that stand for the same query: those whose proposal is the same token.
  ///
  /// The order of proposals hangs on logits that can be close, and all that follows treats queries
  /// alike; rows in another order are no error of the layers.
  static func commonRows(
    _ reference: [Int32],
    _ tested: [Int32]
  ) -> [(reference: Int, tested: Int)] {
    var places: [Int32: Int] = [:]
    for (row, token) in tested.enumerated() { places[token] = row }
    return reference.enumerated().compactMap { row, token in places[token].map { (row, $0) } }
  }
}
