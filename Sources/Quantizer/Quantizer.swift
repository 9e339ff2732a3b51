import FloatGraph
import ModelFile

/// Turns a float graph and its statistics into the bytes of an `.edetr` file.
///
///     var calibration = Calibration(graph: graph)
///     for photograph in photographs {
///       try calibration.add(picture: …, size: …, executor: executor)
///     }
///     let bytes = try Quantizer.modelFile(graph: graph, calibration: calibration)
public enum Quantizer {
  /// A quantized model and what became of the float graph's values.
  public struct Result: Sendable {
    /// The `.edetr` file.
    public let file: [UInt8]
    /// For each float value the integer value that stands for it, where there is one.
    public let values: [FloatGraph.ValueID: ValueIndex]
    /// The observer that found the range of each of these values.
    public let observers: [FloatGraph.ValueID: RangeObserver]
  }

  /// Quantizes a graph.
  ///
  /// - Parameters:
  ///   - graph: the float graph, with logits and boxes.
  ///   - calibration: its statistics over the calibration photographs.
  ///   - options: choices between accuracy, time and bytes.
  ///   - provenance: facts to keep in the file, such as the source's digest.
  ///   - cache: what an earlier call with the same arguments but for islands found out.
  /// - Returns: the file; the same bytes for the same input, whatever the number of threads.
  /// - Throws: ``QuantizationError`` when something has no integer form.
  public static func quantize(
    _ graph: FloatGraph,
    calibration: Calibration,
    options: QuantizerOptions = QuantizerOptions(),
    provenance: [(name: String, text: String)] = [],
    cache: QuantizationCache = QuantizationCache()
  ) throws(QuantizationError) -> Result {
    guard calibration.photographs > 0 else { throw .noPhotographs }
    for node in graph.nodes {
      if case .anchorLogits = node.operation { continue }
      let statistics = calibration[node.output]
      guard statistics.nonFinite == 0 || isMasked(node.output, in: graph) else {
        throw .notFinite(value: graph[node.output].name, count: statistics.nonFinite)
      }
    }
    var lowering = try Lowering(
      graph: graph,
      calibration: calibration,
      options: options,
      cache: cache
    )
    try lowering.run()
    guard let logits = graph.logits.flatMap({ lowering.primary($0) }),
      let boxes = graph.boxes.flatMap({ lowering.primary($0) })
    else {
      throw .unsupported(node: "detector", what: "a graph without logits and boxes")
    }

    var values: [FloatGraph.ValueID: ValueIndex] = [:]
    var observers: [FloatGraph.ValueID: RangeObserver] = [:]
    for index in graph.values.indices {
      let value = FloatGraph.ValueID(index)
      guard let primary = lowering.primary(value) else { continue }
      values[value] = primary
      observers[value] = lowering.observer(of: value)
    }
    let rule = graph.preprocessing
    let normalization = [rule.rescale] + rule.mean + rule.standardDeviation
    let information = Information(
      sizeRule: Information.SizeRule(rule.size),
      classDecoding: Information.ClassDecoding(graph.classes),
      logits: logits,
      boxes: boxes,
      memory: graph.memory.flatMap { values[$0] },
      normalizationBits: normalization.map(\.bitPattern),
      labels: graph.labels.map { lowering.writer.text($0) },
      provenance: provenance.map {
        (lowering.writer.text($0.name), lowering.writer.text($0.text))
      },
      landmarks: graph.landmarks.compactMap { landmark in
        values[landmark.value].map { (lowering.writer.text(landmark.name), $0) }
      }
    )
    return Result(
      file: lowering.writer.file(information: information),
      values: values,
      observers: observers
    )
  }

  /// Whether infinities belong to a value: anchors of tokens that are no proposals.
  private static func isMasked(_ value: FloatGraph.ValueID, in graph: FloatGraph) -> Bool {
    var current = [value]
    while let next = current.popLast() {
      guard let node = graph.nodes.first(where: { $0.output == next }) else { continue }
      switch node.operation {
      case .anchorLogits: return true
      case .gatherRows: current.append(node.inputs[0])
      case .add: current += node.inputs
      default: break
      }
    }
    return false
  }
}

extension Information.SizeRule {
  init(_ size: Preprocessing.Size) {
    switch size {
    case .edges(let shortest, let longest): self = .edges(shortest: shortest, longest: longest)
    case .fixed(let height, let width): self = .fixed(height: height, width: width)
    case .unchanged: self = .unchanged
    }
  }
}

extension Information.ClassDecoding {
  init(_ decoding: ClassDecoding) {
    switch decoding {
    case .sigmoid(let limit): self = .sigmoid(limit: limit)
    case .softmaxWithNoObject: self = .softmaxWithNoObject
    }
  }
}
