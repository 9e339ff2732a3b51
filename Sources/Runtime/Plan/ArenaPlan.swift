import ModelFile

/// Where every piece of memory of a run lies in the arena, and when.
///
/// Time is counted in steps: step 0 brings the picture in, step i + 1 is group i of the ``Schedule``,
/// the last step makes the detections. A piece lives from its first to its last step, both
/// included, and two pieces may share bytes when they never live at the same step.
///
/// **Algorithm.** Pieces are placed one after the other in a fixed order. Each goes into the smallest gap
/// that is large enough between the pieces already placed that live at the same time, counted from
/// the arena's start; where no gap fits it goes on top of them (best fit). Three orders are tried:
/// by size, by size times lifetime, and by first step, each descending in size where equal; the one
/// with the lowest top wins. Nothing can be lower than ``lowerBound``, the greatest sum of the pieces
/// that live at one step. This is offline strip packing, for which no polynomial optimum is known;
/// on the detectors here the result is the lower bound or within a few percent of it.
///
/// Places are multiples of 64 bytes. The arena ends with 64 bytes that belong to no piece, so that
/// kernels may read past the end of any of them.
public struct ArenaPlan: Sendable {
  /// What a piece holds.
  public enum Content: Equatable, Sendable {
    /// A value, and the values that share its memory.
    case value(ValueIndex)
    /// Working memory of a step.
    case scratch
  }

  /// One piece of the arena.
  public struct Piece: Sendable {
    public let content: Content
    public let byteCount: Int
    public let firstStep: Int
    public let lastStep: Int
    /// Bytes from the start of the arena, a multiple of 64.
    public internal(set) var offset = 0

    func livesWith(_ other: Piece) -> Bool {
      firstStep <= other.lastStep && other.firstStep <= lastStep
    }
  }

  /// Places are multiples of this, and as many bytes follow the last piece.
  public static let alignment = 64

  public private(set) var pieces: [Piece]
  public let steps: Int
  /// The size of the arena.
  public private(set) var byteCount = 0

  /// The greatest sum of the pieces that live at one step, and what follows the last piece.
  public var lowerBound: Int {
    (0..<steps).reduce(0) { max($0, liveBytes(at: $1)) } + Self.alignment
  }

  /// The sum of the pieces that live at a step.
  public func liveBytes(at step: Int) -> Int {
    pieces.reduce(0) {
      step >= $1.firstStep && step <= $1.lastStep ? $0 + $1.byteCount : $0
    }
  }

  /// Places pieces.
  ///
  /// - Parameters:
  ///   - pieces: their sizes and lifetimes; sizes are rounded up to the alignment.
  ///   - steps: how many steps there are.
  /// - Throws: ``SessionError/planTooLarge`` where the sum of all sizes is no Int.
  init(_ pieces: [Piece], steps: Int) throws(SessionError) {
    self.steps = steps
    self.pieces = []
    var total = Self.alignment
    for piece in pieces {
      let (rounded, overflow) = piece.byteCount.addingReportingOverflow(Self.alignment - 1)
      let byteCount = rounded & ~(Self.alignment - 1)
      let (sum, sumOverflow) = total.addingReportingOverflow(byteCount)
      guard !overflow, !sumOverflow else { throw .planTooLarge }
      total = sum
      self.pieces.append(
        Piece(
          content: piece.content,
          byteCount: byteCount,
          firstStep: piece.firstStep,
          lastStep: piece.lastStep
        )
      )
    }
    // From here on no offset can exceed `total`.
    var best: (top: Int, offsets: [Int])? = nil
    for order in Order.allCases {
      let placed = place(in: order)
      if best == nil || placed.top < best!.top { best = placed }
    }
    for index in self.pieces.indices { self.pieces[index].offset = best!.offsets[index] }
    byteCount = best!.top + Self.alignment
  }

  private enum Order: CaseIterable { case size, area, firstStep }

  /// Whether piece `a` is placed before piece `b`; ties go to the lower index.
  private func comesFirst(_ a: Int, _ b: Int, in order: Order) -> Bool {
    let first = pieces[a]
    let second = pieces[b]
    switch order {
    case .size: break
    case .area:
      // Sizes are below 2⁶², so that halves of the products are compared without overflow.
      let firstArea = first.byteCount.multipliedFullWidth(by: first.lastStep - first.firstStep + 1)
      let secondArea = second.byteCount.multipliedFullWidth(
        by: second.lastStep - second.firstStep + 1
      )
      if firstArea.high != secondArea.high { return firstArea.high > secondArea.high }
      if firstArea.low != secondArea.low { return firstArea.low > secondArea.low }
    case .firstStep:
      if first.firstStep != second.firstStep { return first.firstStep < second.firstStep }
    }
    if first.byteCount != second.byteCount { return first.byteCount > second.byteCount }
    return a < b
  }

  private func place(in order: Order) -> (top: Int, offsets: [Int]) {
    let sequence = pieces.indices.sorted { comesFirst($0, $1, in: order) }
    var offsets = [Int](repeating: 0, count: pieces.count)
    var top = 0
    // Placed pieces by offset.
    var placed: [Int] = []
    for index in sequence where pieces[index].byteCount > 0 {
      let size = pieces[index].byteCount
      var end = 0
      var bestGap: (offset: Int, size: Int)? = nil
      for other in placed where pieces[other].livesWith(pieces[index]) {
        let gap = offsets[other] - end
        if gap >= size, bestGap == nil || gap < bestGap!.size { bestGap = (end, gap) }
        end = max(end, offsets[other] + pieces[other].byteCount)
      }
      let offset = bestGap?.offset ?? end
      offsets[index] = offset
      top = max(top, offset + size)
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(index, at: position)
    }
    return (top, offsets)
  }
}
