/// Several operations, some lines at a time; see ``Chain``.
struct ChainStep {
  /// [count] of each.
  let steps: UnsafePointer<Step>
  let members: UnsafePointer<Chain.Member>
  let edges: UnsafePointer<Chain.Edge>
  let count: Int
  let lines: Int
  let bandLines: Int
  let unit: Int
  /// The rings and everything else of a thread.
  let memory: ThreadScratch
  /// Where its progress lies in there.
  let progress: Int

  func run(_ context: StepContext) {
    let walk = ChainWalk(
      members: members,
      edges: edges,
      count: count,
      progress: (memory.start(context) + progress).assumingMemoryBound(
        to: ChainWalk.Progress.self
      )
    )
    let share = context.share(of: lines, unit: unit)
    walk.begin()
    var first = share.lowerBound
    while first < share.upperBound {
      let band = first..<min(first + bandLines, share.upperBound)
      walk.demand(band)
      for index in 0..<count {
        let lines = walk.next(index)
        guard !lines.isEmpty else { continue }
        let lineRows = members[index].lineRows
        let rows = lines.lowerBound * lineRows..<lines.upperBound * lineRows
        if let clock = context.clock {
          let start = clock.start
          steps[index].run(context, rows: rows)
          clock.add(since: start, operation: members[index].operation)
        } else {
          steps[index].run(context, rows: rows)
        }
      }
      first = band.upperBound
    }
  }
}
