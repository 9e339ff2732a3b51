/// The polynomial of ``sine(_:)``, for the vector versions of it.
///
/// Minimax (Remez) coefficients for sin(π/2 · u) = u · (c0 − c1·u² + c2·u⁴ − …) on 0…1, in units
/// of 2^-31, all positive, signs alternating. The polynomial is within 2^-36; the first
/// coefficient is one unit below the fitted one, to centre the cut products.
public enum SineCoefficients {
  /// The coefficient of u, about π/2.
  @inlinable public static var degree1: UInt32 { 3_373_259_425 }
  /// The coefficient of u³, to be subtracted.
  @inlinable public static var degree3: UInt32 { 1_387_197_326 }
  /// The coefficient of u⁵.
  @inlinable public static var degree5: UInt32 { 171_138_528 }
  /// The coefficient of u⁷, to be subtracted.
  @inlinable public static var degree7: UInt32 { 10_053_703 }
  /// The coefficient of u⁹.
  @inlinable public static var degree9: UInt32 { 344_064 }
  /// The coefficient of u¹¹, to be subtracted.
  @inlinable public static var degree11: UInt32 { 7_341 }
}

/// Returns the sine of a phase given as a fraction of a full turn.
///
/// As a signed number the phase lies in −½ … ½ turn; beyond a quarter on either side it is
/// reflected, sin(½ − φ) = sin(φ). Its magnitude in quarters, u in Q0.32 (the full quarter is taken
/// one step of 2^-30 short, where the sine is flat), enters an odd polynomial of degree 11 whose
/// nested values are all positive, so that it needs only upper halves of unsigned products; the
/// sign is put back at the end, so sin(−φ) = −sin(φ) exactly.
///
/// Range: phase in Q0.32, all values; 2^32 is one turn. Result: Q1.30, −2^30 … 2^30, exact at the
/// four quarters.
///
/// Error: −2 to 2 units (2^-29), for positive sines. In units of 2^-31: the five cut products enter
/// with alternating signs and weights up to one, −2 … 3; the roundings of the coefficients have
/// partial sums of 0 … 0.48, and the lowered first one makes −1; the last product is cut, −1 … 0;
/// the cut square adds 0 … 0.4. Halved with rounding up this is −2 … 2 units of 2^-30.
///
/// Worked number: an eighth of a turn (0x2000_0000) gives 759250125
/// (√½ · 2^30 = 759250124.99).
@inlinable
public func sine(_ phase: UInt32) -> Int32 {
  typealias C = SineCoefficients
  let signed = Int32(bitPattern: phase)
  let beyondQuarter = (signed ^ (signed &<< 1)) < 0
  let folded = beyondQuarter ? Int32.min &- signed : signed
  let magnitude = UInt32(bitPattern: folded < 0 ? 0 &- folded : folded)
  let u = min(magnitude, 0x3fff_ffff) &<< 2
  let square = multiplyHigh(u, u)
  var q = C.degree9 &- multiplyHigh(square, C.degree11)
  q = C.degree7 &- multiplyHigh(square, q)
  q = C.degree5 &- multiplyHigh(square, q)
  q = C.degree3 &- multiplyHigh(square, q)
  q = C.degree1 &- multiplyHigh(square, q)
  let result = Int32(truncatingIfNeeded: (multiplyHigh(u, q) &+ 1) &>> 1)
  return folded < 0 ? 0 &- result : result
}

/// Returns the cosine of a phase given as a fraction of a full turn: the sine a quarter later.
///
/// Range, result and error are those of ``sine(_:)``; cos(−φ) = cos(φ) exactly. Worked number:
/// half a turn (0x8000_0000) gives −2^30.
@inlinable
public func cosine(_ phase: UInt32) -> Int32 {
  sine(phase &+ 0x4000_0000)
}

/// Returns a sine or cosine in Q1.30 rounded to Q0.15, with +1 as 32767.
///
/// Error: at most half a unit of 2^-15, one unit for +1. Worked number: 2^29 (½) gives 16384.
@inlinable @inline(__always)
public func roundedToInt16(_ sine: Int32) -> Int16 {
  Int16(truncatingIfNeeded: min((sine &+ 0x4000) &>> 15, 32767))
}

/// Returns the phase of a position for a given frequency: their product modulo one turn.
///
/// DETR's sine position codes are sin and cos of `position · scale / temperature^(2i/d)` radians
/// (Carion et al. 2020, the reference implementation's `models/position_encoding.py`); divided by
/// 2π this is `position · turnsPerUnit` turns. The fraction bits of the two factors add to 64, so
/// the product modulo 2^64, which is what a wrapping 64-bit multiplication gives, is the fraction
/// of a turn in Q0.64; its upper half is the phase. Nothing overflows, whatever the number of
/// turns.
///
/// Range: position in Q(63 − n).n of any sign, turnsPerUnit ≥ 0 with 64 − n fraction bits, any
/// values. With n = 16 the position is in 1/65536 units and the frequency reaches 65536 turns a
/// unit; with n = 30 the position is a probability-like normalised one.
///
/// Error: less than 2^-32 turns below, and |position| times half a unit of the frequency,
/// 2^-(65 − n) turns: for n = 16 and positions up to 2^13, 2^-36.
///
/// Worked number: position 3 (3 · 2^16) and 1/(2π) turns per unit (44798133900177 in Q.48) give
/// 3 / 2π turns: 2050695826 (0.4774648 · 2^32 = 2050695826.73).
@inlinable @inline(__always)
public func positionPhase(_ position: Int64, turnsPerUnit: UInt64) -> UInt32 {
  UInt32(truncatingIfNeeded: (UInt64(bitPattern: position) &* turnsPerUnit) &>> 32)
}

/// Returns a frequency per unit from one per extent, for positions normalised by a map's size.
///
/// DETR divides positions by the last one, `position / (extent + 10^-6) · 2π`; a model file holds
/// turns per extent, and this divides once per map. The 10^-6 moves a phase by less than
/// 10^-6 / extent turns and is left out.
///
/// Range: any frequency, extent ≥ 1. Error: half a unit. Worked number: 2^48 (one turn in Q.48)
/// over 25 is 11258999068426.
@inlinable
public func turnsPerUnit(turnsPerExtent: UInt64, extent: UInt32) -> UInt64 {
  let divisor = UInt64(extent)
  let quotient = turnsPerExtent / divisor
  let remainder = turnsPerExtent &- quotient &* divisor
  return quotient &+ (remainder &* 2 >= divisor ? 1 : 0)
}
