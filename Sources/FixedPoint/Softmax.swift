/// A factor from score units to octaves, prepared for distances below a row's maximum.
///
/// A softmax needs 2^-(m − s)·c for the row's maximum m, a score s and c octaves (powers of two)
/// per score unit: for dot products of attention, c = scale / √d · log2(e). The distance m − s of
/// two `Int32` has 32 bits, and far below the maximum its product with c would not fit; the
/// distance is first limited to a power of two whose product is at least 2^31, which is 32 octaves
/// or more in either format, where the exponential is 0 anyway.
///
/// With b the bit width of the multiplier (2^(b-1) ≤ multiplier < 2^b) the limit is 2^(32 + shift −
/// b): times the multiplier it lies in 2^(31 + shift) … 2^(32 + shift) − 2^(32 + shift − b), so
/// after the rounding shift in 2^31 … 2^32 − 1. Where the limit would exceed 32 bits there is
/// nothing to limit.
///
/// Worked number: multiplier 2^30, shift 40 and 16 fraction bits are 2^-26 octaves per unit; b =
/// 31, no limit; the distance 2^27 gives 2^17, 2 octaves.
@frozen
public struct OctaveScale: Equatable, Sendable {
  /// The mantissa of the factor, 0…2^31 − 1.
  public var multiplier: UInt32

  /// The right shift, 1…62.
  public var shift: UInt32

  /// The largest distance that is still multiplied.
  public var limit: UInt32

  /// Prepares a factor whose results have the fraction bits that the exponential wants:
  /// ``FractionBits/octaves`` or ``FractionBits/preciseOctaves``.
  ///
  /// Exact: the limit only shortens distances whose exponential is 0, see the type.
  @inlinable
  public init(_ rescale: Rescale) {
    multiplier = UInt32(bitPattern: rescale.multiplier)
    shift = UInt32(bitPattern: rescale.shift)
    let width = UInt32(32) &- UInt32(truncatingIfNeeded: multiplier.leadingZeroBitCount)
    let limitShift = 32 &+ shift &- width
    limit = limitShift < 32 ? 1 &<< limitShift : ~0
  }

  /// Returns the distance from a score up to the row's maximum in octaves, rounded half up.
  ///
  /// Range: score ≤ maximum. Error: half a unit, unless limited.
  @inlinable @inline(__always)
  public func octaves(from score: Int32, to maximum: Int32) -> UInt32 {
    let distance = min(UInt32(bitPattern: maximum &- score), limit)
    let half = UInt64(1) &<< UInt64(shift &- 1)
    return UInt32(
      truncatingIfNeeded: (UInt64(distance) &* UInt64(multiplier) &+ half) &>> UInt64(shift)
    )
  }
}

/// Returns the largest of `count` ≥ 1 scores, exactly.
@inlinable
public func rowMaximum(_ scores: UnsafePointer<Int32>, count: Int) -> Int32 {
  var maximum = scores[0]
  var index = 1
  while index < count {
    maximum = max(maximum, scores[index])
    index &+= 1
  }
  return maximum
}

/// Returns one probability of a row, `exponential / sum`, rounded half up to `fractionBits`.
///
/// Range: the reciprocal of a sum of 2^31 … 2^47 as a `UInt64`, whose shift is 62…78; fractionBits
/// 15…30. Error: half a unit, and relative 2^-29.4 of the reciprocal. Worked number: 2^31 of a sum
/// of 2^33 with 15 fraction bits is 8192, ¼.
@inlinable @inline(__always)
public func softmaxQuotient(
  _ exponential: UInt32,
  _ reciprocal: Reciprocal,
  fractionBits: Int32
) -> UInt32 {
  let shift = UInt64(truncatingIfNeeded: reciprocal.shift &- fractionBits)
  let half = UInt64(1) &<< (shift &- 1)
  let product = UInt64(exponential) &* UInt64(reciprocal.mantissa)
  return UInt32(truncatingIfNeeded: (product &+ half) &>> shift)
}

/// Writes the softmax of a row of integer scores as Q0.15 probabilities and returns their sum.
///
///     e_i = softmaxExponential(octaves from score_i to the maximum)
///     p_i = e_i / Σ e, rounded half up, at most 32767
///
/// The sum is exact in 64 bits; its reciprocal is taken once. An entry 32 octaves or more below the
/// maximum, as a masked one, gets exactly 0. If all entries are equal, masked or not, the row is
/// uniform.
///
/// Range: count 1 … 65536; `toOctaves` gives Q16.16 octaves (``FractionBits/octaves``).
///
/// Error: with relative errors of the e_i of at most ε, p_i is off by at most p_i·(1 − p_i)·2ε ≤
/// ε/2. Here ε = 2^-15.7 of the exponential and ln 2 · 2^-17 of the rounded octaves, 2.4·10^-5
/// together, so ε/2 is 0.4 units of 2^-15; rounding adds 0.5, what the shifts cut off the e_i at
/// most (count + 1) · 2^-16, and the reciprocal 2^-14: every probability is within 1 + count/65536
/// units (p = 1 is one unit short).
///
/// The sum returned, of what was written, is within count/2 + 1 units of 32768, as only the last
/// roundings and the one saturation move it.
///
/// Worked number: two scores, the second one octave below, have p = ⅔ and ⅓: 21845 and 10923, sum
/// 32768.
@inlinable
@discardableResult
public func softmaxRow(
  scores: UnsafePointer<Int32>,
  count: Int,
  toOctaves: Rescale,
  probabilities: UnsafeMutablePointer<Int16>
) -> UInt32 {
  let scale = OctaveScale(toOctaves)
  let maximum = rowMaximum(scores, count: count)
  var total: UInt64 = 0
  var index = 0
  while index < count {
    total &+= UInt64(softmaxExponential(scale.octaves(from: scores[index], to: maximum)))
    index &+= 1
  }
  let reciprocal = Reciprocal(of: total)
  var sum: UInt32 = 0
  index = 0
  while index < count {
    let exponential = softmaxExponential(scale.octaves(from: scores[index], to: maximum))
    let quotient = softmaxQuotient(exponential, reciprocal, fractionBits: FractionBits.attention)
    let probability = min(quotient, 32767)
    probabilities[index] = Int16(truncatingIfNeeded: probability)
    sum &+= probability
    index &+= 1
  }
  return sum
}

