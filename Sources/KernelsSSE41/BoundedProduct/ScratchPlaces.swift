#if arch(x86_64)
  /// Bytes of scratch memory that a product of any inputs needs.
  @export(interface)
  public func productScratch(rows: Int, groups: Int) -> Int {
    max(scratchPlaces(rows: rows, groups: groups).end, pairedBytes(rows: rows, groups: groups))
  }

  /// Offsets in a product's scratch memory, each a multiple of 64.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias ScratchPlaces = (
    maxima: Int, minima: Int, spans: Int, initial: Int, sums: Int, pointers: Int, copies: Int,
    hasCopies: Bool, end: Int
  )

  /// Where a product of uint8 inputs keeps what it finds out of its inputs, its sums and its copies.
  @_transparent
  func scratchPlaces(rows: Int, groups: Int) -> ScratchPlaces {
    let columns = (4 &* groups &+ 63) & ~63
    let minima = columns
    let spans = minima &+ columns
    let initial = spans &+ (groups &* spanBytes &+ 63) & ~63
    let sums = initial &+ 128
    // Tiles write four rows, and the last row is read one number too far.
    let pointers = sums &+ ((rows &+ 3) & ~3) &* 64 &+ 64
    let copies = pointers &+ (8 &* (rows &+ 1) &+ 63) & ~63
    // Copies are for rows that stay in the second-level cache with them.
    let hasCopies = rows &* groups <= 32768
    let end = copies &+ (hasCopies ? 4 &* rows &* groups : 0)
    return (
      maxima: 0, minima: minima, spans: spans, initial: initial, sums: sums, pointers: pointers,
      copies: copies, hasCopies: hasCopies, end: end
    )
  }
#endif
