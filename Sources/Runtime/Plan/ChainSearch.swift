import ModelFile

/// Finds chains among the operations of a model.
struct ChainSearch {
  private let model: Model
  private let shapes: [ValueShape]
  private let threads: Int
  /// By operation: what it reads, and how.
  private let reads: [[(value: ValueIndex, access: RowAccess)]]
  private let isRowWise: [Bool]
  /// By value: the operations that read it.
  private let readers: [[Int]]
  /// By value: the operation that makes it; −1 for the picture.
  private let maker: [Int]
  /// By value: whether it must be there behind the run.
  private let isResult: [Bool]
  private let layout: HeadLayout
  /// By operation: the first operation of its group.
  private(set) var group: [Int]
  /// By first operation: all of the group, in order; empty for others.
  private var members: [[Int]]
  /// By operation: whether it runs in every group that reads its result.
  private var isRepeated: [Bool]

  /// Rows of a band whose operations still work at full speed.
  static let bandRows = 192
  /// Rows come in multiples of this, so that tiles of every kernel are full.
  private static let rowUnit = 48
  /// Bytes of rings that stay in a second-level cache beside the weights that go past.
  private static let ringBytes = 400 << 10

  init(model: Model, shapes: [ValueShape], retention: Retention, threads: Int) {
    self.model = model
    self.shapes = shapes
    self.threads = threads
    var readers = [[Int]](repeating: [], count: model.values.count)
    var maker = [Int](repeating: -1, count: model.values.count)
    for (index, operation) in model.operations.enumerated() {
      maker[operation.output.index] = index
      for value in operation.inputs where readers[value.index].last != index {
        readers[value.index].append(index)
      }
    }
    reads = model.operations.map { $0.reads }
    // What is computed for one query at a time runs by itself.
    let firstPerQuery = model.firstPerQuery
    isRowWise = model.operations.indices.map {
      $0 < firstPerQuery && model.operations[$0].isRowWise
    }
    self.readers = readers
    self.maker = maker
    let outputs = [model.information.logits, model.information.boxes]
    isResult = model.values.indices.map {
      let value = ValueIndex($0)
      return outputs.contains(value) || retention.contains(value)
    }
    layout = HeadLayout(model: model, retention: retention)
    group = Array(model.operations.indices)
    members = model.operations.indices.map { [$0] }
    isRepeated = Array(repeating: false, count: model.operations.count)
  }

  /// The groups, each by its first operation.
  var groups: [[Int]] { members.filter { !$0.isEmpty } }

  /// Whether some operations run as a chain: several of them, and those that sort their result by heads.
  func isChain(_ operations: [Int]) -> Bool {
    guard operations.count == 1 else { return true }
    guard case .convolution = model.operations[operations[0]] else { return false }
    return layout.heads[output(operations[0])] > 1
  }

  private func bytes(_ value: Int) -> Int {
    shapes[value].rows * rowBytes(value)
  }

  private func rowBytes(_ value: Int) -> Int {
    model.values[value].channels * model.values[value].element.byteCount
  }

  private func output(_ operation: Int) -> Int { model.operations[operation].output.index }

  // MARK: Row chains

  /// Merges operations into row chains.
  mutating func mergeRows() {
    let values = model.values.indices.filter {
      maker[$0] >= 0 && !readers[$0].isEmpty && !isResult[$0]
    }
    let ordered = values.sorted { (bytes($1), $0) < (bytes($0), $1) }
    for value in ordered { merge([maker[value]] + readers[value]) }
    for value in ordered {
      for reader in readers[value] where model.operations[reader].isElementwise {
        merge([maker[value], reader])
      }
    }
  }

  /// Merges the groups of some operations where that gives a row chain.
  private mutating func merge(_ operations: [Int]) {
    var firsts: [Int] = []
    for operation in operations where !firsts.contains(group[operation]) {
      firsts.append(group[operation])
    }
    guard firsts.count > 1 else { return }
    let merged = firsts.flatMap { members[$0] }.sorted()
    guard isRowChain(merged), isNeighborhood(merged), isConvex(merged) else { return }
    for first in firsts { members[first] = [] }
    members[merged[0]] = merged
    for operation in merged { group[operation] = merged[0] }
  }

