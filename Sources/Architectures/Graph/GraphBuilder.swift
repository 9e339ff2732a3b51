import FloatGraph

/// Adds the parts of a detector to a graph, taking each part's weights out of the checkpoint.
struct GraphBuilder {
  let configuration: DetectorConfiguration
  var reader: WeightReader
  var graph: FloatGraph

  typealias Value = FloatGraph.ValueID

  /// A linear map of every row, times a number; a module that serves several times needs names of its own.
  mutating func linear(
    _ module: Module,
    _ input: Value,
    outputs: Int,
    activation: FloatOperation.Activation = .none,
    mayShare: Bool = true,
    scale: Double = 1,
    name: String? = nil
  ) throws(ArchitectureError) -> Value {
    let inputs = graph[input].channels
    var values = try reader.take(module, .weight, shape: [outputs, inputs], mayShare: mayShare)
    var bias = try reader.take(module, .bias, shape: [outputs], mayShare: mayShare)
    if scale != 1 {
      values = values.map { Float(Double($0) * scale) }
      bias = bias.map { Float(Double($0) * scale) }
    }
    let weights = FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: values,
      bias: bias
    )
    return activated(.linear(weights, fused(activation)), input, module, activation, name: name)
  }

  /// The activation that a product has as its last step; others are nodes of their own.
  func fused(_ activation: FloatOperation.Activation) -> FloatOperation.Activation {
    activation == .relu ? .relu : .none
  }

  /// A product, and behind it the activation that it does not have itself.
  mutating func activated(
    _ product: FloatOperation,
    _ input: Value,
    _ module: Module,
    _ activation: FloatOperation.Activation,
    name: String? = nil
  ) -> Value {
    let name = name ?? module.name
    let output = graph.append(product, inputs: [input], name: name)
    guard activation != fused(activation) else { return output }
    return graph.append(.activate(activation), inputs: [output], name: "\(name).\(activation)")
  }

  /// A norm over the channels of every row.
  mutating func layerNorm(_ module: Module, _ input: Value) throws(ArchitectureError) -> Value {
    let normalization = try normalization(
      module,
      channels: graph[input].channels,
      epsilon: configuration.hybrid?.layerNormEpsilon ?? 1e-5
    )
    return graph.append(.layerNorm(normalization), inputs: [input], name: module.name)
  }

  /// Gain and bias of a layer norm or group norm.
  mutating func normalization(
    _ module: Module,
    channels: Int,
    epsilon: Double = 1e-5
  ) throws(ArchitectureError) -> FloatOperation.Normalization {
    FloatOperation.Normalization(
      gain: try reader.take(module, .weight, shape: [channels]),
      bias: try reader.take(module, .bias, shape: [channels]),
      epsilon: epsilon
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
