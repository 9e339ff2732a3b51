import RandomNumbers

/// Nearly normal numbers of variance 1 for the three channels of a pixel, from its place alone.
struct SensorNoise {
  let seed: UInt64

  @inline(__always)
  subscript(pixel: Int) -> Vector3 {
    let bits = SplitMix64.mix((seed &+ UInt64(truncatingIfNeeded: pixel)) &* SplitMix64.increment)
    return Vector3(Self.normal(bits), Self.normal(bits >> 21), Self.normal(bits >> 42))
  }

  /// The sum of three uniform numbers of 7 bits.
  @inline(__always)
  private static func normal(_ bits: UInt64) -> Float {
    let sum = Int32(bits & 127) + Int32(bits >> 7 & 127) + Int32(bits >> 14 & 127)
    // Each has a mean of 63.5 and a variance of (128² − 1) / 12, all together one of 64².
    return (Float(sum) - 190.5) * (1 / 64.0)
  }
}
