/// The polynomial of ``binaryLogarithm(_:)``, for the vector versions of it.
///
/// Minimax (Remez) coefficients of degree 10 for log2(1.5 + s) on −½…½, in units of 2^-30, within
/// 2^-29.8.
public enum BinaryLogarithmCoefficients {
  /// The constant term, log2(1.5).
  @inlinable public static var degree0: Int32 { 628_098_703 }
  /// The coefficient of s.
  @inlinable public static var degree1: Int32 { 1_032_721_359 }
  /// The coefficient of s².
  @inlinable public static var degree2: Int32 { -344_240_527 }
  /// The coefficient of s³.
  @inlinable public static var degree3: Int32 { 152_993_948 }
  /// The coefficient of s⁴.
  @inlinable public static var degree4: Int32 { -76_494_618 }
  /// The coefficient of s⁵.
  @inlinable public static var degree5: Int32 { 40_838_628 }
  /// The coefficient of s⁶.
  @inlinable public static var degree6: Int32 { -22_714_514 }
  /// The coefficient of s⁷.
  @inlinable public static var degree7: Int32 { 12_598_635 }
  /// The coefficient of s⁸.
  @inlinable public static var degree8: Int32 { -7_228_575 }
  /// The coefficient of s⁹.
  @inlinable public static var degree9: Int32 { 5_813_148 }
  /// The coefficient of s¹⁰.
  @inlinable public static var degree10: Int32 { -3_680_894 }
}

/// Returns the binary logarithm of a positive integer.
///
/// With z leading zeros, v = 2^(31 − z) · m and 1 ≤ m < 2; log2(v) = 31 − z + log2(m). With s = m −
/// 1.5, a signed Q0.32 number, log2(m) is a polynomial of degree 10 by Horner's scheme in Q2.30.
///
/// Range: v ≥ 1; 0 counts as 1. Result: Q6.26, 0 … 2^31, exact for powers of two; numbers
/// just below 2^32 round to 2^31, 32.0.
///
/// Error: at most 0.76 units (2^-26.4). Half is the last rounding. In units of 2^-30 the polynomial
/// is off by 1.1; a Horner step by half (its coefficient) and up to one (its cut product), to which
/// the earlier ones add halved at most, since |s| ≤ ½: at most 3 together. 4.1 are 0.26 of a unit.
///
/// Worked number: v = 3 gives 106365033 (log2(3) · 2^26 = 106365032.91).
@inlinable
public func binaryLogarithm(_ v: UInt32) -> UInt32 {
  typealias C = BinaryLogarithmCoefficients
  let value = max(v, 1)
  let leadingZeros = Int32(truncatingIfNeeded: value.leadingZeroBitCount)
  let normalised = value &<< UInt32(bitPattern: leadingZeros)
  let s = Int32(bitPattern: (normalised &<< 1) ^ 0x8000_0000)
  var q = C.degree9 &+ multiplyHigh(s, C.degree10)
  q = C.degree8 &+ multiplyHigh(s, q)
  q = C.degree7 &+ multiplyHigh(s, q)
  q = C.degree6 &+ multiplyHigh(s, q)
  q = C.degree5 &+ multiplyHigh(s, q)
  q = C.degree4 &+ multiplyHigh(s, q)
  q = C.degree3 &+ multiplyHigh(s, q)
  q = C.degree2 &+ multiplyHigh(s, q)
  q = C.degree1 &+ multiplyHigh(s, q)
  q = C.degree0 &+ multiplyHigh(s, q)
  return UInt32(bitPattern: ((31 &- leadingZeros) &<< 26) &+ ((q &+ 8) &>> 4))
}
