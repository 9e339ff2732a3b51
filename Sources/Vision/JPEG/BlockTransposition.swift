// The exchange of rows and columns of an 8 x 8 block in three rounds. Rows are interleaved by
// elements, then by pairs, then by groups of four; each round looks at the vectors as having wider
// lanes, which is the processor's own way (punpcklwd, punpckldq, punpcklqdq) and keeps the compiler
// from merging the rounds into slower shuffles.

extension InverseDCT.Block where Row == SIMD8<Int16> {
  /// The block with rows and columns exchanged.
  @inline(__always)
  var transposed: Self {
    let a = interleaved(row0, row1)
    let b = interleaved(row2, row3)
    let c = interleaved(row4, row5)
    let d = interleaved(row6, row7)
    let ab = interleavedPairs(a.low, b.low)
    let ab2 = interleavedPairs(a.high, b.high)
    let cd = interleavedPairs(c.low, d.low)
    let cd2 = interleavedPairs(c.high, d.high)
    let columns01 = interleavedHalves(ab.low, cd.low)
    let columns23 = interleavedHalves(ab.high, cd.high)
    let columns45 = interleavedHalves(ab2.low, cd2.low)
    let columns67 = interleavedHalves(ab2.high, cd2.high)
    return Self(
      row0: columns01.low,
      row1: columns01.high,
      row2: columns23.low,
      row3: columns23.high,
      row4: columns45.low,
      row5: columns45.high,
      row6: columns67.low,
      row7: columns67.high
    )
  }
}

private typealias Row16 = SIMD8<Int16>
private typealias Row32 = SIMD4<Int32>
private typealias Row64 = SIMD2<Int64>

@inline(__always)
private func interleaved(_ a: Row16, _ b: Row16) -> (low: Row32, high: Row32) {
  (
    unsafeBitCast(Row16(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]), to: Row32.self),
    unsafeBitCast(Row16(a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]), to: Row32.self)
  )
}

@inline(__always)
private func interleavedPairs(_ a: Row32, _ b: Row32) -> (low: Row64, high: Row64) {
  (
    unsafeBitCast(Row32(a[0], b[0], a[1], b[1]), to: Row64.self),
    unsafeBitCast(Row32(a[2], b[2], a[3], b[3]), to: Row64.self)
  )
}

@inline(__always)
private func interleavedHalves(_ a: Row64, _ b: Row64) -> (low: Row16, high: Row16) {
  (
    unsafeBitCast(Row64(a[0], b[0]), to: Row16.self),
    unsafeBitCast(Row64(a[1], b[1]), to: Row16.self)
  )
}
