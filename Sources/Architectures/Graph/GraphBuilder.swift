import FloatGraph

/// Adds the parts of a detector to a graph, taking each part's weights out of the checkpoint.
struct GraphBuilder {
  let configuration: DetectorConfiguration
  var reader: WeightReader
  var graph: FloatGraph

  typealias Value = FloatGraph.ValueID

  /// A linear map of every row.
  mutating func linear(
    _ module: Module,
    _ input: Value,
    outputs: Int,
    activation: FloatOperation.Activation = .none,
    mayShare: Bool = true
  ) throws(ArchitectureError) -> Value {
    let inputs = graph[input].channels
    let weights = FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: try reader.take(module, .weight, shape: [outputs, inputs], mayShare: mayShare),
      bias: try reader.take(module, .bias, shape: [outputs], mayShare: mayShare)
    )
    return graph.append(.linear(weights, activation), inputs: [input], name: module.name)
  }

  /// A norm over the channels of every row.
  mutating func layerNorm(_ module: Module, _ input: Value) throws(ArchitectureError) -> Value {
    let normalization = try normalization(module, channels: graph[input].channels)
    return graph.append(.layerNorm(normalization), inputs: [input], name: module.name)
  }

  /// Gain and bias of a layer norm or group norm.
  mutating func normalization(
    _ module: Module,
    channels: Int
  ) throws(ArchitectureError) -> FloatOperation.Normalization {
    FloatOperation.Normalization(
      gain: try reader.take(module, .weight, shape: [channels]),
      bias: try reader.take(module, .bias, shape: [channels]),
      epsilon: 1e-5
    )
  }

  /// The sum of two values.
  mutating func add(_ first: Value, _ second: Value, name: String) -> Value {
    graph.append(.add(.none), inputs: [first, second], name: name)
  }

  /// Several maps as one list of tokens.
  mutating func tokens(_ maps: [Value], name: String) -> Value {
    maps.count == 1 ? maps[0] : graph.append(.concatenateRows, inputs: maps, name: name)
  }

  /// The code of the pixels of a map.
  mutating func positionCode(
    of map: Value,
    level: [Float],
    name: String
  ) throws(ArchitectureError) -> Value {
    let half = configuration.width / 2
    let kind: FloatOperation.PositionCode.Kind
    switch configuration.position {
    case .sine:
      kind = .sine(
        features: half,
        temperature: 10000,
        scale: 2 * .pi,
        offset: configuration.positionOffset
      )
    case .learned:
      kind = .learned(
        columns: try table(.learnedColumns, columns: half),
        rows: try table(.learnedRows, columns: half)
      )
    }
    let code = FloatOperation.PositionCode(kind: kind, level: level)
    return graph.append(.positionCode(code), inputs: [map], name: name)
  }

  /// A matrix with any number of rows.
  mutating func table(
    _ module: Module,
    columns: Int
  ) throws(ArchitectureError) -> FloatOperation.Matrix {
    let rows = try reader.shape(module).value.first ?? 0
    return FloatOperation.Matrix(
      rows: rows,
      columns: columns,
      values: try reader.take(module, .weight, shape: [rows, columns])
    )
  }

  /// The box head: three linear maps with ReLU between them.
  mutating func boxHead(
    _ index: Int,
    _ input: Value,
    mayShare: Bool
  ) throws(ArchitectureError) -> Value {
    var value = input
    for linear in 0..<3 {
      value = try self.linear(
        .boxHead(index, linear: linear),
        value,
        outputs: linear == 2 ? 4 : configuration.width,
        activation: linear == 2 ? .none : .relu,
        mayShare: mayShare
      )
    }
    return value
  }
}
