/// The polynomial of ``powerOfTwoMantissa(fraction:)``, for the vector versions of it.
///
/// Minimax coefficients (by Remez' exchange, as in Muller, "Elementary Functions") of degree 7 for
/// 2^(g − 1) on 0…1, pinned to the exact value at
/// g = 1, in units of 2^-32 and all positive. The polynomial itself is off by at most 2^-34.9; the
/// linear term is 6 units above the fitted one, one for each of the inner Horner steps, which round
/// down; so the result at f = 0 is exactly 1.
public enum PowerOfTwoCoefficients {
  /// The constant term, ½.
  @inlinable public static var degree0: UInt32 { 0x8000_0000 }
  /// The coefficient of g.
  @inlinable public static var degree1: UInt32 { 1_488_522_259 }
  /// The coefficient of g².
  @inlinable public static var degree2: UInt32 { 515_882_151 }
  /// The coefficient of g³.
  @inlinable public static var degree3: UInt32 { 119_196_863 }
  /// The coefficient of g⁴.
  @inlinable public static var degree4: UInt32 { 20_644_429 }
  /// The coefficient of g⁵.
  @inlinable public static var degree5: UInt32 { 2_884_787 }
  /// The coefficient of g⁶.
  @inlinable public static var degree6: UInt32 { 306_490 }
  /// The coefficient of g⁷.
  @inlinable public static var degree7: UInt32 { 46_675 }
}

/// Returns 2^-f for a fraction 0 ≤ f < 1.
///
/// With g = 1 − f the function is ½ · 2^g, whose Taylor coefficients are all positive, and so are
/// the minimax ones. Horner's scheme then needs nothing but the upper halves of unsigned products,
/// and since each step is monotone in g, so is the result.
///
/// Range: f in Q0.32, all values. Result: Q1.31, 2^30 … 2^31, exactly 2^31 for f = 0.
///
/// Error: −1.3 to 3.9 units (2^-29). In units of 2^-32: the six inner steps cut less than one each
/// and the raised linear term adds 6, together 0 … 6; the last product is cut, −1 … 0; the
/// roundings of the coefficients have partial sums of at most 0.51 and by Abel's inequality make no
/// more together. Halved this is −0.76 … 3.26 units of 2^-31; the rounding adds 0 … ½, the
/// polynomial ±0.14, and g taken as `~f`, one step low, −0.35 … 0.
///
/// Worked number: f = ½ (0x8000_0000) gives 1518500251 (2^-0.5 · 2^31 = 1518500249.99).
@inlinable @inline(__always)
public func powerOfTwoMantissa(fraction f: UInt32) -> UInt32 {
  typealias C = PowerOfTwoCoefficients
  let g = ~f
  var q = C.degree6 &+ multiplyHigh(g, C.degree7)
  q = C.degree5 &+ multiplyHigh(g, q)
  q = C.degree4 &+ multiplyHigh(g, q)
  q = C.degree3 &+ multiplyHigh(g, q)
  q = C.degree2 &+ multiplyHigh(g, q)
  q = C.degree1 &+ multiplyHigh(g, q)
  return (C.degree0 &>> 1) &+ ((multiplyHigh(g, q) &+ 1) &>> 1)
}

/// Returns 2^-t for a distance t ≥ 0 in octaves.
///
/// The integer part of t is a shift to the right, rounding down, the rest is
/// ``powerOfTwoMantissa(fraction:)``.
///
/// Range: t in Q6.26, all values. Result: Q1.31, 0 … 2^31, exactly 2^31 for t = 0, never increasing
/// with t, 0 from 32 octaves on.
///
/// Error: −1.7 to 3.9 units (2^-29): those of the mantissa, which halve with each octave, and less
/// than one that the shift cuts.
///
/// Worked number: t = 1.5 octaves (100663296) gives 759250125 (2^-1.5 · 2^31 = 759250124.99).
@inlinable @inline(__always)
public func powerOfTwo(minusOctaves t: UInt32) -> UInt32 {
  powerOfTwoMantissa(fraction: t &<< 6) &>> (t &>> 26 & 31) & keepBelow32(t &>> 26)
}

/// Returns all ones for a shift below 32 and zero from there on.
///
/// Vector shifts by 32 and more give zero on x86; scalar ones take the count modulo 32.
@inlinable @inline(__always)
func keepBelow32(_ shift: UInt32) -> UInt32 {
  shift < 32 ? ~0 : 0
}

