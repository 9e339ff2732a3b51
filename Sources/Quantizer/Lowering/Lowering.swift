import FixedPoint
import FloatGraph
import ModelFile

/// Turns a float graph with statistics into the operations of an integer model.
///
/// Nodes are taken in order; each non-virtual one makes its value in the form that the analysis
/// chose. A reader that wants another form gets a requantized copy, made once.
struct Lowering {
  typealias ValueID = FloatGraph.ValueID

  let graph: FloatGraph
  let calibration: Calibration
  let options: QuantizerOptions
  let cache: QuantizationCache
  let analysis: GraphAnalysis
  var writer = ModelWriter()
  /// The integer values made so far, by float value and form.
  private var made: [ValueID: [Form: ValueIndex]] = [:]
  private var quantizations: [Quantization] = []
  /// The observer of each source of ranges.
  let observers: [ValueID: RangeObserver]
  /// Position tables by float position value.
  var positionTables: [ValueID: ValueIndex] = [:]

  init(
    graph: FloatGraph,
    calibration: Calibration,
    options: QuantizerOptions,
    cache: QuantizationCache
  ) throws(QuantizationError) {
    self.graph = graph
    self.calibration = calibration
    self.options = options
    self.cache = cache
    analysis = try GraphAnalysis(graph: graph, options: options)
    switch options.ranges {
    case .observer: observers = [:]
    case .leastOutputError:
      observers = RangeChoice(graph: graph, calibration: calibration, analysis: analysis)
        .observers(cache)
    }
    let picture = add(Quantization(element: .uint8, step: 1), channels: 3, name: "picture")
    made[graph.picture] = [.byte: picture]
  }

  mutating func run() throws(QuantizationError) {
    for index in graph.nodes.indices where !analysis.isVirtual(index) {
      try lower(graph.nodes[index], index)
    }
  }

  private mutating func lower(_ node: FloatGraph.Node, _ index: Int) throws(QuantizationError) {
    switch node.operation {
    case .linear(let weights, let activation) where analysis.isPosition[node.inputs[0].index]:
      try lowerPositionSum(index, weights, activation)
    case .convolution, .linear:
      try lowerProduct(index, output: node.output, activation: node.operation.activation)
    case .add(let activation):
      if let fused = analysis.fusedProduct[index] {
        try lowerProduct(
          fused.product,
          output: node.output,
          activation: activation,
          residual: fused.residual
        )
      } else {
        try lowerAddition(node, activation: activation)
      }
    case .maxPool(let window):
      let form = analysis.form[node.output.index]
      let input = try integer(node.inputs[0], form)
      writer.operations.append(
        .maxPool(MaxPool(input: input, output: define(node.output), window: Window(window)))
      )
    case .layerNorm(let normalization):
      try lowerNormalization(node, normalization, groups: nil)
    case .groupNorm(let normalization, let groups):
      try lowerNormalization(node, normalization, groups: groups)
    case .constant(let matrix): lowerConstant(node, matrix)
    case .concatenateRows:
      let form = analysis.form[node.output.index]
      var inputs: [ValueIndex] = []
      for input in node.inputs { inputs.append(try integer(input, form)) }
      writer.operations.append(
        .concatenateRows(Concatenation(inputs: inputs, output: define(node.output)))
      )
    case .sliceColumns(let range):
      let input = try integer(node.inputs[0], analysis.form[node.output.index])
      writer.operations.append(
        .sliceColumns(
          ColumnSlice(input: input, output: define(node.output), first: range.lowerBound)
        )
      )
    case .attention(let attention): try lowerAttention(node, attention)
    case .deformableAttention(let attention): try lowerDeformableAttention(node, attention)
    case .maskPadding(let levels):
      writer.operations.append(.maskPadding(try paddingMask(node, levels)))
    case .maskProposals(let levels):
      writer.operations.append(.maskProposals(try paddingMask(node, levels)))
    case .topRows(let count, let column): try lowerTopRows(node, count: count, column: column)
    case .gatherRows:
      let input = try integer(node.inputs[0], analysis.form[node.output.index])
      let indices = try integer(node.inputs[1], .index)
      writer.operations.append(
        .gatherRows(RowGather(input: input, indices: indices, output: define(node.output)))
      )
    case .sigmoid: try lowerSigmoid(node)
    case .refineBoxes:
      let delta = try integer(node.inputs[0], .logit)
      let reference = try integer(node.inputs[1], .probability)
      writer.operations.append(
        .refineBoxes(
          BoxRefinement(delta: delta, reference: reference, output: define(node.output))
        )
      )
    case .boxSine(let features, let temperature):
      try lowerBoxSine(node, features: features, temperature: temperature)
    case .activate(let activation): try lowerActivation(node, activation)
    case .averagePool(let size): try lowerAveragePool(node, size: size)
    case .upsample(let factor): try lowerUpsample(node, factor: factor)
    case .concatenateColumns: try lowerConcatenateColumns(node)
    case .rowMaximum:
      let input = try integer(node.inputs[0], .logit)
      writer.operations.append(.rowMaximum(RowMaximum(input: input, output: define(node.output))))
    case .positionCode, .anchorLogits: break  // Virtual: part of what reads them.
    case .spatialAttention(let attention): try lowerSpatialAttention(node, attention)
    case .regionPooling(let pooling): try lowerRegionPooling(node, pooling)
    case .regionSampling(let sampling): try lowerRegionSampling(node, sampling)
    case .pointsInBoxes: try lowerPointsInBoxes(node)
    case .gate(let rows): try lowerGate(node, rows: rows)
    }
  }

