/// The bytes of one line of JSON; its memory is used again for the next.
struct JSONLine {
  private(set) var bytes: [UInt8] = []

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    )
  }

  mutating func append(_ number: Int64) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    append(digits: number.magnitude, atLeast: 1)
  }

  /// A number that counts parts of one, `10^digits` of them, as `-12.34`.
  mutating func append(_ parts: Int64, digits: Int) {
    if parts < 0 { bytes.append(UInt8(ascii: "-")) }
    var unit: UInt64 = 1
    for _ in 0..<digits { unit *= 10 }
    append(digits: parts.magnitude / unit, atLeast: 1)
    bytes.append(UInt8(ascii: "."))
    append(digits: parts.magnitude % unit, atLeast: digits)
  }

  /// Text in quotes; bytes that are no UTF-8 become replacement characters.
  mutating func append(quoted text: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in String(decoding: text, as: UTF8.self).utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        append("\\u00")
        bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        bytes.append(hexadecimal(byte & 15))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }

  private mutating func append(digits number: UInt64, atLeast count: Int) {
    var divisor: UInt64 = 1
    var width = 1
    while width < count || number / divisor >= 10 {
      divisor *= 10
      width += 1
    }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }
}
