/// Returns the octaves (powers of two) that a Gaussian takes off at a distance from its centre.
///
/// A Gaussian exp(−(d · s)² / smooth) is 2^-(d · f)² with the factor f = s · √(log2 e / smooth), so its
/// binary logarithm is one square:
///
///     w      = min(⌊distance · factor⌉14, 2²⁸)                                           Q6.22
///     result = ⌊w²⌉28                                                                    Q16.16
///
/// Range: distance in Q16.16, factor in Q12.20, all values. Result: 0…2²⁸, that is at most 4096
/// octaves; three of them and a score of ±8192 octaves fit 32 bits.
///
/// Error: half a unit of w makes w · 2⁻²² of the square and the last rounding 2⁻¹⁷ octaves, together
/// less than 1.5 units of 2⁻¹⁶ as w is at most 64. A factor rounded to 2⁻²¹ adds, relative to the
/// result, 2⁻²⁰ / f, which is 2⁻¹⁸ for the width of one pixel and smooth = 8.
///
/// Worked number: three pixels (3 · 2¹⁶) and the factor √(log2 e / 8) = 0.424661 (445289 in Q.20)
/// give w = 5343468 and 106367 / 2¹⁶ = 1.62303 octaves; 9 / 8 · log2 e is 1.62304.
@inlinable
public func gaussianOctaves(distance: UInt32, factor: UInt32) -> Int32 {
  let product = UInt64(distance) &* UInt64(factor)
  let width = min((product &+ (1 &<< 13)) &>> 14, 1 &<< 28)
  return Int32(truncatingIfNeeded: (width &* width &+ (1 &<< 27)) &>> 28)
}

/// Returns the difference of two places without its sign, at most 2³² − 1.
///
/// Range: places whose difference fits 64 bits.
@inlinable
public func limitedDistance(_ a: Int64, _ b: Int64) -> UInt32 {
  UInt32(truncatingIfNeeded: min((a &- b).magnitude, UInt64(UInt32.max)))
}

/// Returns the product of two distances in Q16.16, rounded and at most 2³² − 1.
@inlinable
public func distanceProduct(_ a: UInt32, _ b: UInt32) -> UInt32 {
  let product = UInt64(a) &* UInt64(b)
  let rounded = (product &>> 16) &+ (product &>> 15 & 1)
  return UInt32(truncatingIfNeeded: min(rounded, UInt64(UInt32.max)))
}

/// Returns a score in octaves, Q16.16, to which the logarithms of Gaussians can be added.
///
/// Range: any score and factor. Result: rounded half up and limited to ±2²⁹, 8192 octaves.
@inlinable @inline(__always)
public func limitedOctaves(_ score: Int32, _ rescale: Rescale) -> Int32 {
  let half = Int64(1) &<< Int64(rescale.shift &- 1)
  let rounded = (Int64(score) &* Int64(rescale.multiplier) &+ half) &>> Int64(rescale.shift)
  return Int32(truncatingIfNeeded: min(max(rounded, -(1 &<< 29)), 1 &<< 29))
}
