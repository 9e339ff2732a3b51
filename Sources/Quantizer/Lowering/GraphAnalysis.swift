import FloatGraph

/// Who reads what, which nodes melt into others, and the integer form that every value is made in.
struct GraphAnalysis {
  typealias ValueID = FloatGraph.ValueID

  let graph: FloatGraph
  let options: QuantizerOptions
  /// The node that makes a value; −1 for the picture.
  let producer: [Int]
  /// The nodes that read a value's numbers.
  let consumers: [[Int]]
  /// Convolutions and linear layers whose result only goes into a sum: the sum's node by theirs.
  private(set) var fusedInto: [Int: Int] = [:]
  /// Sums that take such a product in, with the other operand.
  private(set) var fusedProduct: [Int: (product: Int, residual: ValueID)] = [:]
  /// Whether a value is a position code or several levels of them.
  let isPosition: [Bool]
  /// Whether a value's rows are queries, of which there are few.
  let isQuery: [Bool]
  /// The form that each value is made in.
  private(set) var form: [Form]

  init(graph: FloatGraph, options: QuantizerOptions) throws(QuantizationError) {
    self.graph = graph
    self.options = options
    var producer = [Int](repeating: -1, count: graph.values.count)
    var consumers = [[Int]](repeating: [], count: graph.values.count)
    var isPosition = [Bool](repeating: false, count: graph.values.count)
    var isQuery = [Bool](repeating: false, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      producer[node.output.index] = index
      for input in node.inputs { consumers[input.index].append(index) }
      switch node.operation {
      case .positionCode: isPosition[node.output.index] = true
      case .concatenateRows:
        isPosition[node.output.index] = node.inputs.allSatisfy { isPosition[$0.index] }
      case .constant, .topRows, .gatherRows, .regionPooling, .regionSampling:
        isQuery[node.output.index] = true
      case .deformableAttention: isQuery[node.output.index] = node.inputs.count == 4
      default: isQuery[node.output.index] = node.inputs.first.map { isQuery[$0.index] } ?? false
      }
    }
    self.producer = producer
    self.consumers = consumers
    self.isPosition = isPosition
    self.isQuery = isQuery
    form = [Form](repeating: .byte, count: graph.values.count)
    findFusions()
    try chooseForms()
  }

  /// The node that makes a value.
  func node(making value: ValueID) -> FloatGraph.Node? {
    producer[value.index] < 0 ? nil : graph.nodes[producer[value.index]]
  }

  /// The two parts of a sum of tokens and a position code.
  func positionSum(_ value: ValueID) -> (tokens: ValueID, position: ValueID)? {
    guard let node = node(making: value), case .add = node.operation else { return nil }
    let (a, b) = (node.inputs[0], node.inputs[1])
    if isPosition[b.index] { return (a, b) }
    if isPosition[a.index] { return (b, a) }
    return nil
  }

  /// Whether a node computes nothing of its own in integers: it melts into its readers.
  func isVirtual(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    if fusedInto[index] != nil || isPosition[node.output.index] { return true }
    if positionSum(node.output) != nil { return true }
    return isAnchorPart(node.output)
  }

  /// Anchor logits, their chosen rows, and the sum of these with box deltas.
  func isAnchorPart(_ value: ValueID) -> Bool {
    guard let node = node(making: value) else { return false }
    switch node.operation {
    case .anchorLogits: return true
    case .gatherRows: return isAnchorPart(node.inputs[0])
    case .add: return node.inputs.contains { isAnchorPart($0) }
    default: return false
    }
  }

  /// The value whose range a value shares, so that moving rows never rescales them.
  func rangeSource(_ value: ValueID) -> ValueID {
    if let node = node(making: value) {
      switch node.operation {
      case .maxPool, .maskPadding, .maskProposals, .gatherRows, .sliceColumns, .averagePool:
        return rangeSource(node.inputs[0])
      case .upsample where columnJoin(reading: value) == nil: return rangeSource(node.inputs[0])
      default: break
      }
    }
    if let join = columnJoin(reading: value) { return rangeSource(join) }
    for consumer in consumers[value.index] {
      if case .concatenateRows = graph.nodes[consumer].operation {
        return rangeSource(graph.nodes[consumer].output)
      }
    }
    return value
  }

