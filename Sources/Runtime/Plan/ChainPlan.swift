import ModelFile

/// The memory that each thread needs for a chain: rings of rows, and what the operations need
/// beside them.
///
/// The rings are laid out like an arena whose steps are the chain's operations: one that holds lines
/// from one band to the next lives all the time, the others from the operation that makes them to the
/// last one that reads them.
struct ChainPlan {
  struct Ring {
    /// Bytes from the start of the thread's memory.
    let offset: Int
    let rows: Int
  }

  /// By member; nil for results that are made where they are kept.
  let rings: [Ring?]
  /// Places in a thread's memory.
  let progress: Int
  let scratch: Int
  /// Bytes of one thread, a multiple of 64.
  let byteCount: Int
  /// By member: how many lines all threads together make; more than there are where several need one.
  let madeLines: [Int]

  /// - Throws: ``SessionError/planTooLarge``.
  init(
    _ chain: Chain,
    model: Model,
    need: ScratchNeed,
    threads: Int
  ) throws(SessionError) {
    let walked = WalkedChain(chain, threads: threads)
    madeLines = walked.madeLines
    var pieces: [ArenaPlan.Piece] = []
    var scratchBytes: Int64 = 0
    let last = chain.members.count - 1
    var lastReader = Array(chain.members.indices)
    for (index, member) in chain.members.enumerated() {
      for edge in member.edges { lastReader[chain.edges[edge].producer] = index }
    }
    for (index, member) in chain.members.enumerated() {
      let operation = model.operations[member.operation]
      scratchBytes = max(scratchBytes, need.bytes(operation).bytes)
      let value = model[operation.output]
      // Lines are part of a value whose bytes were checked.
      let bytes =
        !member.hasRing
        ? 0
        : walked.capacity[index] * member.lineRows * value.channels * value.element.byteCount
      pieces.append(
        ArenaPlan.Piece(
          content: .scratch,
          byteCount: bytes,
          firstStep: walked.isCarried[index] ? 0 : index,
          lastStep: walked.isCarried[index] ? last : lastReader[index]
        )
      )
    }
    let arena = try ArenaPlan(pieces, steps: chain.members.count)
    rings = chain.members.indices.map { index in
      !chain.members[index].hasRing
        ? nil
        : Ring(
          offset: arena.pieces[index].offset,
          rows: walked.capacity[index] * chain.members[index].lineRows
        )
    }
    var layout = ScratchLayout()
    _ = layout.add(arena.byteCount, bytes: 1)
    progress = layout.add(chain.members.count, bytes: MemoryLayout<ChainWalk.Progress>.stride)
    scratch = Int(truncatingIfNeeded: layout.byteCount)
    let total = layout.byteCount + (scratchBytes + 63) / 64 * 64
    guard total <= Int64(Int.max / 4) else { throw .planTooLarge }
    byteCount = Int(total)
  }
}

/// What a walk over all bands of all threads shows.
struct WalkedChain {
  /// By member: the most lines that are needed at a time.
  private(set) var capacity: [Int]
  /// By member: whether a band needs lines that the band before has made.
  private(set) var isCarried: [Bool]
  private(set) var madeLines: [Int]

  init(_ chain: Chain, threads: Int) {
    let count = chain.members.count
    capacity = Array(repeating: 0, count: count)
    isCarried = Array(repeating: false, count: count)
    madeLines = Array(repeating: 0, count: count)
    var progress = [ChainWalk.Progress](repeating: ChainWalk.Progress(), count: count)
    chain.members.withUnsafeBufferPointer { members in
      chain.edges.withUnsafeBufferPointer { edges in
        progress.withUnsafeMutableBufferPointer { progress in
          guard let first = members.baseAddress, let state = progress.baseAddress else { return }
          // A chain without edges has no pointer to them, and none is followed.
          let walk = ChainWalk(
            members: first,
            edges: edges.baseAddress
              ?? UnsafePointer(UnsafeMutablePointer<Chain.Edge>(bitPattern: 64)!),
            count: count,
            progress: state
          )
          for thread in 0..<threads { add(walk, chain, thread, threads) }
        }
      }
    }
  }

  private mutating func add(_ walk: ChainWalk, _ chain: Chain, _ thread: Int, _ threads: Int) {
    let share = threadShare(of: chain.lines, unit: chain.unit, thread: thread, of: threads)
    walk.begin()
    var first = share.lowerBound
    while first < share.upperBound {
      let band = first..<min(first + chain.bandLines, share.upperBound)
      walk.demand(band)
      for index in 0..<walk.count {
        let lines = walk.progress[index]
        if lines.first < lines.end {
          capacity[index] = max(capacity[index], lines.end - lines.first)
          if lines.first < lines.made { isCarried[index] = true }
        }
        madeLines[index] += walk.next(index).count
      }
      first = band.upperBound
    }
  }
}
