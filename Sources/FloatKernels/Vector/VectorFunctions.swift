/// Added to and taken from a float below 2²² in magnitude, it leaves the nearest integer (ties to
/// even); the low bits of the sum are that integer.
private let roundingConstant: Float = 12_582_912  // 1.5 · 2²³

/// Returns exp(x) with a relative error below 1.3 · 2⁻²³ for x in −87.3 … 88.3.
///
/// Below, the result is 0, above, it is exp(88.3); not-a-number stays so. x = n · ln 2 + r with
/// |r| ≤ ln 2 / 2 (ln 2 in two parts, the first of which times n is exact), and
/// exp(r) = 1 + r + r² · q(r) with a minimax polynomial q of degree 4, whose own error is 3 · 10⁻⁹.
@inline(__always)
func exponential(_ x: FloatVector) -> FloatVector {
  let least: Float = -87.3
  let greatest: Float = 88.3
  var clamped = x.replacing(with: least, where: x .< FloatVector(repeating: least))
  clamped = clamped.replacing(with: greatest, where: clamped .> FloatVector(repeating: greatest))
  let shifted = multiplyAdd(
    clamped,
    FloatVector(repeating: 1.442_695_04),
    FloatVector(repeating: roundingConstant)
  )
  let n = shifted - FloatVector(repeating: roundingConstant)
  var r = multiplyAdd(n, FloatVector(repeating: -0.693_359_375), clamped)
  r = multiplyAdd(n, FloatVector(repeating: 2.121_944_40e-4), r)
  var q = FloatVector(repeating: 0.001_381_446_72)
  q = multiplyAdd(q, r, FloatVector(repeating: 0.008_368_780_84))
  q = multiplyAdd(q, r, FloatVector(repeating: 0.041_668_392_7))
  q = multiplyAdd(q, r, FloatVector(repeating: 0.166_665_196))
  q = multiplyAdd(q, r, FloatVector(repeating: 0.499_999_94))
  let mantissa = multiplyAdd(r * r, q, r) + FloatVector(repeating: 1)
  let exponent = unsafeBitCast(shifted, to: IntegerVector.self) &<< 23
  let scaled = unsafeBitCast(
    unsafeBitCast(mantissa, to: IntegerVector.self) &+ exponent,
    to: FloatVector.self
  )
  return scaled.replacing(with: 0, where: x .< FloatVector(repeating: least))
}

/// Returns `1 / (1 + exp(−x))` with a relative error below 3 · 2⁻²³ for x above −87.
@inline(__always)
func logistic(_ x: FloatVector) -> FloatVector {
  let one = FloatVector(repeating: 1)
  return one / (one + exponential(-x))
}

/// Returns x · Φ(x), Φ being the normal distribution, with an absolute error below 2⁻²² · |x|.
///
/// With a = |x| / √2, `erfc(a) · exp(a²) · (1 + 2a)` is smooth and bounded over all a; as a function of
/// u = (a − 2) / (a + 2) it is a minimax polynomial of degree 9 whose own relative error is 10⁻⁸.
/// The form is that of Shepherd and Laframboise (1981), Mathematics of Computation 36, 249–253.
@inline(__always)
func gaussianLinear(_ x: FloatVector) -> FloatVector {
  let a = maximum(x, -x) * FloatVector(repeating: 0.707_106_781)
  let u = (a - FloatVector(repeating: 2)) / (a + FloatVector(repeating: 2))
  var p = FloatVector(repeating: -0.000_409_949_64)
  p = multiplyAdd(p, u, FloatVector(repeating: -0.001_246_158_15))
  p = multiplyAdd(p, u, FloatVector(repeating: 0.001_314_681_02))
  p = multiplyAdd(p, u, FloatVector(repeating: 0.008_644_472_81))
  p = multiplyAdd(p, u, FloatVector(repeating: -0.008_057_425_73))
  p = multiplyAdd(p, u, FloatVector(repeating: -0.054_207_511_2))
  p = multiplyAdd(p, u, FloatVector(repeating: 0.164_054_692))
  p = multiplyAdd(p, u, FloatVector(repeating: -0.166_031_152))
  p = multiplyAdd(p, u, FloatVector(repeating: -0.092_763_945_5))
  p = multiplyAdd(p, u, FloatVector(repeating: 1.276_978_37))
  let one = FloatVector(repeating: 1)
  let halfComplement =
    exponential(-a * a) * p / (one + a + a) * FloatVector(repeating: 0.5)
  let distribution = halfComplement.replacing(
    with: one - halfComplement,
    where: x .> FloatVector(repeating: 0)
  )
  return x * distribution
}

/// Returns the integer at or below x, and what x exceeds it by; |x| must be below 2²².
@inline(__always)
func split(_ x: FloatVector) -> (integer: IntegerVector, fraction: FloatVector) {
  let shifted = x + FloatVector(repeating: roundingConstant)
  let nearest = shifted - FloatVector(repeating: roundingConstant)
  let integer =
    unsafeBitCast(shifted, to: IntegerVector.self)
    &- unsafeBitCast(FloatVector(repeating: roundingConstant), to: IntegerVector.self)
  let fraction = x - nearest
  let isBelow = fraction .< FloatVector(repeating: 0)
  return (
    integer.replacing(with: integer &- IntegerVector(repeating: 1), where: isBelow),
    fraction.replacing(with: fraction + FloatVector(repeating: 1), where: isBelow)
  )
}
