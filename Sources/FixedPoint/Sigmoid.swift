/// Returns 1 / (1 + e^-x).
///
/// With e = ``exponential(_:)`` of −|x| in Q1.31, 2^31 + e is 2^31 · (1 + e^-|x|), already
/// normalised for ``reciprocalMantissa(_:)``, whose result is twice σ(|x|) in Q1.30. For
/// negative x the result is 1 − σ(|x|), so σ(x) + σ(−x) = 1 exactly.
///
/// Range: x in Q7.24, all values. Result: Q1.30, 0 … 2^30, exactly 2^29 for x = 0, exactly 1
/// above 21.5.
///
/// Error: at most 2.2 units (2^-28.8). 1/(1 + e) passes the exponential's error on divided by (1 +
/// e)²: for e > ½ up to 4.4 units of 2^-31 over 2.25, for smaller e, where that error has halved,
/// up to 2.3 over at least 1, in either case at most 1.2 units of 2^-30; the reciprocal adds half a
/// unit and halving it with rounding half.
///
/// Worked number: x = 2 (33554432) gives 945748662 (0.8807970780 · 2^30 = 945748661.08).
@inlinable
public func sigmoid(_ x: Int32) -> Int32 {
  let magnitudeNegated = x < 0 ? x : 0 &- x
  let e = min(exponential(magnitudeNegated), 0x7fff_ffff)
  let upper = Int32(truncatingIfNeeded: (reciprocalMantissa(0x8000_0000 &+ e) &+ 1) &>> 1)
  return x < 0 ? (1 &<< 30) &- upper : upper
}

/// Returns ln(max(p, ε) / max(1 − p, ε)) with ε = 10^-5, p first clamped to 0…1: the inverse
/// sigmoid of DETR.
///
/// This is `inverse_sigmoid` of Deformable DETR (Zhu et al. 2021, the reference implementation's
/// `util/misc.py`). The logarithm is monotone, so ε is applied to the logarithms, where its
/// rounding costs nothing: log2(ε · 2^30) in Q6.26 is 898611816. The difference of the two
/// binary logarithms times ln 2 in Q0.31 (1488522236) is the result.
///
/// Range: p in Q1.30, all values of `Int32`. Result: Q7.24, within ±11.52; exactly 0 for p = ½, and
/// inverseSigmoid(1 − p) = −inverseSigmoid(p) exactly.
///
/// Error: at most 0.77 units (2^-24.3): two logarithms of 0.76 · 2^-26 each, times ln 2, are
/// 0.26 units of 2^-24, and the rounding is half of one.
///
/// Worked number: p = ¾ (805306368) gives 18431656 (ln 3 · 2^24 = 18431655.67).
@inlinable
public func inverseSigmoid(_ p: Int32) -> Int32 {
  let one = Int32(1) &<< 30
  let clamped = min(max(p, 0), one)
  let logarithmOfEpsilon: UInt32 = 898_611_816
  let upper = max(binaryLogarithm(UInt32(bitPattern: clamped)), logarithmOfEpsilon)
  let lower = max(binaryLogarithm(UInt32(bitPattern: one &- clamped)), logarithmOfEpsilon)
  let product = Int64(Int32(bitPattern: upper &- lower)) &* 1_488_522_236
  return Int32(truncatingIfNeeded: (product &+ (Int64(1) &<< 32)) &>> 33)
}
