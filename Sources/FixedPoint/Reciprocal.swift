/// The first guess of ``reciprocalMantissa(_:)``: the line that is within 1/17 of 1/D on ½…1.
public enum ReciprocalCoefficients {
  /// 48/17 in units of 2^-30.
  @inlinable public static var constant: UInt32 { 3_031_741_621 }
  /// 32/17 in units of 2^-30.
  @inlinable public static var slope: UInt32 { 2_021_161_080 }
}

/// Returns 2^62 / d for a normalised d: the reciprocal's mantissa.
///
/// Newton's iteration r' = r + r · (1 − D·r) with D = d · 2^-32 in ½ … 1 (Parhami, "Computer
/// Arithmetic", division by convergence). The line 48/17 − 32/17 · D starts within 1/17; three
/// iterations square that to 1/289, 1.2·10^-5 and 1.5·10^-10. From the first iteration on, r lies
/// below 1/D but for rounding, and 8 units are taken off there to make it certain, so the residue 1
/// − D·r is never negative and everything stays unsigned.
///
/// Range: d from 2^31 to 2^32 − 1. Result: 2^30 … 2^31, exact (2^31) for d = 2^31.
///
/// Error: −0.8 to 1 unit, relative at most 2^-30. The last residue is exact in 64 bits and cut to
/// 2^-32, times r ≤ 2 that is half a unit; its product with r is cut by up to one; the iteration
/// ends at most 0.3 units low; all of them lower the result, and one unit is added.
///
/// Worked number: d = 3 · 2^30 gives 1431655766 (2^62 / d = 1431655765.33).
@inlinable @inline(__always)
public func reciprocalMantissa(_ d: UInt32) -> UInt32 {
  typealias C = ReciprocalCoefficients
  var r = C.constant &- multiplyHigh(d, C.slope)
  r = (multiplyHigh(r, 0x8000_0000 &- multiplyHigh(d, r)) &<< 2) &- 8
  r = r &+ multiplyHigh(r, reciprocalResidue(d, r))
  return r &+ multiplyHigh(r, reciprocalResidue(d, r)) &+ 1
}

/// Returns 1 − D·r in Q0.32, cut, for D in Q0.32 and r in Q2.30 with D·r ≤ 1.
@inlinable @inline(__always)
func reciprocalResidue(_ d: UInt32, _ r: UInt32) -> UInt32 {
  UInt32(truncatingIfNeeded: ((UInt64(1) &<< 62) &- UInt64(d) &* UInt64(r)) &>> 30)
}

/// The reciprocal of a positive integer as `mantissa · 2^-shift`.
///
///     let third = Reciprocal(of: UInt32(3))
///     let quotient = (UInt64(x) * UInt64(third.mantissa) + half) >> UInt64(third.shift)
///
/// Division then is a multiplication: right to the relative error, not exact. For a result that
/// must equal integer division, divide.
@frozen
public struct Reciprocal: Equatable, Sendable {
  /// The mantissa, 2^30 … 2^31.
  public var mantissa: UInt32

  /// The right shift: 31…62 for a 32-bit divisor, 31…94 for a 64-bit one.
  public var shift: Int32

  /// Computes the reciprocal of a 32-bit divisor.
  ///
  /// Range: divisor ≥ 1 (0 gives a meaningless value and no trap). Error: relative at most 2^-30.
  /// Powers of two are exact. Worked number: 10 gives the mantissa 1717986919 (0.1 · 2^34 =
  /// 1717986918.4) and the shift 34.
  @inlinable @inline(__always)
  public init(of divisor: UInt32) {
    let leadingZeros = Int32(truncatingIfNeeded: divisor.leadingZeroBitCount)
    mantissa = reciprocalMantissa(divisor &<< UInt32(bitPattern: leadingZeros))
    shift = 62 &- leadingZeros
  }

  /// Computes the reciprocal of a 64-bit divisor from its 32 leading bits.
  ///
  /// Range: divisor ≥ 1 (0 gives a meaningless value and no trap). Error: relative at most 2^-29.4:
  /// 2^-30 of the mantissa and less than 2^-31 of the bits cut off. Worked number: 2^40 has the
  /// mantissa 2^31 and shift 71.
  @inlinable @inline(__always)
  public init(of divisor: UInt64) {
    let leadingZeros = Int32(truncatingIfNeeded: divisor.leadingZeroBitCount)
    let normalised = divisor &<< UInt64(truncatingIfNeeded: leadingZeros)
    mantissa = reciprocalMantissa(UInt32(truncatingIfNeeded: normalised &>> 32))
    shift = 94 &- leadingZeros
  }
}