  private func isRowChain(_ operations: [Int]) -> Bool {
    let rows = shapes[output(operations[0])].rows
    for operation in operations {
      guard isRowWise[operation], shapes[output(operation)].rows == rows else {
        return false
      }
      for read in reads[operation] where read.access != .sameRow {
        let maker = maker[read.value.index]
        guard maker < 0 || !operations.contains(maker) else { return false }
      }
    }
    return true
  }

  /// Whether no way leads out of some operations and back into them.
  private func isConvex(_ operations: [Int]) -> Bool {
    let last = operations[operations.count - 1]
    var isSeen = [Bool](repeating: false, count: model.operations.count)
    for operation in operations { isSeen[operation] = true }
    var open: [Int] = []
    func leave(_ operation: Int) {
      for reader in readers[output(operation)] where !isSeen[reader] { open.append(reader) }
    }
    for operation in operations { leave(operation) }
    while let next = open.popLast() {
      guard !isSeen[next] else { continue }
      for operation in members[group[next]] {
        isSeen[operation] = true
        for reader in readers[output(operation)] {
          if operations.contains(reader) { return false }
          // A group that begins behind the last operation leads nowhere back.
          if !isSeen[reader], group[reader] < last { open.append(reader) }
        }
      }
    }
    return true
  }

  /// Whether everything that stands between some operations in the file is needed by one of them.
  ///
  /// A chain makes all of its results at one time; without this rule it would make what only
  /// later layers need.
  private func isNeighborhood(_ operations: [Int]) -> Bool {
    let first = operations[0]
    let last = operations[operations.count - 1]
    var isNeeded = [Bool](repeating: false, count: last - first + 1)
    for operation in operations { isNeeded[operation - first] = true }
    for operation in (first...last).reversed() {
      guard isNeeded[operation - first] else { return false }
      for read in reads[operation] where maker[read.value.index] >= first {
        isNeeded[maker[read.value.index] - first] = true
      }
    }
    return true
  }

  /// The chain of some operations that are a row chain.
  func rowChain(_ operations: [Int]) -> Chain {
    let rows = shapes[output(operations[0])].rows
    var ringRowBytes = 1
    for operation in operations where !isKept(operation, operations) {
      ringRowBytes += rowBytes(output(operation))
    }
    let fitting = Self.ringBytes / ringRowBytes / Self.rowUnit * Self.rowUnit
    return chain(
      operations,
      lines: rows,
      bandLines: min(max(fitting, Self.rowUnit), Self.bandRows),
      unit: rows >= 8 * Self.rowUnit * threads ? Self.rowUnit : 12
    ) { _ in (rows, 1) }
  }

  /// Lets changes of units run in every chain that reads their result where their operand is there
  /// anyway; nothing may be merged afterwards.
  mutating func repeatUnitChanges() {
    for operation in model.operations.indices {
      guard case .requantize(let it) = model.operations[operation], !isResult[it.output.index],
        maker[it.input.index] >= 0
      else { continue }
      let own = group[operation]
      var firsts: [Int] = []
      for reader in readers[it.output.index] where !firsts.contains(group[reader]) {
        firsts.append(group[reader])
      }
      guard firsts.count > 1, !firsts.contains(own), let last = firsts.max(),
        members[last].contains(where: { readers[it.input.index].contains($0) })
      else { continue }
      var changed: [[Int]] = []
      for first in firsts { changed.append([operation] + members[first]) }
      guard changed.allSatisfy({ isRowChain($0) }) else { continue }
      members[own] = members[own].filter { $0 != operation }
      for (first, operations) in zip(firsts, changed) { members[first] = operations }
      isRepeated[operation] = true
    }
  }

  /// Whether the last operation of a chain can as well run behind it.
  func mayLeave(_ last: Int, _ operations: [Int]) -> Bool {
    operations.count > 1
      && model.operations[last].inputs.allSatisfy {
        maker[$0.index] < 0 || !isRepeated[maker[$0.index]]
      }
  }

  /// Operations by themselves whose result fits the place of what they are made from, element by
  /// element of a row, but not before the whole row has been read.
  var buffered: [Int] {
    members.filter { $0.count == 1 }.map { $0[0] }.filter { operation in
      guard case .convolution(let it) = model.operations[operation], it.window.isPoint,
        isRowWise[operation], it.input != Model.picture, !isResult[it.input.index],
        !isResult[it.output.index]
      else { return false }
      return rowBytes(it.input.index) == rowBytes(it.output.index)
        && layout.heads[it.output.index] == 1
        && readers[it.input.index].last == operation
    }
  }

