// Saturating conversions of vectors. They are written so that the compiler finds the processor's
// own instruction (packssdw, packuswb, sqxtn): compare and replace, four 32-bit lanes at a time.

extension SIMD8<Int16> {
  /// Each lane of `wide`, held to -32 768...32 767.
  @inline(__always)
  init(saturating wide: SIMD8<Int32>) {
    self.init(
      lowHalf: SIMD4<Int16>(saturating: wide.lowHalf),
      highHalf: SIMD4<Int16>(saturating: wide.highHalf)
    )
  }
}

extension SIMD4<Int16> {
  /// Each lane of `wide`, held to -32 768...32 767.
  @inline(__always)
  init(saturating wide: SIMD4<Int32>) {
    let highest = SIMD4<Int32>(repeating: 32_767)
    let lowest = SIMD4<Int32>(repeating: -32_768)
    let capped = wide.replacing(with: highest, where: wide .> highest)
    self.init(truncatingIfNeeded: capped.replacing(with: lowest, where: capped .< lowest))
  }
}

extension SIMD8<UInt8> {
  /// Each lane of `wide`, held to 0...255.
  @inline(__always)
  init(saturating wide: SIMD8<Int16>) {
    let highest = SIMD8<Int16>(repeating: 255)
    let capped = wide.replacing(with: highest, where: wide .> highest)
    let lowest = SIMD8<Int16>(repeating: 0)
    self.init(truncatingIfNeeded: capped.replacing(with: lowest, where: capped .< lowest))
  }
}
