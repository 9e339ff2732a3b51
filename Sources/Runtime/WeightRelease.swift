import ModelFile

@_extern(c, "madvise")
private func madvise(_ start: UnsafeMutableRawPointer, _ count: Int, _ advice: Int32) -> Int32

@_extern(c, "sysconf")
private func sysconf(_ name: Int32) -> Int

/// Where the weights of each step lie, to be handed back to the system once the step is done.
struct WeightRelease {
  /// [steps]
  private let ranges: UnsafeMutablePointer<UnsafeRawBufferPointer>
  private let pageBytes: Int

  // Numbers of Linux.
  private static let pageSize: Int32 = 30
  private static let dontNeed: Int32 = 4

  init(_ model: Model, _ schedule: Schedule, _ program: Program) {
    pageBytes = max(Self.sysconfPage, 1)
    ranges = .allocate(capacity: program.stepCount)
    var chains = schedule.groups.filter { $0.chain != nil }.makeIterator()
    for step in 0..<program.stepCount {
      let operation = program.operations[step]
      let operations =
        operation == Program.chain
        ? chains.next()?.operations ?? []
        : model.operations.indices.contains(operation) ? [operation] : []
      (ranges + step).initialize(to: Self.weights(of: operations, model, pageBytes))
    }
  }

  func deallocate() { ranges.deallocate() }

  private static var sysconfPage: Int { sysconf(pageSize) }

  /// All pages from the first to the last weight of some operations.
  private static func weights(
    of operations: [Int],
    _ model: Model,
    _ pageBytes: Int
  ) -> UnsafeRawBufferPointer {
    var first: UnsafeRawPointer?
    var end: UnsafeRawPointer?
    for operation in operations {
      guard case .convolution(let it) = model.operations[operation] else { continue }
      let start = UnsafeRawPointer(model.elements(it.weights, as: UInt8.self))
      first = first.map { min($0, start) } ?? start
      let stop = start + it.weights.count
      end = end.map { max($0, stop) } ?? stop
    }
    guard let first, let end else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let lower = UInt(bitPattern: first) / UInt(pageBytes) * UInt(pageBytes)
    return UnsafeRawBufferPointer(
      start: UnsafeRawPointer(bitPattern: lower),
      count: Int(bitPattern: UInt(bitPattern: end) - lower)
    )
  }

  /// Hands back the pages of a step.
  func release(_ step: Int) {
    let range = ranges[step]
    guard let start = range.baseAddress, range.count > 0 else { return }
    _ = madvise(UnsafeMutableRawPointer(mutating: start), range.count, Self.dontNeed)
  }
}
