/// The first guess of ``inverseSquareRootMantissa(_:)``: the minimax parabola of relative error
/// 0.0241 for 1/√D on ¼…1, `constant − linear · D + quadratic · D²`, in units of 2^-30.
public enum InverseSquareRootCoefficients {
  /// The constant term.
  @inlinable public static var constant: UInt32 { 2_867_787_663 }
  /// The coefficient of D, to be subtracted.
  @inlinable public static var linear: UInt32 { 3_527_624_814 }
  /// The coefficient of D².
  @inlinable public static var quadratic: UInt32 { 1_759_398_854 }
}

/// Returns 2^46 / √d for a normalised d: the inverse square root's mantissa.
///
/// Newton's iteration r' = r + r · (1 − D·r²) / 2 with D = d · 2^-32 in ¼ … 1; a relative error e
/// becomes 1.5·e². The parabola starts within 0.0241; three iterations bring 8.7·10^-4, 1.2·10^-6
/// and 2·10^-12. Any r after the first iteration lies below 1/√D but for rounding; 2^-20 and then
/// 2^-27 are taken off to make it certain, so the residue is never negative and stays unsigned.
///
/// Range: d from 2^30 to 2^32 − 1. Result: 2^30 − 1 … 2^31.
///
/// Error: −1.3 to 0.5 units, relative at most 2^-29.6. In the last step r² is rounded up by at
/// most one unit of 2^-30, which lowers r by ½ · r · D ≤ half a unit; the residue is cut to 2^-32,
/// times r/2 a quarter of a unit; halving the cut product with rounding leaves −½ … ½.
///
/// Worked number: d = 2^30 (D = ¼) gives 2^31, the number 2; d = 2^31 gives 1518500250
/// (√2 · 2^30 = 1518500249.99).
@inlinable @inline(__always)
public func inverseSquareRootMantissa(_ d: UInt32) -> UInt32 {
  typealias C = InverseSquareRootCoefficients
  var r = C.constant &- multiplyHigh(d, C.linear &- multiplyHigh(d, C.quadratic))
  // 3 − D·r² in Q2.28; the first residue has either sign.
  let factor = 0x3000_0000 &- multiplyHigh(d, multiplyHigh(r, r))
  r = UInt32(truncatingIfNeeded: (UInt64(r) &* UInt64(factor)) &>> 29) &- 1024
  r = r &+ (multiplyHigh(r, inverseSquareRootResidue(d, r)) &+ 1) &>> 1 &- 8
  return r &+ (multiplyHigh(r, inverseSquareRootResidue(d, r)) &+ 1) &>> 1
}

/// Returns 1 − D·r² in Q0.32, cut, for D in Q0.32 and r in Q2.30 with D·r² below 1 by 2^-26 or
/// more.
@inlinable @inline(__always)
func inverseSquareRootResidue(_ d: UInt32, _ r: UInt32) -> UInt32 {
  let square = (UInt64(r) &* UInt64(r)) &>> 30 &+ 1
  return UInt32(truncatingIfNeeded: ((UInt64(1) &<< 62) &- UInt64(d) &* square) &>> 30)
}

/// The inverse square root of a positive integer as `mantissa · 2^-shift`.
///
/// One is computed per row of a normalisation. Worked number: 16 has the mantissa 2^31 and the
/// shift 33, ¼.
@frozen
public struct InverseSquareRoot: Equatable, Sendable {
  /// The mantissa, 2^30 − 1 … 2^31.
  public var mantissa: UInt32

  /// The right shift: 31…62 for a 64-bit value, 31…94 for a 128-bit one.
  public var shift: Int32

  /// Computes 1/√value from the value's 31 or 32 leading bits.
  ///
  /// The value is shifted left by an even count s, so that its two leading bits are not both zero;
  /// then 1/√value = `mantissa · 2^-(62 − s/2)`.
  ///
  /// Range: value ≥ 1 (0 gives a meaningless value and no trap). Error: relative at most 2^-29.1:
  /// 2^-29.6 of the mantissa and less than 2^-31 of the bits cut off (2^-30 of the value, halved by
  /// the root).
  @inlinable @inline(__always)
  public init(of value: UInt64) {
    let evenZeros = Int32(truncatingIfNeeded: value.leadingZeroBitCount) & ~1
    let normalised = value &<< UInt64(truncatingIfNeeded: evenZeros)
    mantissa = inverseSquareRootMantissa(UInt32(truncatingIfNeeded: normalised &>> 32))
    shift = 62 &- (evenZeros &>> 1)
  }

  /// Computes 1/√value of a 128-bit value from its 31 or 32 leading bits.
  ///
  /// Range: value ≥ 1. Result: shift 31…94; for values below 2^64 that of the 64-bit form. Error:
  /// relative at most 2^-29.1 as there. Worked number: 2^80 has the mantissa 2^31 and the shift 71,
  /// 2^-40.
  @inlinable
  public init(of value: UInt128) {
    let evenZeros = Int32(truncatingIfNeeded: value.leadingZeroBitCount) & ~1
    let normalised = value &<< UInt128(truncatingIfNeeded: evenZeros)
    mantissa = inverseSquareRootMantissa(UInt32(truncatingIfNeeded: normalised &>> 96))
    shift = 94 &- (evenZeros &>> 1)
  }
}
