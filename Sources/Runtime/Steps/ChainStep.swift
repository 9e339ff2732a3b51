/// Several operations, some lines at a time; see ``Chain``.
struct ChainStep {
  /// [count] of each.
  let steps: UnsafePointer<Step>
  let members: UnsafePointer<Chain.Member>
  let edges: UnsafePointer<Chain.Edge>
  let copies: UnsafePointer<RowCopy?>
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
          make(index, rows, context)
          clock.add(since: start, operation: members[index].operation)
        } else {
          make(index, rows, context)
        }
      }
      first = band.upperBound
    }
  }

  private func make(_ index: Int, _ rows: Range<Int>, _ context: StepContext) {
    steps[index].run(context, rows: rows)
    if let copy = copies[index] { copy.run(context, rows: rows) }
  }
}

/// Takes rows out of a ring to where they are kept.
struct RowCopy {
  let ring: RowPlace
  let kept: UnsafeMutableRawPointer
  /// Rows of the whole value.
  let rows: Int
  /// Heads that lie one after the other.
  let heads: Int

  func run(_ context: StepContext, rows: Range<Int>) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(rows.upperBound - row, ring.contiguous(from: row))
      let source = UnsafeRawPointer(ring.row(row, context.thread))
      if heads == 1 {
        (kept + row * ring.rowBytes).copyMemory(from: source, byteCount: count * ring.rowBytes)
      } else {
        sort(source, row, count)
      }
      row += count
    }
  }

  private func sort(_ source: UnsafeRawPointer, _ first: Int, _ count: Int) {
    let headBytes = ring.rowBytes / heads
    for head in 0..<heads {
      var from = source + head * headBytes
      var to = kept + (head * rows + first) * headBytes
      if headBytes == 32 {
        // What the models of the papers have.
        for _ in 0..<count {
          to.storeBytes(
            of: from.loadUnaligned(as: SIMD32<UInt8>.self),
            as: SIMD32<UInt8>.self
          )
          from += ring.rowBytes
          to += headBytes
        }
      } else {
        for _ in 0..<count {
          to.copyMemory(from: from, byteCount: headBytes)
          from += ring.rowBytes
          to += headBytes
        }
      }
    }
  }
}
