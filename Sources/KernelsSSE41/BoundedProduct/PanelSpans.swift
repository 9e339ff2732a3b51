#if arch(x86_64)
  // `pmaddubsw` adds the products of two unsigned and two signed bytes in 16 bits. That is exact as long as
  // the products of one sign stay inside of 16 bits, and so is a sum of such results. Weights are
  // known and inputs bounded by what the rows of this call hold, so for each group
  //
  //     Σ max(w, 0) · xmax ≤ 32766  and  Σ min(w, 0) · xmax ≥ −32767
  //
  // tells how many products may be added up before they are widened; limited arithmetic finds out. The bound is
  // that of this call's own inputs, which are rarely near 255 in all columns, so that nearly all products
  // go in eights or fours; where they cannot, the same bytes take more instructions:
  //
  //     way       groups    instructions of AVX2 for each row, group and 16 outputs, but for loads
  //     eights    4         2 pmaddubsw, 1.5 paddw, 0.5 pmaddwd, 0.5 paddd       4.5
  //     fours     2         2 pmaddubsw, 1 paddw, 1 pmaddwd, 1 paddd             5
  //     pairs     1         2 pmaddubsw, 2 pmaddwd, 2 paddd                      6
  //     wide      1         4 pmaddwd, 4 paddd, 2 to widen inputs               10
  //
  // Groups whose inputs are 0 in all rows are left out. A tile that goes from one way to another loses, by
  // estimate, what eights save in 24 groups, as no processor foresees it, so that shorter spans of eights go in fours.

  @_transparent var eightsWay: Int32 { 0 }
  @_transparent var foursWay: Int32 { 1 }
  @_transparent var pairsWay: Int32 { 2 }
  @_transparent var wideWay: Int32 { 3 }

  /// The least groups of a span of eights beside others.
  @_transparent private var shortestEights: Int32 { 24 }

  /// Bytes of one span: way, count, run and first input as Int32, the place of its weights as Int.
  @_transparent var spanBytes: Int { 24 }

  /// Cuts a panel into spans of groups that go the same way.
  ///
  /// - Parameters:
  ///   - panel: weights of 16 outputs.
  ///   - maxima: the greatest input in each column, groups of all runs one after the other.
  ///   - runs: pieces of a row.
  ///   - groupsPerRun: groups of a piece.
  ///   - spans: as many times ``spanBytes`` as there are groups.
  /// - Returns: the end of the spans written.
  @inline(never)
  func findSpans(
    _ panel: UnsafeRawPointer,
    _ maxima: UnsafeRawPointer,
    _ runs: Int,
    _ groupsPerRun: Int,
    _ spans: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    var next = spans
    var place = 0
    var run = 0
    while run < runs {
      let runSpans = next
      var group = 0
      while group < groupsPerRun {
        let weights = panel + 64 &* place
        let bounds = maxima + 4 &* place
        let taken = min(4, groupsPerRun &- group)
        if taken == 4 {
          let isZero =
            bounds.loadUnaligned(as: UInt64.self) | (bounds + 8).loadUnaligned(as: UInt64.self) == 0
          if !isZero {
            let ways = waysOfFour(weights, bounds)
            if ways.eights {
              next = append(eightsWay, 4, run, group, place, runSpans, next)
            } else {
              next = appendTwo(ways.first, weights, bounds, run, group, place, runSpans, next)
              next = appendTwo(
                ways.second,
                weights + 128,
                bounds + 8,
                run,
                group &+ 2,
                place &+ 2,
                runSpans,
                next
              )
            }
          }
        } else {
          var index = 0
          while index < taken {
            next = appendOne(
              weights + 64 &* index,
              bounds + 4 &* index,
              run,
              group &+ index,
              place &+ index,
              runSpans,
              next
            )
            index &+= 1
          }
        }
        place &+= taken
        group &+= taken
      }
      if next > runSpans + spanBytes { next = withoutShortEights(runSpans, next) }
      run &+= 1
    }
    return next
  }

  /// Appends a span, or makes the last one longer where it goes the same way up to here.
  @inline(__always)
  private func append(
    _ way: Int32,
    _ count: Int,
    _ run: Int,
    _ group: Int,
    _ place: Int,
    _ runSpans: UnsafeMutableRawPointer,
    _ next: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    if isLonger(way, count, group, runSpans, next) { return next }
    let next = withoutShortEights(runSpans, next)
    if isLonger(way, count, group, runSpans, next) { return next }
    next.storeBytes(of: way, as: Int32.self)
    next.storeBytes(of: Int32(truncatingIfNeeded: count), toByteOffset: 4, as: Int32.self)
    next.storeBytes(of: Int32(truncatingIfNeeded: run), toByteOffset: 8, as: Int32.self)
    next.storeBytes(of: Int32(truncatingIfNeeded: 4 &* group), toByteOffset: 12, as: Int32.self)
    next.storeBytes(of: 64 &* place, toByteOffset: 16, as: Int.self)
    return next + spanBytes
  }

  /// Makes the last span longer by groups that follow it and go its way; false where they do not.
  @inline(__always)
  private func isLonger(
    _ way: Int32,
    _ count: Int,
    _ group: Int,
    _ runSpans: UnsafeMutableRawPointer,
    _ next: UnsafeMutableRawPointer
  ) -> Bool {
    guard next > runSpans else { return false }
    let last = next - spanBytes
    let groups = last.load(fromByteOffset: 4, as: Int32.self)
    let first = last.load(fromByteOffset: 12, as: Int32.self)
    guard last.load(as: Int32.self) == way, Int(first &+ 4 &* groups) == 4 &* group else {
      return false
    }
    last.storeBytes(
      of: groups &+ Int32(truncatingIfNeeded: count),
      toByteOffset: 4,
      as: Int32.self
    )
    return true
  }

  /// Lets the last span go in fours, with the one before it if that does, where it is a short one of eights.
  @inline(never)
  func withoutShortEights(
    _ runSpans: UnsafeMutableRawPointer,
    _ next: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    guard next > runSpans else { return next }
    let last = next - spanBytes
    let groups = last.load(fromByteOffset: 4, as: Int32.self)
    guard last.load(as: Int32.self) == eightsWay, groups < shortestEights else { return next }
    last.storeBytes(of: foursWay, as: Int32.self)
    let group = Int(last.load(fromByteOffset: 12, as: Int32.self)) / 4
    return isLonger(foursWay, Int(groups), group, runSpans, last) ? last : next
  }

  /// Appends two groups that go in fours, or each for itself.
  @inline(never)
  func appendTwo(
    _ isExactInFours: Bool,
    _ weights: UnsafeRawPointer,
    _ bounds: UnsafeRawPointer,
    _ run: Int,
    _ group: Int,
    _ place: Int,
    _ runSpans: UnsafeMutableRawPointer,
    _ next: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    if isExactInFours { return append(foursWay, 2, run, group, place, runSpans, next) }
    let second = appendOne(weights, bounds, run, group, place, runSpans, next)
    return appendOne(weights + 64, bounds + 4, run, group &+ 1, place &+ 1, runSpans, second)
  }

  /// Appends one group.
  @inline(never)
  func appendOne(
    _ weights: UnsafeRawPointer,
    _ bounds: UnsafeRawPointer,
    _ run: Int,
    _ group: Int,
    _ place: Int,
    _ runSpans: UnsafeMutableRawPointer,
    _ next: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    if bounds.loadUnaligned(as: UInt32.self) == 0 { return next }
    let way = isExactInPairs(weights, bounds) ? pairsWay : wideWay
    return append(way, 1, run, group, place, runSpans, next)
  }

  /// Bounds of the sums of products over pairs: of those above zero and of those below.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  private typealias Bounds = (above: Register, below: Register)

  @_transparent
  private func pairBounds(_ weights: UnsafeRawPointer, _ maxima: Register) -> Bounds {
    let signed = load(weights)
    return (
      above: multiplyBytes(maxima, maximum8(signed, zeroes())),
      below: multiplyBytes(maxima, minimum8(signed, zeroes()))
    )
  }

  @_transparent
  private func sum(_ a: Bounds, _ b: Bounds) -> Bounds {
    (above: addLimited16(a.above, b.above), below: addLimited16(a.below, b.below))
  }

  @_transparent
  private func widest(_ a: Bounds, _ b: Bounds) -> Bounds {
    (above: maximum16(a.above, b.above), below: minimum16(a.below, b.below))
  }

  /// Whether no bound was limited to 16 bits or might have been.
  @_transparent
  private func isExact(_ bounds: Bounds) -> Bool {
    !isAnySet(
      bitwiseOr(
        isEqual16(bounds.above, broadcast(0x7fff_7fff)),
        isEqual16(bounds.below, broadcast(Int32(bitPattern: 0x8000_8000)))
      )
    )
  }

  /// Whether the products of four groups may be added up in 16 bits by eights, and by fours in the first and in
  /// the last two groups.
  @_transparent
  private func waysOfFour(_ weights: UnsafeRawPointer, _ maxima: UnsafeRawPointer)
    -> (eights: Bool, first: Bool, second: Bool)
  {
    let maxima0 = broadcast(maxima.loadUnaligned(as: Int32.self))
    let maxima1 = broadcast((maxima + 4).loadUnaligned(as: Int32.self))
    let maxima2 = broadcast((maxima + 8).loadUnaligned(as: Int32.self))
    let maxima3 = broadcast((maxima + 12).loadUnaligned(as: Int32.self))
    var first: Bounds = (above: zeroes(), below: zeroes())
    var second = first
    var eights = first
    var part = weights
    while part < weights + 64 {
      let a = sum(pairBounds(part, maxima0), pairBounds(part + 64, maxima1))
      let b = sum(pairBounds(part + 128, maxima2), pairBounds(part + 192, maxima3))
      first = widest(first, a)
      second = widest(second, b)
      eights = widest(eights, sum(a, b))
      part += 4 &* lanes
    }
    if isExact(eights) { return (true, true, true) }
    return (false, isExact(first), isExact(second))
  }

  /// Whether the products of a group may be added up in 16 bits by pairs.
  @_transparent
  private func isExactInPairs(_ weights: UnsafeRawPointer, _ maxima: UnsafeRawPointer) -> Bool {
    let bounds = broadcast(maxima.loadUnaligned(as: Int32.self))
    var pairs: Bounds = (above: zeroes(), below: zeroes())
    var part = weights
    while part < weights + 64 {
      pairs = widest(pairs, pairBounds(part, bounds))
      part += 4 &* lanes
    }
    return isExact(pairs)
  }
#endif