extension Rescale {
  /// Returns this factor times 2^15 / sum: what a sum weighted with Q0.15 probabilities needs so that
  /// the weights add up to exactly one.
  ///
  /// The roundings of ``softmaxRow(scores:count:toOctaves:probabilities:)`` all go the same way where
  /// many entries are equal: of 850 equal probabilities each is 39 in place of 38.55, and a weighted
  /// sum would come out 1.2 % too large. The sum of what was written says by how much.
  ///
  ///     multiplier' = ⌊multiplier · R⌉31,  shift' = shift + r − 46,  with 1 / sum = R · 2^-r
  ///
  /// Range: sum 2^14…2^17, shift 3…60. Error: relative 2^-30 of the reciprocal, and half a unit of
  /// the new multiplier. A sum of exactly 2^15 gives the same factor.
  ///
  /// Worked number: the sum 33150 (850 times 39) takes the multiplier 2^30 with shift 30 to
  /// 1061368690 with the same shift, 0.98848.
  @inlinable
  public func normalized(bySum sum: UInt32) -> Rescale {
    let reciprocal = Reciprocal(of: sum)
    let product = UInt64(UInt32(bitPattern: multiplier)) &* UInt64(reciprocal.mantissa)
    return Rescale(
      multiplier: Int32(truncatingIfNeeded: (product &+ (1 &<< 30)) &>> 31),
      shift: shift &+ reciprocal.shift &- 46
    )
  }
}

/// Writes the unnormalised attention weights of a row, 255 for the largest, and returns their sum.
///
/// w_i = 255 · e_i / e_max rounded half up; the caller divides its weighted sums by the returned
/// sum, so the weights used add up to exactly one. The exponential is first cut to 15 fraction
/// bits, so that the product fits 32 bits. Only fit for rows whose mass is in few entries: what
/// lies 9 octaves or more below the maximum becomes 0.
///
/// Range: count 1 … 2^24; `toOctaves` gives Q16.16 octaves. Error: every weight within 0.52 units
/// of 255 · e^(s_i − max): 0.5 of the rounding, 0.008 of the cut, 0.007 of ε as in the Q0.15 form.
///
/// Worked number: one octave below the maximum e = ½ gives 16384 · 255 / 32768 = 127.5, rounded to
/// 128.
@inlinable
public func attentionWeightsRow(
  scores: UnsafePointer<Int32>,
  count: Int,
  toOctaves: Rescale,
  weights: UnsafeMutablePointer<UInt8>
) -> UInt32 {
  let scale = OctaveScale(toOctaves)
  let maximum = rowMaximum(scores, count: count)
  var sum: UInt32 = 0
  var index = 0
  while index < count {
    let exponential = softmaxExponential(scale.octaves(from: scores[index], to: maximum))
    let weight = ((exponential &>> 16) &* 255 &+ 0x4000) &>> 15
    weights[index] = UInt8(truncatingIfNeeded: weight)
    sum &+= weight
    index &+= 1
  }
  return sum
}

/// Writes the softmax of a row of integer scores as Q1.30 probabilities: the class scores of DETR.
///
/// As the Q0.15 form with ``powerOfTwo(minusOctaves:)`` for the exponential.
///
/// Range: count 1 … 65536; `toOctaves` gives Q6.26 octaves (``FractionBits/preciseOctaves``).
///
/// Error, in units of 2^-31: relative errors of the e_i make half of themselves, as in the Q0.15
/// form, 3.9 of the mantissa (7.8 relative) and 5.5 of the rounded octaves (ln 2 · 2^-27); what the
/// shifts cut makes 1 in the numerator and up to count in the sum; the reciprocal 3.1, the rounding
/// 1: together less than (count + 15) · 2^-31. That needs count − 1 entries that all lie just above
/// the resolution; what rows of class scores show is 2^-28.
///
/// Worked number: two equal scores give 2^29 each.
@inlinable
public func preciseSoftmaxRow(
  scores: UnsafePointer<Int32>,
  count: Int,
  toOctaves: Rescale,
  probabilities: UnsafeMutablePointer<Int32>
) {
  let scale = OctaveScale(toOctaves)
  let maximum = rowMaximum(scores, count: count)
  var total: UInt64 = 0
  var index = 0
  while index < count {
    total &+= UInt64(powerOfTwo(minusOctaves: scale.octaves(from: scores[index], to: maximum)))
    index &+= 1
  }
  let reciprocal = Reciprocal(of: total)
  index = 0
  while index < count {
    let exponential = powerOfTwo(minusOctaves: scale.octaves(from: scores[index], to: maximum))
    let quotient = softmaxQuotient(exponential, reciprocal, fractionBits: FractionBits.probability)
    probabilities[index] = Int32(truncatingIfNeeded: quotient)
    index &+= 1
  }
}