/// Returns e^x for x ≤ 0.
///
/// e^x = 2^-t with t = −x · log2(e). The 31-bit magnitude of x times log2(e) in Q1.31 (3098164009)
/// is exact in 64 bits, Q9.55, of which the integer part becomes a shift and the 32 bits
/// below it the fraction of ``powerOfTwoMantissa(fraction:)``.
///
/// Range: x in Q7.24, `Int32.min` … 0. Result: Q1.31, 0 … 2^31, exactly 2^31 for x = 0, never
/// decreasing with x.
///
/// Error: −1.9 to 4.4 units (2^-28.8): −1.7 … 3.9 as in ``powerOfTwo(minusOctaves:)``; the fraction
/// of t cut to 32 bits makes the result larger by up to ln 2 · 2^-32, 0.35 units; log2(e) is off by
/// less than 2^-32, which makes |x| · e^x · ln 2 · 2^-32 ≤ 0.13 units.
///
/// Worked number: x = −1 (−16777216) gives 790015085 (e^-1 · 2^31 = 790015084.4).
@inlinable @inline(__always)
public func exponential(_ x: Int32) -> UInt32 {
  let magnitude = UInt32(bitPattern: 0 &- x)
  let octaves = UInt64(magnitude) &* 3_098_164_009
  let mantissa = powerOfTwoMantissa(fraction: UInt32(truncatingIfNeeded: octaves &>> 23))
  let shift = UInt32(truncatingIfNeeded: octaves &>> 55)
  return mantissa &>> (shift & 31) & keepBelow32(shift)
}

/// The polynomial of ``softmaxExponential(_:)``, for the vector versions of it.
///
/// Minimax coefficients of degree 4 for 2^-(y + 1)/2 on −1…1 with the relative error as the
/// measure, then searched around for the best rounded ones. The value at y = −1 is exactly 1.
public enum SoftmaxExponentialCoefficients {
  /// The constant term, in units of 2^-31.
  @inlinable public static var degree0: Int32 { 1_518_501_888 }
  /// The coefficient of y, in units of 2^-16.
  @inlinable public static var degree1: Int16 { -16_059 }
  /// The coefficient of y², in units of 2^-19.
  @inlinable public static var degree2: Int16 { 22_261 }
  /// The coefficient of y³, in units of 2^-19.
  @inlinable public static var degree3: Int16 { -2_597 }
  /// The coefficient of y⁴, in units of 2^-19.
  @inlinable public static var degree4: Int16 { 228 }
}

/// Returns 2^-t for a distance t ≥ 0 in octaves, to 15 bits: the exponential of attention.
///
/// The fraction f of t is centred, y = 2f − 1, so that it is a full 16-bit signed factor, and
/// 2^-f = 2^-(y + 1)/2 is a polynomial of degree 4 in y. Its inner terms are small, so three
/// Horner steps run in 16-bit lanes with ``multiplyRounding15(_:_:)``; the last product, 16×16
/// bits in Q1.31, is kept whole. The integer part of t is a shift to the right, rounding down.
///
/// Range: t in Q16.16, all values. Result: Q1.31, 0 … 2^31, exactly 2^31 for t = 0, 0 from 32
/// octaves on. Not monotone in the last bits.
///
/// Error: relative at most 2^-15.7 before the shift, found by trying all 65536 fractions; the shift
/// takes less than one unit of 2^-31. Where it comes from: the polynomial makes 2^-18.4; the factor
/// of the last product is off by up to half a unit of 2^-16 from its shift by 3, of which the
/// choice of the coefficient regains the constant part, and 3/16 from the steps before; times |y| ≤
/// 1, relative to results of at least ½.
///
/// Worked number: t = 0.5 (32768) has y = 0 and gives 1518501888 (2^-0.5 · 2^31 = 1518500249.99, a
/// relative error of 1.1·10^-6).
@inlinable @inline(__always)
public func softmaxExponential(_ t: UInt32) -> UInt32 {
  typealias C = SoftmaxExponentialCoefficients
  let y = Int16(truncatingIfNeeded: t ^ 0x8000)
  var q = C.degree3 &+ multiplyRounding15(y, C.degree4)
  q = C.degree2 &+ multiplyRounding15(y, q)
  q = C.degree1 &+ multiplyRounding15(y, q) &>> 3
  let mantissa = UInt32(bitPattern: C.degree0 &+ Int32(y) &* Int32(q))
  let shift = t &>> 16
  return mantissa &>> (shift & 31) & keepBelow32(shift)
}
