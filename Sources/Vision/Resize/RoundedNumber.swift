/// A positive number with 53 significant bits, whose products and quotients are rounded to the
/// nearest with ties to even, as IEEE 754 `double` rounds them.
///
/// Rules that others wrote in Python depend on this rounding (`detrSize`), and a board has no
/// floating point. The value is `significand * 2^exponent`, the significand in 2^52 ..< 2^53.
///
/// Example: 5 / 3 has the significand 7505999378950827 and the exponent -52, which is
/// 1.66666666666666674068153497501...; three times that rounds to 5 again.
struct RoundedNumber {
  private(set) var significand: UInt64
  private(set) var exponent: Int

  /// - Precondition: `value` is in 1...2^32 - 1; it is represented exactly.
  init(_ value: Int) {
    precondition(value > 0 && UInt64(value) <= UInt64(UInt32.max))
    self.init(quotient: UInt64(value), sticky: false, exponent: 0)
  }

  /// Rounds `(quotient + something below 1 where sticky) * 2^exponent`.
  ///
  /// - Precondition: `quotient` is not 0, and it is at least 2^54 where `sticky` is set.
  private init(quotient: UInt64, sticky: Bool, exponent: Int) {
    let shift = 11 - quotient.leadingZeroBitCount
    if shift <= 0 {
      significand = quotient << UInt64(-shift)
      self.exponent = exponent + shift
      return
    }
    let half: UInt64 = 1 << UInt64(shift - 1)
    let rest = quotient & (half << 1 - 1)
    var rounded = quotient >> UInt64(shift)
    var exponent = exponent + shift
    if rest > half || (rest == half && (sticky || rounded & 1 == 1)) {
      rounded += 1
      if rounded == 1 << 53 {
        rounded = 1 << 52
        exponent += 1
      }
    }
    significand = rounded
    self.exponent = exponent
  }

  /// The product with a whole number, rounded.
  ///
  /// - Precondition: `factor` is in 1...2^32 - 1.
  func multiplied(by factor: Int) -> RoundedNumber {
    let factor = UInt64(UInt32(factor))
    let low = (significand & 0xFFFF_FFFF) * factor
    let high = (significand >> 32) * factor + low >> 32
    let rest = low & 0xFFFF_FFFF
    // The product is high * 2^32 + rest, at most 85 bits. Keep the upper 64.
    let dropped = UInt64(max(0, 32 - high.leadingZeroBitCount))
    return RoundedNumber(
      quotient: high << (32 - dropped) | rest >> dropped,
      sticky: rest & (1 << dropped - 1) != 0,
      exponent: exponent + Int(dropped)
    )
  }

  /// The quotient by a whole number, rounded.
  ///
  /// - Precondition: `divisor` is in 1...2^32 - 1.
  func divided(by divisor: Int) -> RoundedNumber {
    let divisor = UInt64(UInt32(divisor))
    var quotient = significand / divisor
    var remainder = significand % divisor
    var exponent = exponent
    // Bit by bit until two bits more than needed are known: no 128-bit division on a board.
    while quotient < 1 << 54 {
      remainder <<= 1
      quotient <<= 1
      exponent -= 1
      if remainder >= divisor {
        remainder -= divisor
        quotient += 1
      }
    }
    return RoundedNumber(quotient: quotient, sticky: remainder != 0, exponent: exponent)
  }

  /// The largest whole number that is not above this one.
  ///
  /// - Precondition: it is below 2^31.
  var floor: Int {
    precondition(exponent <= -22, "the number is 2^31 or more")
    return exponent <= -64 ? 0 : Int(significand >> UInt64(-exponent))
  }

  /// The nearest whole number, the even one of two.
  ///
  /// - Precondition: it is below 2^31.
  var nearest: Int {
    let floor = floor
    let doubled = RoundedNumber(significand: significand, exponent: exponent + 1)
    let halves = doubled.floor
    let exact = doubled.isWhole
    // halves is 2 floor below the middle, 2 floor + 1 from the middle on.
    return halves & 1 == 1 && (!exact || floor & 1 == 1) ? floor + 1 : floor
  }

  /// Whether this number is above `bound`.
  func exceeds(_ bound: Int) -> Bool {
    let floor = floor
    return floor > bound || (floor == bound && !isWhole)
  }

  private init(significand: UInt64, exponent: Int) {
    self.significand = significand
    self.exponent = exponent
  }

  private var isWhole: Bool {
    exponent >= 0 || significand.trailingZeroBitCount >= -exponent
  }
}
