/// How many of `length` pixels of a reduced map stand for valid pixels of the input.
///
/// The reference reduces the mask by nearest neighbours: pixel i stands for input pixel
/// `min(⌊i · scale⌋, input − 1)` with `scale = input / length`, and computes both the quotient and the
/// product in 32-bit floats (`interpolate` of PyTorch). Whether a pixel counts can hang on their
/// rounding, so both are rounded here as binary32 rounds them, in integers.
///
/// Example: 3 of 7 pixels at length 3: the scale is 2.3333333, pixels 0, 2 and 4, two of them valid.
///
/// - Parameters:
///   - length: pixels of the map, 1 to 16383.
///   - input: pixels of the input, 1 to 16383.
///   - valid: how many of those are valid, from the first one on, 1 to `input`.
/// - Returns: how many pixels of the map are valid, 1 to `length`.
func validLength(_ length: Int, of input: Int, valid: Int) -> Int {
  if valid >= input { return length }
  let scale = Binary32(input, dividedBy: length)
  // The products never decrease with the pixel, so that the valid ones are the first ones.
  var count = 0
  while count < length, min(scale.floorOfProduct(with: count), input - 1) < valid { count += 1 }
  return count
}

/// The pixel that each of `target` pixels stands for in a map of `length`: `min(⌊i · scale⌋, length − 1)` with
/// `scale = length / target`, quotient and product rounded as binary32 rounds them (`interpolate` of PyTorch).
///
/// Example: 3 pixels become 5 as 0, 0, 1, 1, 2.
///
/// - Parameters:
///   - target: pixels of the larger map, 1 to 16383.
///   - length: pixels of the smaller map, 1 to 16383.
/// - Returns: one pixel for each of `target`.
func nearestPixels(_ target: Int, of length: Int) -> [Int32] {
  let scale = Binary32(length, dividedBy: target)
  var pixels: [Int32] = []
  for index in 0..<target {
    pixels.append(Int32(truncatingIfNeeded: min(scale.floorOfProduct(with: index), length - 1)))
  }
  return pixels
}

/// A positive binary32 number: a mantissa of 24 bits and a power of two, no limits on the exponent.
private struct Binary32 {
  /// 2²³…2²⁴ − 1.
  let mantissa: UInt64
  let exponent: Int

  /// The quotient of two numbers of 1 to 16383, rounded to nearest, ties to even.
  init(_ dividend: Int, dividedBy divisor: Int) {
    // Scaled so that the integer quotient has 24 bits or more: 2³⁹ / 2¹⁴ is 2²⁵ at least.
    let scaled = UInt64(dividend) << 39
    let quotient = scaled / UInt64(divisor)
    let isExact = scaled % UInt64(divisor) == 0
    self.init(rounding: quotient, exponent: -39, isExact: isExact)
  }

  /// Rounds `number · 2^exponent`, plus a fraction of a unit where it is not exact.
  ///
  /// The number has at least 25 bits where it is not exact, so that the fraction only decides ties.
  init(rounding number: UInt64, exponent: Int, isExact: Bool) {
    let shift = max(0, 40 - number.leadingZeroBitCount)
    guard shift > 0 else {
      mantissa = number
      self.exponent = exponent
      return
    }
    let kept = number >> UInt64(shift)
    let rest = number & (1 << UInt64(shift) - 1)
    let half: UInt64 = 1 << UInt64(shift - 1)
    let isUp = rest > half || rest == half && (!isExact || kept & 1 == 1)
    // A carry out of 24 bits leaves a power of two, which needs no normalisation here.
    mantissa = kept + (isUp ? 1 : 0)
    self.exponent = exponent + shift
  }

  /// The product with an integer of 0 to 16383, rounded as binary32 rounds it, rounded down.
  func floorOfProduct(with factor: Int) -> Int {
    let product = Binary32(
      rounding: mantissa * UInt64(factor),
      exponent: exponent,
      isExact: true
    )
    // The exponent is −39 + 38 at most, as 2³⁹ · 16383 has 53 bits and 24 remain; the product's is
    // below 14 more.
    return product.exponent >= 0
      ? Int(product.mantissa << UInt64(product.exponent))
      : product.exponent <= -64 ? 0 : Int(product.mantissa >> UInt64(-product.exponent))
  }
}
