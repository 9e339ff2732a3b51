import FloatKernels

/// What is computed for one input size, in which order, and where every value lives.
///
/// Three things make it less than the list of nodes: what nobody needs is left out; a sum whose one
/// operand is a product made for it alone becomes that product's last step; and an operation that
/// reads an element only for the element it writes works in place when nobody reads its input later.
/// None of them changes a bit of the results.
struct ExecutionPlan {
  /// One node, perhaps with the sum that follows it.
  struct Step {
    var operation: FloatOperation
    /// The node whose weights were packed.
    var node: Int
    var inputs: [FloatGraph.ValueID]
    var output: FloatGraph.ValueID
    /// The other operand of a sum that was merged into a product.
    var residual: FloatGraph.ValueID?
    /// The activation of a product, after the residual.
    var activation: FloatOperation.Activation
  }

  let shapes: [Shape]
  let steps: [Step]
  /// Those from here on are computed again for every query.
  let firstPerQuery: Int
  /// The offset of every value in the arena; none for the picture and for what is not computed.
  let offsets: [Int?]
  /// The size of the arena, in elements.
  let arenaCount: Int

  /// Plans the computation of some values.
  ///
  /// - Parameters:
  ///   - graph: the graph.
  ///   - size: the input's size.
  ///   - needed: the values that are wanted; none means every value, each computed by its own step.
  /// - Throws: ``ShapeError`` when the graph cannot take the size.
  init(
    graph: FloatGraph,
    size: InputSize,
    needed: Set<FloatGraph.ValueID>?
  ) throws(ShapeError) {
    shapes = try graph.shapes(for: size)
    (steps, firstPerQuery) = Self.steps(graph: graph, needed: needed)
    (offsets, arenaCount) = Self.layout(
      steps: steps,
      firstPerQuery: firstPerQuery,
      shapes: shapes
    )
  }

  private static func steps(
    graph: FloatGraph,
    needed: Set<FloatGraph.ValueID>?
  ) -> ([Step], firstPerQuery: Int) {
    let firstPerQuery = graph.perQuery?.firstNode ?? graph.nodes.count
    let used = usedNodes(graph: graph, needed: needed)
    var uses = [Int](repeating: 0, count: graph.values.count)
    var producers = [Int?](repeating: nil, count: graph.values.count)
    for index in used {
      producers[graph.nodes[index].output.index] = index
      for input in graph.nodes[index].inputs { uses[input.index] += 1 }
    }
    for value in needed ?? [] { uses[value.index] += 1 }

    var steps: [Int: Step] = [:]
    for index in used {
      let node = graph.nodes[index]
      var step = Step(
        operation: node.operation,
        node: index,
        inputs: node.inputs,
        output: node.output,
        residual: nil,
        activation: .none
      )
      switch node.operation {
      case .positionCode: step.inputs = []
      case .convolution(_, _, let activation), .linear(_, let activation):
        step.activation = activation
      case .add(let activation) where needed != nil && (activation == .none || activation == .relu):
        // The operand that was made last is still in the cache when it is made here instead.
        let products = node.inputs.compactMap { input -> Int? in
          guard uses[input.index] == 1, let producer = producers[input.index],
            let step = steps[producer], step.isBareProduct,
            // What is computed once stays where it is.
            (producer < firstPerQuery) == (index < firstPerQuery)
          else { return nil }
          return producer
        }
        if let producer = products.max(), let product = steps.removeValue(forKey: producer) {
          step = product
          step.residual = node.inputs.first { $0 != product.output }
          step.output = node.output
          step.activation = activation
        }
      default: break
      }
      steps[index] = step
    }
    let order = steps.keys.sorted()
    return (order.map { steps[$0]! }, order.prefix { $0 < firstPerQuery }.count)
  }

  /// The nodes that contribute to the needed values, in order.
  private static func usedNodes(
    graph: FloatGraph,
    needed: Set<FloatGraph.ValueID>?
  ) -> [Int] {
    guard var wanted = needed else { return Array(graph.nodes.indices) }
    var used: [Int] = []
    for index in graph.nodes.indices.reversed()
    where wanted.contains(graph.nodes[index].output) {
      used.append(index)
      wanted.formUnion(graph.nodes[index].inputs)
    }
    return used.reversed()
  }

  private static func layout(
    steps: [Step],
    firstPerQuery: Int,
    shapes: [Shape]
  ) -> ([Int?], Int) {
    var lastUse: [FloatGraph.ValueID: Int] = [:]
    for (index, step) in steps.enumerated() {
      for input in step.inputs { lastUse[input] = index }
      if let residual = step.residual { lastUse[residual] = index }
    }
    // What later queries read too must outlive all steps.
    for (index, step) in steps.enumerated()
    where index < firstPerQuery && lastUse[step.output].map({ $0 >= firstPerQuery }) == true {
      lastUse[step.output] = steps.count
    }
    var blocks: [ArenaLayout.Block] = []
    var blockOfValue = [Int?](repeating: nil, count: shapes.count)
    for (index, step) in steps.enumerated() {
      let count = shapes[step.output.index].count
      let end = lastUse[step.output] ?? index
      let replaced = step.replaceableInputs.first { input in
        blockOfValue[input.index] != nil && lastUse[input] == index
          && shapes[input.index].count == count
      }
      if let replaced, let block = blockOfValue[replaced.index] {
        blocks[block].lifetime = blocks[block].lifetime.lowerBound...end
        blockOfValue[step.output.index] = block
      } else {
        blockOfValue[step.output.index] = blocks.count
        blocks.append(ArenaLayout.Block(count: count, lifetime: index...end))
      }
    }
    let layout = ArenaLayout(blocks)
    return (blockOfValue.map { $0.map { layout.offsets[$0] } }, layout.count)
  }
}

extension ExecutionPlan.Step {
  /// Whether the step is a product without an activation, to which a sum can be appended.
  fileprivate var isBareProduct: Bool {
    switch operation {
    case .convolution, .linear: residual == nil && activation == .none
    default: false
    }
  }

  /// The inputs whose memory the output may take.
  fileprivate var replaceableInputs: [FloatGraph.ValueID] {
    switch operation {
    // A deeper product writes partial sums before it reads the residual.
    case .convolution(let weights, let window, _):
      weights.inputs * window.kernel * window.kernel <= PackedMatrix.greatestBlockDepth
        ? residual.map { [$0] } ?? [] : []
    case .linear(let weights, _):
      weights.inputs <= PackedMatrix.greatestBlockDepth ? residual.map { [$0] } ?? [] : []
    case .add, .layerNorm, .groupNorm, .sigmoid, .maskPadding, .maskProposals, .multiply,
      .parametricRelu, .activate:
      inputs
    default: []
    }
  }
}
