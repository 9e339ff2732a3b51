#if arch(x86_64)
  // `pmaddubsw` adds the products of two unsigned and two signed bytes in 16 bits. That is exact as long as
  // the products of one sign stay inside of 16 bits, and so is the sum of two such results. Weights are
  // known and inputs bounded by what the rows of this call hold, so for each group
  //
  //     Σ max(w, 0) · xmax ≤ 32766  and  Σ min(w, 0) · xmax ≥ −32767
  //
  // tells which way is exact, the sum over two inputs of a group or over two of each of two groups; limited
  // arithmetic finds out. The bound is that of this call's own inputs, which are rarely near 255
  // in all columns, so that nearly all groups go in fours; other calls take more instructions for the same bytes.
  //
  //     quads    2 groups   4 pmaddubsw, 2 paddw, 2 pmaddwd, 2 paddd for each row and 16 outputs of AVX2
  //     pairs    1 group    2 pmaddubsw, 2 pmaddwd, 2 paddd
  //     wide     1 group    2 to widen, 4 pmaddwd, 4 paddd
  //
  // Groups whose inputs are 0 in all rows are left out.

  /// Cuts a panel into spans of groups that go the same way.
  ///
  /// - Parameters:
  ///   - panel: weights of 16 outputs.
  ///   - maxima: the greatest input in each column, groups of all runs one after the other.
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
    var weights = panel
    var bounds = maxima
    var run = 0
    while run < runs {
      var group = 0
      // The span that may grow: its kind, and the group that would continue it.
      var openKind: Int32 = -1
      var openEnd = 0
      while group < groupsPerRun {
        let rest = groupsPerRun &- group
        var taken = 1
        var kind = wideSpan
        if rest > 1 {
          let both = bounds.loadUnaligned(as: UInt64.self)
          if both == 0 {
            taken = 2
            kind = -1
          } else if isExactInQuads(weights, bounds) {
            taken = 2
            kind = quadSpan
          } else if isExactInPairs(weights, bounds) {
            kind = pairSpan
          }
        } else if bounds.loadUnaligned(as: UInt32.self) == 0 {
          kind = -1
        } else if isExactInPairs(weights, bounds) {
          kind = pairSpan
        }
        if kind >= 0 {
          if kind == openKind && group == openEnd {
            let open = next - spanBytes + 4
            open.storeBytes(
              of: open.load(as: Int32.self) &+ Int32(truncatingIfNeeded: taken),
              as: Int32.self
            )
          } else {
            next.storeBytes(of: kind, as: Int32.self)
            (next + 4).storeBytes(of: Int32(truncatingIfNeeded: taken), as: Int32.self)
            (next + 8).storeBytes(of: Int32(truncatingIfNeeded: run), as: Int32.self)
            (next + 12).storeBytes(of: Int32(truncatingIfNeeded: 4 &* group), as: Int32.self)
            (next + 16).storeBytes(of: weights - panel, as: Int.self)
            next += spanBytes
          }
          openKind = kind
          openEnd = group &+ taken
        }
        weights += 64 &* taken
        bounds += 4 &* taken
        group &+= taken
      }
      run &+= 1
    }
    return next
  }

  /// Bounds of the sums of products over pairs: of those above zero and of those below.
  @_transparent
  private func pairBounds(_ weights: UnsafeRawPointer, _ maxima: Register) -> TileRow {
    let signed = load(weights)
    return (
      left: multiplyBytes(maxima, maximum8(signed, zeroes())),
      right: multiplyBytes(maxima, minimum8(signed, zeroes()))
    )
  }

  /// Whether bounds were limited to 16 bits or might have been.
  @_transparent
  private func isLimited(_ above: Register, _ below: Register) -> Bool {
    isAnySet(
      bitwiseOr(
        isEqual16(above, broadcast(0x7fff_7fff)),
        isEqual16(below, broadcast(Int32(bitPattern: 0x8000_8000)))
      )
    )
  }

  /// Whether the products of two groups may be added up in 16 bits by fours.
  @_transparent
  private func isExactInQuads(_ weights: UnsafeRawPointer, _ maxima: UnsafeRawPointer) -> Bool {
    let first = broadcast(maxima.loadUnaligned(as: Int32.self))
    let second = broadcast((maxima + 4).loadUnaligned(as: Int32.self))
    var above = zeroes()
    var below = zeroes()
    var part = 0
    while part < 64 {
      let a = pairBounds(weights + part, first)
      let b = pairBounds(weights + (64 &+ part), second)
      above = maximum16(above, addLimited16(a.left, b.left))
      below = minimum16(below, addLimited16(a.right, b.right))
      part &+= 4 &* lanes
    }
    return !isLimited(above, below)
  }

  /// Whether the products of a group may be added up in 16 bits by pairs.
  @_transparent
  private func isExactInPairs(_ weights: UnsafeRawPointer, _ maxima: UnsafeRawPointer) -> Bool {
    let bounds = broadcast(maxima.loadUnaligned(as: Int32.self))
    var above = zeroes()
    var below = zeroes()
    var part = 0
    while part < 64 {
      let pairs = pairBounds(weights + part, bounds)
      above = maximum16(above, pairs.left)
      below = minimum16(below, pairs.right)
      part &+= 4 &* lanes
    }
    return !isLimited(above, below)
  }
#endif
