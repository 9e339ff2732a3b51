/// A word of the command line: bytes that end with a zero and live as long as the program.
///
/// Words are no strings: comparing those would need Unicode's tables on a board, and a path need not be
/// UTF-8.
struct Word {
  let start: UnsafePointer<CChar>
  let bytes: [UInt8]

  init(_ start: UnsafePointer<CChar>) {
    self.start = start
    var bytes: [UInt8] = []
    var place = start
    while place.pointee != 0 {
      bytes.append(UInt8(bitPattern: place.pointee))
      place += 1
    }
    self.bytes = bytes
  }

  /// Whether this is the given text.
  func spells(_ text: StaticString) -> Bool { bytes[...].spells(text) }

  /// For messages.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
  /// Whether the bytes are those of a text.
  func spells(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for (index, byte) in enumerated() where byte != text.utf8Start[index] { return false }
    return true
  }
}

/// A whole number of up to nine decimal digits.
func wholeNumber(_ digits: ArraySlice<UInt8>) -> Int? {
  guard (1...9).contains(digits.count) else { return nil }
  var number = 0
  for digit in digits {
    guard digit >= 0x30, digit <= 0x39 else { return nil }
    number = number * 10 + Int(digit - 0x30)
  }
  return number
}

/// A number from 0 to 1 such as `0.35`, `.5` or `1`, as Q1.30 rounded half up; at most nine digits follow the
/// point.
func fraction(_ text: ArraySlice<UInt8>) -> Int32? {
  let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count), text.count > 1 || parts.count == 1 else { return nil }
  let whole = parts[0].isEmpty ? 0 : wholeNumber(parts[0])
  guard let whole, whole <= 1 else { return nil }
  var unit: Int64 = 1
  var number = Int64(whole)
  if parts.count == 2, !parts[1].isEmpty {
    guard let digits = wholeNumber(parts[1]) else { return nil }
    for _ in parts[1] { unit *= 10 }
    number = number * unit + Int64(digits)
  }
  guard number <= unit else { return nil }
  return Int32((number << 30 + unit / 2) / unit)
}