  // MARK: Values

  /// The step, zero point and element of a float value in a form.
  func quantization(_ value: ValueID, _ form: Form) -> Quantization {
    if let node = analysis.node(making: value), case .boxSine = node.operation {
      return Quantization(element: .int16, step: Quantization.power(-15))
    }
    if value == graph.picture { return Quantization(element: .uint8, step: 1) }
    let statistics = calibration[analysis.rangeSource(value)]
    var quantization = Quantization(
      form,
      range: observer(of: value).range(of: statistics),
      extremes: RangeObserver.minMax.range(of: statistics)
    )
    if form == .wide {
      quantization.step = max(quantization.step, leastNormStep(value), leastPoolingStep(value))
    }
    return quantization
  }

  /// The observer that finds a value's range.
  func observer(of value: ValueID) -> RangeObserver {
    if case .observer(let chosen) = options.ranges { return chosen }
    return observers[analysis.rangeSource(value)] ?? .minMax
  }

  /// The quantization of a value that was made.
  func quantization(of value: ValueIndex) -> Quantization { quantizations[value.index] }

  /// Registers a value of the model.
  mutating func add(_ quantization: Quantization, channels: Int, name: String) -> ValueIndex {
    quantizations.append(quantization)
    return writer.value(
      Value(
        element: quantization.element,
        channels: channels,
        zeroPoint: quantization.zeroPoint,
        stepBits: quantization.step.bitPattern,
        name: writer.text(name)
      )
    )
  }

  /// Registers the integer value of a float value in its primary form.
  mutating func define(_ value: ValueID) -> ValueIndex {
    let form = analysis.form[value.index]
    let index = add(
      quantization(value, form),
      channels: graph[value].channels,
      name: graph[value].name
    )
    made[value] = [form: index]
    return index
  }

  /// The primary integer value of a float value; nil for one that melted into another.
  func primary(_ value: ValueID) -> ValueIndex? {
    value == graph.picture ? made[value]?[.byte] : made[value]?[analysis.form[value.index]]
  }

  /// The maps whose grids an operation needs.
  func grids(_ levels: [ValueID]) throws(QuantizationError) -> [ValueIndex] {
    var grids: [ValueIndex] = []
    for level in levels {
      guard let grid = primary(level) else {
        throw .unsupported(node: graph[level].name, what: "a map that exists only inside a sum")
      }
      grids.append(grid)
    }
    return grids
  }

  /// The integer value of a float value in a form, requantized where it was made in another.
  mutating func integer(_ value: ValueID, _ form: Form) throws(QuantizationError) -> ValueIndex {
    if let ready = made[value]?[form] { return ready }
    guard let source = primary(value) else {
      throw .unsupported(node: graph[value].name, what: "being read beside a fused sum")
    }
    let target = quantization(value, form)
    let from = quantization(of: source)
    if target == from { return source }
    guard
      target.bounds == target.element.lowest...target.element.highest || form == .signedByte
        || form == .tableIndex
    else {
      throw .unsupported(node: graph[value].name, what: "being an attention operand and more")
    }
    let output = try requantized(
      source,
      from: from,
      to: target,
      channels: graph[value].channels,
      name: "\(graph[value].name)@\(form)"
    )
    made[value]?[form] = output
    return output
  }

  /// An integer value in other units.
  mutating func requantized(
    _ source: ValueIndex,
    from: Quantization,
    to target: Quantization,
    channels: Int,
    name: String
  ) throws(QuantizationError) -> ValueIndex {
    let ratio = from.step / target.step
    guard let rescale = Rescale(ratio) else { throw .scale(node: name, ratio: ratio) }
    let output = add(target, channels: channels, name: name)
    writer.operations.append(
      .requantize(Requantization(input: source, output: output, rescale: rescale))
    )
    return output
  }

  private mutating func paddingMask(
    _ node: FloatGraph.Node,
    _ levels: [ValueID]
  ) throws(QuantizationError) -> PaddingMask {
    let input = try integer(node.inputs[0], analysis.form[node.output.index])
    return PaddingMask(input: input, output: define(node.output), levels: try grids(levels))
  }
}

extension FloatOperation {
  /// The activation of a matrix product or a sum.
  var activation: Activation {
    switch self {
    case .convolution(_, _, let activation), .linear(_, let activation), .add(let activation):
      activation
    default: .none
    }
  }
}

extension ModelFile.Window {
  init(_ window: FloatOperation.Window) {
    self.init(
      kernel: window.kernel,
      stride: window.stride,
      padding: window.padding,
      dilation: window.dilation
    )
  }
}
