/// Returns the accumulator times a real factor below 2^30, rounded to the nearest integer.
///
/// The factor is given as `multiplier · 2^-shift`, after Jacob et al., "Quantization and Training
/// of Neural Networks for Efficient Integer-Arithmetic-Only Inference" (2018), section 2.2, with
/// one rounding in place of the two of gemmlowp's implementation:
///
///     result = floor((accumulator · multiplier + 2^(shift - 1)) / 2^shift)
///
/// Halves round towards +∞, for either sign.
///
/// Range: multiplier 0…2^31 − 1, shift 1…62, and the rounded result must fit `Int32`. With shift ≥
/// 31 it always does, as |accumulator · multiplier| ≤ 2^62 − 2^31; with a smaller shift the caller
/// proves it from the bound of its accumulator, or uses
/// ``requantizeSaturating(_:multiplier:shift:)``. The sum before the shift stays below 2^62 + 2^61.
///
/// Error: at most half a unit against the exact product with `multiplier · 2^-shift`. A multiplier
/// normalised to 2^30 … 2^31 − 1 represents a real factor with a relative error of at most 2^-31.
///
/// Worked number: the factor 0.3 is 1288490189 · 2^-32; for the accumulator −15 the product is
/// −4.5000000003, and the result is −5. With the factor 3 · 2^-1 and the accumulator −1, −1.5
/// rounds to −1.
@inlinable @inline(__always)
public func requantize(_ accumulator: Int32, multiplier: Int32, shift: Int32) -> Int32 {
  let product = Int64(accumulator) &* Int64(multiplier)
  let half = Int64(1) &<< Int64(shift &- 1)
  return Int32(truncatingIfNeeded: (product &+ half) &>> Int64(shift))
}

/// Returns the accumulator times `multiplier · 2^-shift`, rounded and clamped to `Int32`.
///
/// Same formula and error as ``requantize(_:multiplier:shift:)``, for callers that
/// cannot bound the result, such as logits on their way to ``sigmoid(_:)``.
///
/// Worked number: 2^30 · (2^30 · 2^-28) = 2^32 becomes `Int32.max`.
@inlinable @inline(__always)
public func requantizeSaturating(_ accumulator: Int32, multiplier: Int32, shift: Int32) -> Int32 {
  let product = Int64(accumulator) &* Int64(multiplier)
  let half = Int64(1) &<< Int64(shift &- 1)
  let rounded = (product &+ half) &>> Int64(shift)
  return Int32(truncatingIfNeeded: min(max(rounded, Int64(Int32.min)), Int64(Int32.max)))
}

/// Returns a 64-bit accumulator times `multiplier · 2^-shift`, rounded half up.
///
/// Same formula and error as the 32-bit form. The product has up to 95 bits; it is formed from two
/// 32×32-bit halves, `accumulator = high · 2^32 + low`, of which everything below the rounding
/// position only matters through one carry.
///
/// Range: any accumulator, multiplier 0…2^31 − 1, shift 1…62, the rounded result must fit `Int64`.
///
/// Worked number: 2^40 · (3 · 2^-42) = 0.75 becomes 1.
@inlinable
public func requantize(_ accumulator: Int64, multiplier: Int32, shift: Int32) -> Int64 {
  let low =
    UInt64(UInt32(truncatingIfNeeded: accumulator)) &* UInt64(UInt32(bitPattern: multiplier))
  let upper = (accumulator &>> 32) &* Int64(multiplier) &+ Int64(low &>> 32)
  if shift > 32 {
    let half = Int64(1) &<< Int64(shift &- 33)
    return (upper &+ half) &>> Int64(shift &- 32)
  }
  let half = Int64(1) &<< Int64(shift &- 1)
  let lower = Int64(UInt32(truncatingIfNeeded: low)) &+ half
  return (upper &<< Int64(32 &- shift)) &+ (lower &>> Int64(shift))
}

/// A non-negative real factor as `multiplier · 2^-shift`.
///
/// It is built from real scales when a model is quantized, and stored in the model file; here it is
/// only applied.
///
/// Worked number: `Rescale(multiplier: 1288490189, shift: 32).apply(10)` is 10 · 0.3 = 3.
@frozen
public struct Rescale: Equatable, Sendable {
  /// The mantissa, 0…2^31 − 1; normalised factors lie in 2^30 … 2^31 − 1.
  public var multiplier: Int32

  /// The right shift, 1…62.
  public var shift: Int32

  /// Creates the factor `multiplier · 2^-shift`.
  @inlinable @inline(__always)
  public init(multiplier: Int32, shift: Int32) {
    self.multiplier = multiplier
    self.shift = shift
  }

  /// Returns the accumulator times this factor; see ``requantize(_:multiplier:shift:)``.
  @inlinable @inline(__always)
  public func apply(_ accumulator: Int32) -> Int32 {
    requantize(accumulator, multiplier: multiplier, shift: shift)
  }

  /// Returns the accumulator times this factor, clamped to `Int32`.
  @inlinable @inline(__always)
  public func applySaturating(_ accumulator: Int32) -> Int32 {
    requantizeSaturating(accumulator, multiplier: multiplier, shift: shift)
  }

  /// Returns a 64-bit accumulator times this factor.
  @inlinable @inline(__always)
  public func apply(_ accumulator: Int64) -> Int64 {
    requantize(accumulator, multiplier: multiplier, shift: shift)
  }
}
