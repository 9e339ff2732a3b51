/// Where a key stands in the text, in eight bytes.
struct KeyRecord {
  private let packed: UInt64

  // 38 bits of offset, 25 of length, one for escapes.
  static let largestOffset = 1 << 38

  init(offset: Int, length: Int, hasEscapes: Bool) {
    packed = UInt64(offset) << 26 | UInt64(length) << 1 | (hasEscapes ? 1 : 0)
  }

  var offset: Int { Int(packed >> 26) }
  var length: Int { Int(packed >> 1 & 0x1FF_FFFF) }
  var hasEscapes: Bool { packed & 1 == 1 }
}

extension KeyRecord {
  /// Compares two keys by their unescaped bytes.
  ///
  /// - Parameters:
  ///   - left: one key.
  ///   - right: another.
  ///   - bytes: the text in which both stand.
  /// - Returns: negative, zero or positive as `left` comes before, is equal to, or comes after.
  static func order(_ left: KeyRecord, _ right: KeyRecord, in bytes: ByteView) -> Int {
    if left.hasEscapes || right.hasEscapes {
      var leftBytes = UnescapedBytes(bytes, of: left)
      var rightBytes = UnescapedBytes(bytes, of: right)
      while true {
        switch (leftBytes.next(), rightBytes.next()) {
        case (nil, nil): return 0
        case (nil, _): return -1
        case (_, nil): return 1
        case (let one?, let other?): if one != other { return one < other ? -1 : 1 }
        }
      }
    }
    for index in 0..<min(left.length, right.length) {
      let (one, other) = (bytes[left.offset + index], bytes[right.offset + index])
      if one != other { return one < other ? -1 : 1 }
    }
    return left.length - right.length
  }
}

/// The bytes of a string that was scanned before, one by one, with escapes replaced.
struct UnescapedBytes: IteratorProtocol {
  private let bytes: ByteView
  private var position: Int
  private let end: Int
  // Bytes of an escaped character that are still to be given, the first in the lowest byte.
  private var pending: UInt32 = 0
  private var pendingCount = 0

  init(_ bytes: ByteView, in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  init(_ bytes: ByteView, of key: KeyRecord) {
    self.init(bytes, in: key.offset..<key.offset + key.length)
  }

  mutating func next() -> UInt8? {
    if pendingCount > 0 {
      let byte = UInt8(truncatingIfNeeded: pending)
      pending >>= 8
      pendingCount -= 1
      return byte
    }
    guard position < end else { return nil }
    let byte = bytes[position]
    position += 1
    guard byte == UInt8(ascii: "\\") else { return byte }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      var code = hexadecimalQuad()
      if code & 0xFC00 == 0xD800 {
        position += 2
        code = 0x10000 + (code & 0x3FF) << 10 + hexadecimalQuad() & 0x3FF
      }
      encode(code)
      return next()
    default: return letter
    }
  }

  private mutating func hexadecimalQuad() -> UInt32 {
    defer { position += 4 }
    var code: UInt32 = 0
    for index in position..<position + 4 {
      code = code << 4 | UInt32(hexadecimalDigit(bytes[index]) ?? 0)
    }
    return code
  }

  private mutating func encode(_ code: UInt32) {
    guard let scalar = Unicode.Scalar(code) else { return }
    for byte in UTF8.encode(scalar)! {
      pending |= UInt32(byte) << UInt32(8 * pendingCount)
      pendingCount += 1
    }
  }
}

/// The value of a hexadecimal digit.
///
/// - Parameter byte: an ASCII character.
/// - Returns: 0…15, or `nil` for any other character.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
