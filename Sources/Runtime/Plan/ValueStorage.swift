import ModelFile

/// Which values share memory, and from when to when each piece of memory is in use.
///
/// Three ways of sharing:
///
/// - an input of ``Operation/concatenateRows(_:)`` is made in its slice of the result, so that
///   nothing is left to copy;
/// - the result of an operation that works element by element or row by row takes the place of an
///   operand of the same size that dies there (a residual, a masked map, a normalised row);
/// - a result of a row chain takes the place of an operand of the same size that dies there and of which
///   the chain has read a row before it writes that row;
/// - constants stay in the file and the picture stays with the caller, where every reader can
///   work on it there; what only a chain needs is in the chain's rings.
///
/// Time is counted in steps: step i + 1 is group i of the schedule.
///
/// A value that shares another's memory has a parent and a place inside of it; the one without a
/// parent is the *root*, and a root's lifetime is the union of those of its members.
struct ValueStorage {
  enum Place: Equatable {
    /// In the memory of a root, so many bytes from its start.
    case arena(root: Int, offset: Int)
    /// Where the file has it.
    case file
    /// Where the caller has it.
    case caller
    /// In the rings of a chain, some rows at a time.
    case ring
  }

  private let model: Model
  private let schedule: Schedule
  private let bytes: [Int]
  /// Per value: the step that makes it and the last one that reads it.
  private(set) var firstStep: [Int]
  private(set) var lastStep: [Int]
  private var isInArena: [Bool]
  /// Per value: where it lies in another one; roots lie in themselves.
  private var parent: [(value: Int, offset: Int)]
  /// Per root: the first step of all its members, and the last one of those beside the root itself.
  private var groupFirst: [Int]
  private var othersLast: [Int]

  /// Decides for a model with the rows of every value, what must survive the run, and whether the
  /// picture is brought into the arena.
  init(
    model: Model,
    shapes: [ValueShape],
    schedule: Schedule,
    retention: Retention,
    pictureInArena: Bool
  ) {
    let count = model.values.count
    let end = schedule.groups.count + 1
    self.model = model
    self.schedule = schedule
    // Products of checked sizes; see ShapeInference.set.
    bytes = (0..<count).map {
      shapes[$0].rows * model.values[$0].channels * model.values[$0].element.byteCount
    }
    firstStep = Array(repeating: 0, count: count)
    lastStep = Array(repeating: 0, count: count)
    isInArena = Array(repeating: true, count: count)
    isInArena[Model.picture.index] = pictureInArena
    parent = (0..<count).map { ($0, 0) }
    groupFirst = []
    othersLast = Array(repeating: 0, count: count)

    for (index, group) in schedule.groups.enumerated() {
      let step = index + 1
      for operation in group.operations.map({ model.operations[$0] }) {
        let output = operation.output.index
        firstStep[output] = step
        lastStep[output] = max(lastStep[output], step)
        for input in operation.inputs { lastStep[input.index] = step }
        if case .constant = operation { isInArena[output] = false }
        if schedule.isInRing[output] { isInArena[output] = false }
      }
    }
    for value in [model.information.logits, model.information.boxes] {
      lastStep[value.index] = end
    }
    let firstPerQuery = model.firstPerQuery
    if let mask = model.mask {
      lastStep[mask.index] = end
      // What is computed once for all queries must outlive the first of them.
      var isOnce = [Bool](repeating: false, count: count)
      for operation in model.operations[..<firstPerQuery] { isOnce[operation.output.index] = true }
      for operation in model.operations[firstPerQuery...] {
        for input in operation.inputs where isOnce[input.index] { lastStep[input.index] = end }
      }
    }
    for value in 0..<count where retention.contains(ValueIndex(value)) { lastStep[value] = end }
    groupFirst = firstStep

    for operation in model.operations {
      if case .concatenateRows(let it) = operation { shareSlices(it) }
    }
    for (index, group) in schedule.groups.enumerated() {
      if let chain = group.chain {
        shareOperands(of: chain, step: index + 1)
      } else {
        shareOperand(of: model.operations[group.operations[0]], step: index + 1)
      }
    }
  }

  /// The place of a value.
  mutating func place(of value: ValueIndex) -> Place {
    guard isInArena[value.index] else {
      return value == Model.picture ? .caller : schedule.isInRing[value.index] ? .ring : .file
    }
    let (root, offset) = root(of: value.index)
    return .arena(root: root, offset: offset)
  }

