import ModelFile

/// Operations that run together, some lines at a time.
///
/// A *line* is what a chain counts in: a row of pixels where operations have windows, else one row.
struct Chain {
  /// One operation.
  struct Member {
    let operation: Int
    /// Lines of its result.
    let lines: Int
    /// Rows in a line.
    let lineRows: Int
    /// Its reads of values that the chain makes, in ``Chain/edges``.
    let edges: Range<Int>
    /// Whether the result is needed behind the chain, in one piece.
    let isKept: Bool
    /// Whether a kept result goes through a ring, so that it can take the place of what it is made from.
    var isBuffered = false
    /// Heads that a kept result lies in one after the other, through a ring too; see ``HeadLayout``.
    var heads = 1

    /// Whether the result goes through a ring.
    var hasRing: Bool { !isKept || isBuffered || heads > 1 }
  }

  /// A member's read of another one's result.
  struct Edge {
    /// Index of the member that makes the value.
    let producer: Int
    /// Its lines.
    let lines: Int
    /// Nil for the lines of the same numbers.
    let window: Window?

    /// The lines that are needed for some lines of the reader.
    func needed(_ lines: Range<Int>) -> Range<Int> {
      guard let window else { return lines }
      let first = lines.lowerBound * window.stride - window.padding
      let last =
        (lines.upperBound - 1) * window.stride - window.padding
        + window.dilation * (window.kernel - 1)
      let lower = min(max(first, 0), self.lines)
      return lower..<max(lower, min(last + 1, self.lines))
    }
  }

  let members: [Member]
  let edges: [Edge]
  /// Lines of what the chain makes.
  let lines: Int
  /// Lines that are made at a time.
  let bandLines: Int
  /// Threads take lines in multiples of this.
  let unit: Int
}

/// Which lines a chain's members make for one band after the other.
struct ChainWalk {
  /// What is known of a member's result.
  struct Progress {
    /// The lines that others need for what they make of the present band.
    var first = 0
    var end = 0
    /// The end of what has been made.
    var made = 0
  }

  let members: UnsafePointer<Chain.Member>
  let edges: UnsafePointer<Chain.Edge>
  let count: Int
  /// [count]
  let progress: UnsafeMutablePointer<Progress>

  /// Begins a run over bands that follow each other.
  func begin() {
    for index in 0..<count { progress[index] = Progress() }
  }

  /// Finds out what a band of the result needs of every member.
  func demand(_ band: Range<Int>) {
    for index in 0..<count {
      progress[index].first = members[index].isKept ? band.lowerBound : Int.max
      progress[index].end = members[index].isKept ? band.upperBound : 0
    }
    var index = count
    while index > 0 {
      index -= 1
      // What has been made needs nothing any more.
      let lines = progress[index]
      let lower = max(lines.first, lines.made)
      guard lower < lines.end else { continue }
      for edge in members[index].edges {
        let needed = edges[edge].needed(lower..<lines.end)
        guard !needed.isEmpty else { continue }
        let producer = edges[edge].producer
        progress[producer].first = min(progress[producer].first, needed.lowerBound)
        progress[producer].end = max(progress[producer].end, needed.upperBound)
      }
    }
  }

  /// The lines that a member has to make now, which count as made from here on.
  func next(_ index: Int) -> Range<Int> {
    let lines = progress[index]
    let lower = max(lines.first, lines.made)
    guard lower < lines.end else { return 0..<0 }
    progress[index].made = lines.end
    return lower..<lines.end
  }
}
