import FloatKernels

/// Runs a float graph on pictures, on a fixed number of threads.
///
/// Weights are packed once; activations live from the node that makes them to the last one that
/// reads them (or until the end where they are kept), in one arena that is reused. The results do
/// not depend on the number of threads.
///
///     let executor = FloatExecutor(graph: graph, threads: 2)
///     let result = try executor.run(picture: pixels, size: InputSize(height: 800, width: 1066))
///     let logits = result[graph.logits!]
///
/// An executor computes one picture at a time.
public final class FloatExecutor {
  /// The graph that is run.
  public let graph: FloatGraph
  /// The number of threads, the caller included.
  public let threads: Int

  /// Sees every value right after it was computed: calibration hangs here.
  ///
  /// The buffer holds rows × channels numbers, row by row, and is valid during the call only.
  public typealias Observer = (FloatGraph.ValueID, Shape, UnsafeBufferPointer<Float>) -> Void

  /// The values that outlive a run.
  public struct Result {
    /// The shapes of all values, in the order of the graph's.
    public let shapes: [Shape]
    /// The numbers of the kept values, row by row.
    public let values: [FloatGraph.ValueID: [Float]]
    /// The logits of the masks that were asked for, by query, pixel by pixel.
    public let masks: [Int: [Float]]
    /// The numbers of a kept value, none where it was not kept.
    public subscript(value: FloatGraph.ValueID) -> [Float] { values[value] ?? [] }
  }

  let table: FloatKernelTable
  let pool: WorkerPool
  /// The packed weights of every node that has some.
  private let weights: [PackedMatrix?]
  private var prepared: Preparation?

  /// What was planned for a size; kept for the next picture of that size.
  private struct Preparation {
    var size: InputSize
    var needed: Set<FloatGraph.ValueID>?
    var plan: ExecutionPlan
  }

  private var arena = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

  /// Packs the weights of a graph.
  ///
  /// - Parameters:
  ///   - graph: what to run.
  ///   - threads: the number of threads, at least 1.
  ///   - table: the kernels to compute with.
  public init(graph: FloatGraph, threads: Int, table: FloatKernelTable = .best) {
    self.graph = graph
    self.threads = threads
    self.table = table
    pool = WorkerPool(threads: threads)
    weights = Self.pack(graph, table: table, pool: pool)
  }

  deinit { arena.deallocate() }

  /// Computes the graph for one picture.
  ///
  /// The part of a graph that is computed for one query at a time is computed for those that the chooser
  /// names; without one it is not computed at all.
  ///
  /// - Parameters:
  ///   - picture: normalised pixels [height · width, 3], padding included.
  ///   - size: the input's size and its valid part.
  ///   - keep: values to return beside logits, boxes and memory.
  ///   - observer: sees each value as it is made.
  ///   - chooser: given the result so far, the queries whose masks are wanted.
  /// - Returns: the kept values.
  /// - Throws: ``ShapeError`` when the graph cannot take the size.
  public func run(
    picture: [Float],
    size: InputSize,
    keep: Set<FloatGraph.ValueID> = [],
    observer: Observer? = nil,
    masksOf chooser: ((Result) -> [Int])? = nil
  ) throws(ShapeError) -> Result {
    precondition(
      picture.count == size.height * size.width * 3,
      "the picture must fill the input's size"
    )
    let kept = keep.union([graph.logits, graph.boxes, graph.memory].compactMap { $0 })
    let mask = chooser == nil ? nil : graph.perQuery?.mask
    let needed = mask.map { kept.union([$0]) } ?? kept
    let plan = try plan(size: size, needed: observer == nil ? needed : nil)
    var masks: [Int: [Float]] = [:]
    var values: [FloatGraph.ValueID: [Float]] = [:]
    picture.withUnsafeBufferPointer { picture in
      var run = ExecutionRun(
        graph: graph,
        size: size,
        plan: plan,
        picture: picture.baseAddress!,
        arena: arena.baseAddress!,
        table: table,
        pool: pool
      )
      if kept.contains(graph.picture) { values[graph.picture] = Array(picture) }
      func compute(_ step: ExecutionPlan.Step) {
        run.compute(step, weights: weights[step.node])
        let numbers = UnsafeBufferPointer(
          start: run.values(step.output),
          count: plan.shapes[step.output.index].count
        )
        observer?(step.output, plan.shapes[step.output.index], numbers)
        if kept.contains(step.output) { values[step.output] = Array(numbers) }
        if step.output == mask { masks[run.query] = Array(numbers) }
      }
      for step in plan.steps[..<plan.firstPerQuery] { compute(step) }
      let queries = chooser?(Result(shapes: plan.shapes, values: values, masks: [:])) ?? []
      for query in queries {
        run.query = query
        for step in plan.steps[plan.firstPerQuery...] { compute(step) }
      }
    }
    return Result(shapes: plan.shapes, values: values, masks: masks)
  }

  /// The bytes that the activations of an input size take.
  ///
  /// - Parameter size: the input's size.
  /// - Returns: the size of the arena for a run without an observer that keeps nothing else.
  /// - Throws: ``ShapeError`` when the graph cannot take the size.
  public func arenaByteCount(for size: InputSize) throws(ShapeError) -> Int {
    let needed = Set([graph.logits, graph.boxes, graph.memory].compactMap { $0 })
    return try ExecutionPlan(graph: graph, size: size, needed: needed).arenaCount * 4
  }

  private func plan(
    size: InputSize,
    needed: Set<FloatGraph.ValueID>?
  ) throws(ShapeError) -> ExecutionPlan {
    if let prepared, prepared.size == size, prepared.needed == needed { return prepared.plan }
    let plan = try ExecutionPlan(graph: graph, size: size, needed: needed)
    prepared = Preparation(size: size, needed: needed, plan: plan)
    if arena.count < max(plan.arenaCount, 1) {
      arena.deallocate()
      let count = max(plan.arenaCount, 1)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      arena = UnsafeMutableBufferPointer(
        start: memory.bindMemory(to: Float.self, capacity: count),
        count: count
      )
    }
    return plan
  }

  private static func pack(
    _ graph: FloatGraph,
    table: FloatKernelTable,
    pool: WorkerPool
  ) -> [PackedMatrix?] {
    var weights = [PackedMatrix?](repeating: nil, count: graph.nodes.count)
    weights.withUnsafeMutableBufferPointer { weights in
      let destination = weights.baseAddress!
      pool.parallelFor(graph.nodes.count) { range, _ in
        for index in range {
          destination[index] = graph.nodes[index].operation.packedWeights(table: table)
        }
      }
    }
    return weights
  }
}

extension FloatOperation {
  /// Packs the weights of the operation; nothing where it has none.
  fileprivate func packedWeights(table: FloatKernelTable) -> PackedMatrix? {
    switch self {
    case .convolution(let weights, let window, _):
      weights.packed(kernel: window.kernel, table: table)
    case .linear(let weights, _): weights.packed(kernel: 1, table: table)
    default: nil
    }
  }
}

extension FloatOperation.Weights {
  fileprivate func packed(kernel: Int, table: FloatKernelTable) -> PackedMatrix {
    let taps = kernel * kernel
    return bias.withUnsafeBufferPointer { bias in
      PackedMatrix(
        values,
        tapCount: taps,
        depth: inputs,
        columns: outputs,
        tapStride: inputs,
        rowStride: 1,
        columnStride: taps * inputs,
        bias: bias.isEmpty ? nil : bias.baseAddress,
        table: table
      )
    }
  }
}
