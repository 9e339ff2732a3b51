import ModelFile

/// In which order the operations of a model run, and which of them run together, a few rows at a time.
///
/// A *group* is one operation on whole values, or a *chain*: several operations of which each makes a
/// few rows before the next one turns to those, so that what passes between them needs a ring of rows in
/// place of a whole value and stays in the cache. Every thread runs a chain over its own part of the
/// result with rings of its own, and threads meet only behind it. There are two kinds:
///
/// - a *row chain*: every operation needs the rows of the same numbers (a projection, its norm, the next
///   projection). It is what encoder and decoder layers consist of between two attentions;
/// - a *band chain*: operations need windows of rows (the stem, the pool, the first blocks). It computes
///   bands of rows of its one result and, of everything before, the rows that a band needs and
///   the band before has not made.
///
/// **Algorithm.** Row chains: values in descending size; the operations that make and read one are merged
/// if all of them are row-wise, nothing else needs the value, all results have the same number of rows, none of
/// them needs a whole value that another one makes, no way leads out of the merged group and
/// back into it, and everything that stands between them in the file is needed by one of them. Sums, norms
/// and changes of units are then merged with what makes their operand, for the cache's sake alone.
///
/// Variants are weighed by their peak, the greatest sum of values and rings that live at one step: a
/// change of units whose operand lives as long as its result is read may run again in every chain that
/// reads it, so that the result needs no memory; an operation may be a chain of its own whose rows go
/// through a ring into the place of what they are made from; the chain at the peak may lose its last operation
/// to a group of its own.
///
/// The band chain begins with the model's first operation and ends with one behind which only its own
/// result is alive. The shortest with the lowest peak wins, none where that peak lies elsewhere. A
/// chain that would compute rows twice, because two threads need them, for more than 2 % of the model's
/// multiply-adds is not looked at.
struct Schedule {
  struct Group {
    /// In the order in which they run.
    var operations: [Int]
    /// How they run together; nil for a single operation on whole values.
    var chain: Chain?
    /// The memory of that.
    var plan: ChainPlan?

    init(_ operation: Int) { operations = [operation] }

    /// - Throws: ``SessionError/planTooLarge``.
    init(
      _ chain: Chain,
      model: Model,
      need: ScratchNeed,
      threads: Int
    ) throws(SessionError) {
      operations = chain.members.map { $0.operation }
      self.chain = chain
      plan = try ChainPlan(chain, model: model, need: need, threads: threads)
    }
  }

  let groups: [Group]
  /// The group of each operation; one of them where it runs several times.
  let groupOfOperation: [Int]
  /// By value: whether it lives only in the ring of a chain.
  let isInRing: [Bool]

  init(groups: [Group], model: Model) {
    self.groups = groups
    var groupOfOperation = [Int](repeating: 0, count: model.operations.count)
    var isInRing = [Bool](repeating: false, count: model.values.count)
    for (index, group) in groups.enumerated() {
      for operation in group.operations { groupOfOperation[operation] = index }
      for member in group.chain?.members ?? [] where !member.isKept {
        isInRing[model.operations[member.operation].output.index] = true
      }
    }
    self.groupOfOperation = groupOfOperation
    self.isInRing = isInRing
  }

  /// Every operation by itself, in the order of the file.
  init(unchained model: Model) {
    self.init(
      groups: model.operations.indices.map { Group($0) },
      model: model
    )
  }
}