  /// The concatenation of columns that alone reads a value, which is then made in its units.
  private func columnJoin(reading value: ValueID) -> ValueID? {
    guard consumers[value.index].count == 1 else { return nil }
    let node = graph.nodes[consumers[value.index][0]]
    guard case .concatenateColumns = node.operation else { return nil }
    return node.output
  }

  /// The form in which a matrix product takes its input.
  func productInput(_ node: FloatGraph.Node) -> Form {
    let source = positionSum(node.inputs[0])?.tokens ?? node.inputs[0]
    if options.wideQueries && isQuery[source.index] { return .wide }
    // Boxes have 30 fraction bits; 8 would be steps of a two hundredth of the picture.
    if isProbability(source) { return .wide }
    guard source != graph.picture else { return .byte }
    let name = graph[node.output].name
    let isIsland =
      options.wideInputs.contains(source) || options.islands.contains { name.contains($0) }
    return isIsland ? .wide : .byte
  }

  private func isProbability(_ value: ValueID) -> Bool {
    switch node(making: value)?.operation {
    case .sigmoid, .refineBoxes: true
    default: false
    }
  }

  private mutating func findFusions() {
    for (index, node) in graph.nodes.enumerated() {
      guard case .add = node.operation, positionSum(node.output) == nil,
        !isAnchorPart(node.output)
      else { continue }
      // The operand made last is the product, so that the other one exists when it runs.
      let candidates = [0, 1].filter { side in
        let value = node.inputs[side]
        guard let product = self.node(making: value), consumers[value.index].count == 1 else {
          return false
        }
        switch product.operation {
        case .linear(_, .none) where isPosition[product.inputs[0].index]: return false
        case .convolution(_, _, .none), .linear(_, .none): return true
        default: return false
        }
      }
      guard
        let side = candidates.max(by: {
          producer[node.inputs[$0].index] < producer[node.inputs[$1].index]
        }), producer[node.inputs[1 - side].index] < producer[node.inputs[side].index]
      else { continue }
      let product = producer[node.inputs[side].index]
      fusedInto[product] = index
      fusedProduct[index] = (product, node.inputs[1 - side])
    }
  }

  /// Goes backwards: when a node is reached, everything that is wanted of its result is known.
  private mutating func chooseForms() throws(QuantizationError) {
    var wanted = [Set<Form>](repeating: [], count: graph.values.count)
    if let logits = graph.logits { wanted[logits.index].insert(.logit) }
    if let boxes = graph.boxes { wanted[boxes.index].insert(.probability) }
    for index in graph.nodes.indices.reversed() where !isVirtual(index) {
      let node = graph.nodes[index]
      let made = try formMade(by: node, wanted: wanted[node.output.index])
      form[node.output.index] = made
      for (value, form) in demands(of: node, index, made: made) { wanted[value.index].insert(form) }
    }
  }

  private func formMade(
    by node: FloatGraph.Node,
    wanted: Set<Form>
  ) throws(QuantizationError) -> Form {
    switch node.operation {
    case .topRows: return .index
    case .sigmoid, .refineBoxes: return .probability
    case .boxSine: return .wide
    case .rowMaximum: return .logit
    case .convolution(_, _, let activation), .linear(_, let activation), .add(let activation):
      // Graphs of checkpoints have these as nodes of their own, which become tables.
      guard activation == .none || activation == .relu else {
        throw .unsupported(
          node: graph[node.output].name,
          what: "the activation \(activation) as a part of a product or a sum"
        )
      }
      return wanted.isEmpty ? .byte : Form.primary(of: wanted)
    case .pointsInBoxes: return .probability
    default: return wanted.isEmpty ? .byte : Form.primary(of: wanted)
    }
  }