  /// The pieces of the arena that hold values.
  var pieces: [ArenaPlan.Piece] {
    parent.indices.filter { parent[$0].value == $0 && isInArena[$0] }.map { root in
      ArenaPlan.Piece(
        content: .value(ValueIndex(root)),
        byteCount: bytes[root],
        firstStep: groupFirst[root],
        lastStep: max(lastStep[root], othersLast[root])
      )
    }
  }

  /// Follows the parents and shortens the way for the next time.
  private mutating func root(of value: Int) -> (root: Int, offset: Int) {
    var root = value
    var total = 0
    while parent[root].value != root {
      total += parent[root].offset
      root = parent[root].value
    }
    var next = value
    var rest = total
    while parent[next].value != next {
      let (above, offset) = parent[next]
      parent[next] = (root, rest)
      rest -= offset
      next = above
    }
    return (root, total)
  }

  /// Puts a root into the memory of another value.
  private mutating func attach(_ value: Int, to other: Int, offset: Int) {
    let (root, start) = root(of: other)
    parent[value] = (root, start + offset)
    groupFirst[root] = min(groupFirst[root], groupFirst[value])
    othersLast[root] = max(othersLast[root], othersLast[value], lastStep[value])
  }

  private mutating func shareSlices(_ concatenation: Concatenation) {
    let output = concatenation.output.index
    var offset = 0
    for input in concatenation.inputs.map({ $0.index }) {
      if isInArena[input], parent[input].value == input {
        attach(input, to: output, offset: offset)
      }
      offset += bytes[input]
    }
  }

  private mutating func shareOperand(of operation: Operation, step: Int) {
    let output = operation.output.index
    guard isInArena[output] else { return }
    for operand in operation.replaceableOperands.map({ $0.index }) {
      guard isReplaceable(operand, by: output, step) else { continue }
      attach(operand, to: output, offset: 0)
      return
    }
  }

  /// Whether an operand dies at a step, and so has everything else in its memory before.
  private func isReplaceable(_ operand: Int, by output: Int, _ step: Int) -> Bool {
    isInArena[operand] && parent[operand].value == operand && lastStep[operand] == step
      && othersLast[operand] < step && bytes[operand] == bytes[output]
  }

  private mutating func shareOperands(of chain: Chain, step: Int) {
    // With windows a row is still needed after it has been made; sorted by heads a row lies elsewhere.
    guard chain.edges.allSatisfy({ $0.window == nil }) else { return }
    let operands = chain.members.flatMap { model.operations[$0.operation].inputs }
    for (index, member) in chain.members.enumerated() where member.isKept && member.heads == 1 {
      let output = model.operations[member.operation].output.index
      for operand in operands.map({ $0.index })
      where operand != output && firstStep[operand] < step
        && isReplaceable(operand, by: output, step)
        && chain.members.indices.allSatisfy({ reader in
          let operation = model.operations[chain.members[reader].operation]
          return isDone(
            with: operand,
            operation,
            before: reader < index || reader == index && member.isBuffered,
            at: reader == index
          )
        })
      {
        attach(operand, to: output, offset: 0)
        break
      }
    }
  }

  /// Whether an operation of a chain leaves the memory of an operand's row to a result that is written
  /// after it, or to its own.
  private func isDone(
    with operand: Int,
    _ operation: Operation,
    before isBefore: Bool,
    at isSame: Bool
  ) -> Bool {
    let accesses = operation.reads.filter { $0.value.index == operand }.map { $0.access }
    guard !accesses.isEmpty else { return true }
    guard accesses.allSatisfy({ $0 == .sameRow }) else { return false }
    return isBefore || isSame && operation.replaceableOperands.contains(ValueIndex(operand))
  }
}

extension Operation {
  /// The operands whose memory the result may take, element on element, where they die here.
  ///
  /// An operand that the operation also reads in another role is none of them.
  fileprivate var replaceableOperands: [ValueIndex] {
    switch self {
    case .convolution(let it):
      it.residual.map { $0 == it.input || $0 == it.position ? [] : [$0] } ?? []
    case .add(let it): it.a == it.b ? [it.a] : [it.a, it.b]
    case .requantize(let it): [it.input]
    case .layerNorm(let it): [it.input]
    case .groupNorm(let it): [it.input]
    case .maskPadding(let it), .maskProposals(let it): [it.input]
    case .sigmoid(let it): [it.input]
    case .refineBoxes(let it): it.delta == it.reference ? [] : [it.delta]
    case .proposalBoxes(let it): [it.delta]
    case .multiply(let it): it.a == it.b ? [it.a] : [it.a, it.b]
    case .rectify(let it): [it.input]
    default: []
    }
  }
}
