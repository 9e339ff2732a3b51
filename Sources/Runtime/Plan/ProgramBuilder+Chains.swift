import Kernels
import ModelFile

/// Where the values of a chain lie.
struct ChainPlaces {
  let chain: Chain
  let plan: ChainPlan
  let model: Model
  /// All of the chain's memory, a part a thread.
  let memory: ThreadScratch

  /// The ring of a value; nil for a value that has a place of its own.
  func place(_ value: ValueIndex, rowBytes: Int) -> RowPlace? {
    for (index, member) in chain.members.enumerated() {
      guard let ring = plan.rings[index], model.operations[member.operation].output == value
      else { continue }
      return RowPlace(
        memory.base + ring.offset,
        rowBytes: rowBytes,
        capacity: ring.rows,
        threadStride: memory.byteCount
      )
    }
    return nil
  }

  /// The working memory of one operation at a time.
  var scratch: ThreadScratch {
    ThreadScratch(base: memory.base + plan.scratch, byteCount: memory.byteCount)
  }
}

extension ProgramBuilder {
  /// Appends the one step of a chain.
  mutating func append(_ chain: Chain, _ memory: ChainPlan, step: Int) {
    let scratch = scratch(step: step)
    self.chain = ChainPlaces(chain: chain, plan: memory, model: plan.model, memory: scratch)
    var steps: [Step] = []
    for member in chain.members {
      // Row-wise operations are one step each.
      steps.append(self.steps(plan.model.operations[member.operation], member.operation)[0])
    }
    var copies: [RowCopy?] = []
    for member in chain.members {
      let value = plan.model.operations[member.operation].output
      copies.append(
        member.isKept && member.hasRing
          ? RowCopy(
            ring: place(value),
            kept: output(value),
            rows: rows(value),
            heads: member.heads
          ) : nil
      )
    }
    self.chain = nil
    let chainStep = ChainStep(
      steps: program.keep(steps),
      members: program.keep(chain.members),
      edges: program.keep(chain.edges),
      copies: program.keep(copies),
      count: chain.members.count,
      lines: chain.lines,
      bandLines: chain.bandLines,
      unit: chain.unit,
      memory: scratch,
      progress: memory.progress
    )
    program.append(.chain(chainStep), operation: Program.chain)
  }
}
