import Checkpoints
import FloatGraph

/// The tensors that `--dump` writes.
struct Dump {
  let path: String
  let includesAll: Bool

  /// Nothing where `--dump` is not given.
  init?(_ arguments: Arguments) {
    guard let path = arguments.text("dump") else { return nil }
    self.path = path
    includesAll = arguments.has("dump-all")
  }
}

/// A detector that can show what it computes on the way.
protocol DumpingDetector: ObjectDetector {
  func detect(_ tensor: InputTensor, dump: Dump?) throws -> [FoundObject]
}

extension FloatDetector: DumpingDetector {
  func detect(_ tensor: InputTensor, dump: Dump?) throws -> [FoundObject] {
    var keep: Set<FloatGraph.ValueID> = []
    if let dump, dump.includesAll {
      // What is computed for each query is not kept.
      let nodes = graph.nodes[..<(graph.perQuery?.firstNode ?? graph.nodes.count)]
      keep = Set([graph.picture] + nodes.map(\.output))
    }
    let queries = dump == nil ? 0 : graph.logits.map { graph.queryCount($0, tensor.size) } ?? 0
    let result = try executor.run(
      picture: tensor.pixels,
      size: tensor.size,
      keep: keep,
      masksOf: graph.perQuery == nil ? nil : { _ in Array(0..<queries) }
    )
    if let dump { try write(result, dump) }
    return objects(result, height: tensor.size.height, width: tensor.size.width)
  }

  private func write(_ result: FloatExecutor.Result, _ dump: Dump) throws {
    var writer = SafetensorsWriter()
    func add(_ name: String, _ value: FloatGraph.ValueID) {
      let shape = result.shapes[value.index]
      writer.add(name, shape: [shape.rows, shape.channels], floats: result[value])
    }
    if let logits = graph.logits { add("logits", logits) }
    if let boxes = graph.boxes { add("boxes", boxes) }
    if let memory = graph.memory { add("memory", memory) }
    if let mask = graph.perQuery?.mask, let grid = result.shapes[mask.index].grid {
      let masks = result.masks.keys.sorted().flatMap { result.masks[$0]! }
      let shape = [result.masks.count, grid.height, grid.width]
      writer.add("masks", shape: shape, floats: masks)
    }
    if dump.includesAll {
      var written: Set<String> = ["logits", "boxes", "memory"]
      for landmark in graph.landmarks where written.insert(landmark.name).inserted {
        add(landmark.name, landmark.value)
      }
      for index in graph.values.indices {
        let value = FloatGraph.ValueID(index)
        guard !result[value].isEmpty else { continue }
        if written.insert(graph[value].name).inserted { add(graph[value].name, value) }
      }
    }
    try writer.write(path: dump.path)
  }
}

extension FloatGraph {
  /// The rows of a value for one input size.
  fileprivate func queryCount(_ value: ValueID, _ size: InputSize) -> Int {
    (try? shapes(for: size))?[value.index].rows ?? 0
  }
}