  /// The chain of one such operation.
  func bufferedChain(_ operation: Int) -> Chain {
    let chain = rowChain([operation])
    var member = chain.members[0]
    member.isBuffered = true
    return Chain(
      members: [member],
      edges: chain.edges,
      lines: chain.lines,
      bandLines: chain.bandLines,
      unit: chain.unit
    )
  }

  // MARK: The band chain

  /// The chain from the first operation to `last`; nil where these are none.
  func bandChain(upTo last: Int) -> Chain? {
    let operations = Array(0...last)
    var hasWindow = false
    for operation in operations {
      let result = output(operation)
      guard isRowWise[operation], let grid = shapes[result].grid else {
        return nil
      }
      if operation < last {
        guard !isResult[result], let reader = readers[result].last, reader <= last else {
          return nil
        }
      }
      for read in reads[operation] {
        switch read.access {
        case .whole: return nil
        case .window: hasWindow = true
        case .sameRow: guard shapes[read.value.index].grid == grid else { return nil }
        }
      }
      guard members[group[operation]].allSatisfy({ $0 <= last }) else { return nil }
    }
    guard hasWindow, last > 0, let grid = shapes[output(last)].grid else { return nil }
    return chain(
      operations,
      lines: grid.height,
      bandLines: max(1, (Self.bandRows + grid.width - 1) / grid.width),
      unit: 1
    ) { value in
      let grid = shapes[value].grid!
      return (grid.height, grid.width)
    }
  }

  // MARK: Both

  /// Whether an operation's result is needed behind some operations, itself among them.
  private func isKept(_ operation: Int, _ operations: [Int]) -> Bool {
    let value = output(operation)
    if isRepeated[operation] { return false }
    return isResult[value] || readers[value].isEmpty
      || readers[value].contains { !operations.contains($0) }
  }

  private func chain(
    _ operations: [Int],
    lines: Int,
    bandLines: Int,
    unit: Int,
    geometry: (_ value: Int) -> (lines: Int, lineRows: Int)
  ) -> Chain {
    var members: [Chain.Member] = []
    var edges: [Chain.Edge] = []
    for operation in operations {
      let firstEdge = edges.count
      for read in reads[operation] {
        guard let producer = operations.firstIndex(of: maker[read.value.index]) else { continue }
        var window: Window?
        if case .window(let own) = read.access { window = own }
        edges.append(
          Chain.Edge(
            producer: producer,
            lines: geometry(read.value.index).lines,
            window: window
          )
        )
      }
      let (lines, lineRows) = geometry(output(operation))
      members.append(
        Chain.Member(
          operation: operation,
          lines: lines,
          lineRows: lineRows,
          edges: firstEdge..<edges.count,
          isKept: isKept(operation, operations),
          heads: layout.heads[output(operation)]
        )
      )
    }
    return Chain(
      members: members,
      edges: edges,
      lines: lines,
      bandLines: bandLines,
      unit: unit
    )
  }

  /// Groups in an order in which every value is made before it is read; as near to the file's as possible.
  func ordered(_ groups: [[Int]]) -> [[Int]] {
    var place = [Int](repeating: 0, count: model.operations.count)
    for (index, operations) in groups.enumerated() {
      for operation in operations { place[operation] = index }
    }
    var missing = [Int](repeating: 0, count: groups.count)
    var followers = [[Int]](repeating: [], count: groups.count)
    for (index, operations) in groups.enumerated() {
      var before: [Int] = []
      for operation in operations {
        for read in reads[operation] where maker[read.value.index] >= 0 {
          // What the group makes itself may be made elsewhere too.
          guard !operations.contains(maker[read.value.index]) else { continue }
          let other = place[maker[read.value.index]]
          if other != index, !before.contains(other) { before.append(other) }
        }
      }
      missing[index] = before.count
      for other in before { followers[other].append(index) }
    }
    var result: [[Int]] = []
    var ready = groups.indices.filter { missing[$0] == 0 }
    while !ready.isEmpty {
      var next = 0
      for index in ready.indices where groups[ready[index]].last! < groups[ready[next]].last! {
        next = index
      }
      let group = ready.remove(at: next)
      result.append(groups[group])
      for follower in followers[group] {
        missing[follower] -= 1
        if missing[follower] == 0 { ready.append(follower) }
      }
    }
    return result
  }
}