  /// What a node wants of its inputs, given the form of its result.
  private func demands(
    of node: FloatGraph.Node,
    _ index: Int,
    made: Form
  ) -> [(ValueID, Form)] {
    let inputs = node.inputs
    switch node.operation {
    case .convolution, .linear: return [productDemand(node)]
    case .add:
      let residual: Form = isBackbone(node) && !options.wideBackbone ? .byte : .wide
      if let fused = fusedProduct[index] {
        return [productDemand(graph.nodes[fused.product]), (fused.residual, residual)]
      }
      return inputs.map { ($0, residual) }
    case .layerNorm, .groupNorm: return [(inputs[0], .wide)]
    case .maxPool, .maskPadding, .maskProposals, .sliceColumns: return [(inputs[0], made)]
    case .concatenateRows: return inputs.map { ($0, made) }
    case .gatherRows: return [(inputs[0], made), (inputs[1], .index)]
    case .attention: return [(inputs[0], .key), (inputs[1], .key), (inputs[2], .attentionValue)]
    case .deformableAttention:
      let fixed: [(ValueID, Form)] = [
        (inputs[0], .signedByte), (inputs[1], .wide), (inputs[2], .wide),
      ]
      return inputs.count == 4 ? fixed + [(inputs[3], .probability)] : fixed
    case .topRows: return [(inputs[0], .logit)]
    case .sigmoid:
      if let (delta, indices) = proposal(inputs[0]) { return [(delta, .logit), (indices, .index)] }
      return [(inputs[0], .logit)]
    case .refineBoxes: return [(inputs[0], .logit), (inputs[1], .probability)]
    case .boxSine: return [(inputs[0], .probability)]
    case .positionCode, .constant, .anchorLogits: return []
    case .activate: return [(inputs[0], .tableIndex)]
    case .averagePool, .upsample: return [(inputs[0], made)]
    case .concatenateColumns: return inputs.map { ($0, made) }
    case .rowMaximum: return [(inputs[0], .logit)]
    case .spatialAttention(let attention):
      var demands: [(ValueID, Form)] = [
        (inputs[0], .key), (inputs[1], .key), (inputs[2], .attentionValue),
      ]
      if attention.gaussian != nil {
        demands.append((inputs[3], .probability))
        demands += inputs.dropFirst(4).map { ($0, .wide) }
      }
      return demands
    case .regionPooling: return [(inputs[0], .wide), (inputs[1], .probability)]
    case .regionSampling:
      return [(inputs[0], .wide), (inputs[1], .probability), (inputs[2], .probability)]
    case .pointsInBoxes: return inputs.map { ($0, .probability) }
    case .gate: return inputs.map { ($0, .wide) }
    }
  }

  private func productDemand(_ node: FloatGraph.Node) -> (ValueID, Form) {
    (positionSum(node.inputs[0])?.tokens ?? node.inputs[0], productInput(node))
  }

  /// A sum followed by ReLU, as the blocks of a ResNet end.
  private func isBackbone(_ node: FloatGraph.Node) -> Bool {
    if case .add(.relu) = node.operation { return true }
    return false
  }

  /// Deltas and indices of `add(delta, gatherRows(anchorLogits, indices))`.
  func proposal(_ value: ValueID) -> (delta: ValueID, indices: ValueID)? {
    guard let sum = node(making: value), case .add = sum.operation else { return nil }
    for side in 0...1 {
      if let gather = node(making: sum.inputs[side]), case .gatherRows = gather.operation,
        isAnchorPart(gather.output)
      {
        return (sum.inputs[1 - side], gather.inputs[1])
      }
    }
    return nil
  }

  /// The maps of a position value, in the order of its rows.
  func positionParts(_ value: ValueID) -> [(code: FloatOperation.PositionCode, grid: ValueID)] {
    guard let node = node(making: value) else { return [] }
    switch node.operation {
    case .positionCode(let code): return [(code, node.inputs[0])]
    case .concatenateRows: return node.inputs.flatMap { positionParts($0) }
    default: return []
    }
  }
}
