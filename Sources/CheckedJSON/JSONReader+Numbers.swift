/// A number as it stands in a text: exact where it is an integer that fits.
enum JSONNumber {
  case integer(Int64)
  case double(Double)
}

extension JSONReader {
  /// Reads a number of the grammar `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`.
  ///
  /// - Returns: its value; `-0` is the integer 0.
  /// - Throws: `JSONError` for anything else, for more than 1024 characters, and for numbers beyond
  ///   the largest double.
  mutating func number() throws(JSONError) -> JSONNumber {
    let start = offset
    var position = start
    var decimal = Decimal()
    if bytes.byte(at: position) == UInt8(ascii: "-") {
      decimal.isNegative = true
      position += 1
    }
    let integerStart = position
    while let digit = digit(at: position) {
      decimal.append(digit)
      position += 1
    }
    guard position > integerStart else { throw notANumber(start, position) }
    if bytes[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 {
      throw .malformedNumber(
        source: source,
        offset: start,
        expected: "a number without leading zeros",
        found: found(in: start..<position)
      )
    }
    var isInteger = true
    if bytes.byte(at: position) == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      let fractionStart = position
      while let digit = digit(at: position) {
        decimal.appendFraction(digit)
        position += 1
      }
      guard position > fractionStart else { throw digitMissing(position) }
    }
    if bytes.byte(at: position).map({ $0 | 0x20 }) == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      let sign = bytes.byte(at: position)
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
      let exponentStart = position
      var exponent = 0
      while let digit = digit(at: position) {
        exponent = min(exponent * 10 + Int(digit), 1_000_000)
        position += 1
      }
      guard position > exponentStart else { throw digitMissing(position) }
      decimal.exponent += sign == UInt8(ascii: "-") ? -exponent : exponent
    }
    guard position - start <= Self.maximumNumberLength else {
      throw .numberTooLong(source: source, offset: start, limit: Self.maximumNumberLength)
    }
    offset = position
    if isInteger, let value = decimal.integer { return .integer(value) }
    guard let value = decimal.double ?? slowDouble(in: start..<position), value.isFinite else {
      throw .numberOutOfRange(source: source, offset: start, found: found(in: start..<position))
    }
    return .double(value)
  }

  private func digit(at index: Int) -> UInt8? {
    guard let byte = bytes.byte(at: index) else { return nil }
    let digit = byte &- UInt8(ascii: "0")
    return digit < 10 ? digit : nil
  }

  private func slowDouble(in range: Range<Int>) -> Double? {
    bytes.slice(at: range.lowerBound, count: range.count)?.text.flatMap { Double($0) }
  }

  private func digitMissing(_ position: Int) -> JSONError {
    .malformedNumber(
      source: source,
      offset: position,
      expected: "a digit",
      found: found(at: position)
    )
  }

  private func notANumber(_ start: Int, _ position: Int) -> JSONError {
    for word in ["NaN", "Infinity"] {
      let length = word.utf8.count
      if bytes.slice(at: position, count: length)?.text == word {
        return .malformedNumber(
          source: source,
          offset: start,
          expected: "a finite number",
          found: found(in: start..<position + length)
        )
      }
    }
    return digitMissing(position)
  }
}

/// The digits of a number and its power of ten, as far as they fit 64 bits.
private struct Decimal {
  var isNegative = false
  var exponent = 0
  private var significand: UInt64 = 0
  private var isExact = true

  @inline(__always)
  mutating func append(_ digit: UInt8) {
    let (times, overflow) = significand.multipliedReportingOverflow(by: 10)
    let (sum, carry) = times.addingReportingOverflow(UInt64(digit))
    if overflow || carry { isExact = false }
    significand = sum
  }

  @inline(__always)
  mutating func appendFraction(_ digit: UInt8) {
    append(digit)
    exponent -= 1
  }

  var integer: Int64? {
    guard isExact else { return nil }
    if isNegative { return significand <= 1 << 63 ? 0 &- Int64(bitPattern: significand) : nil }
    return Int64(exactly: significand)
  }

  /// The nearest double where it can be had exactly with 64-bit integers, else `nil`.
  var double: Double? {
    guard isExact else { return nil }
    let magnitude: Double
    if significand <= 1 << 53, abs(exponent) < Self.exactPowers.count {
      // Both numbers are doubles, so one operation rounds once (Clinger 1990).
      magnitude =
        exponent < 0
        ? Double(significand) / Self.exactPowers[-exponent]
        : Double(significand) * Self.exactPowers[exponent]
    } else if significand != 0, exponent < 0, -exponent < Self.integerPowers.count {
      magnitude = Self.quotient(significand, Self.integerPowers[-exponent])
    } else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  /// The double nearest to a quotient of two positive integers, ties to even.
  ///
  /// Both are scaled by powers of two so that the 128-by-64-bit division yields a quotient of 64
  /// bits, the top one set: 11 more than a double holds. The remainder tells whether anything was
  /// cut off below, which is all that rounding needs to know beside those bits.
  private static func quotient(_ dividend: UInt64, _ divisor: UInt64) -> Double {
    let dividendShift = dividend.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let top = dividend << UInt64(dividendShift)
    let bottom = divisor << UInt64(divisorShift)
    var exponent = divisorShift - dividendShift - 64
    let (quotient, remainder): (UInt64, UInt64)
    if top < bottom {
      (quotient, remainder) = bottom.dividingFullWidth((top, 0))
    } else {
      (quotient, remainder) = bottom.dividingFullWidth((top >> 1, top << 63))
      exponent += 1
    }
    // The lowest bit becomes sticky; it lies below the half that decides the rounding.
    let bits = quotient | (remainder == 0 ? 0 : 1)
    return Double(sign: .plus, exponent: exponent, significand: Double(bits))
  }

  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private static let integerPowers: [UInt64] = (0..<20).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
