// Conversions of vectors, written lane by lane: the compiler finds the processor's own instructions
// (punpcklbw, packssdw, packuswb, sxtl, sqxtn) for these, while the generic conversions of the standard
// library can stay calls when a module is compiled in several parts.

extension SIMD8 where Scalar: FixedWidthInteger {
  /// Each lane of `other` in this scalar type, by its lowest bits.
  @inline(__always)
  init<Other: FixedWidthInteger>(lanes other: SIMD8<Other>) {
    self.init(
      Scalar(truncatingIfNeeded: other[0]),
      Scalar(truncatingIfNeeded: other[1]),
      Scalar(truncatingIfNeeded: other[2]),
      Scalar(truncatingIfNeeded: other[3]),
      Scalar(truncatingIfNeeded: other[4]),
      Scalar(truncatingIfNeeded: other[5]),
      Scalar(truncatingIfNeeded: other[6]),
      Scalar(truncatingIfNeeded: other[7])
    )
  }
}

extension SIMD8<Int16> {
  /// Each lane of `wide`, held to -32 768...32 767.
  ///
  /// Four lanes at a time, because compare and replace of eight are not recognised.
  @inline(__always)
  init(saturating wide: SIMD8<Int32>) {
    let low = saturated(SIMD4(wide[0], wide[1], wide[2], wide[3]))
    let high = saturated(SIMD4(wide[4], wide[5], wide[6], wide[7]))
    self.init(low[0], low[1], low[2], low[3], high[0], high[1], high[2], high[3])
  }
}

@inline(__always)
private func saturated(_ wide: SIMD4<Int32>) -> SIMD4<Int16> {
  let highest = SIMD4<Int32>(repeating: 32_767)
  let lowest = SIMD4<Int32>(repeating: -32_768)
  let capped = wide.replacing(with: highest, where: wide .> highest)
  let held = capped.replacing(with: lowest, where: capped .< lowest)
  return SIMD4(
    Int16(truncatingIfNeeded: held[0]),
    Int16(truncatingIfNeeded: held[1]),
    Int16(truncatingIfNeeded: held[2]),
    Int16(truncatingIfNeeded: held[3])
  )
}

extension SIMD8<UInt8> {
  /// Each lane of `wide`, held to 0...255.
  @inline(__always)
  init(saturating wide: SIMD8<Int16>) {
    let highest = SIMD8<Int16>(repeating: 255)
    let lowest = SIMD8<Int16>(repeating: 0)
    let capped = wide.replacing(with: highest, where: wide .> highest)
    self.init(lanes: capped.replacing(with: lowest, where: capped .< lowest))
  }
}
