extension JSONReader {
  /// Passes over a string and checks it.
  ///
  /// - Returns: the bytes between the quotes, and whether there are escapes among them.
  /// - Throws: `JSONError` for what is no UTF-8, an unescaped control character, or a wrong escape.
  mutating func scanString() throws(JSONError) -> (Range<Int>, hasEscapes: Bool) {
    let start = offset + 1
    var position = start
    var hasEscapes = false
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        offset = position + 1
        return (start..<position, hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        position = try scanEscape(at: position)
      case 0x20...0x7F: position += 1
      case 0x00..<0x20:
        throw .controlCharacter(source: source, offset: position, found: byte)
      default:
        guard let length = scalarLength(at: position) else {
          throw .invalidUTF8(source: source, offset: position, found: byte)
        }
        position += length
      }
    }
    throw .unexpected(
      source: source,
      offset: position,
      expected: "the end of a string",
      found: "the end of the text"
    )
  }

  /// The text of a string that was scanned before.
  ///
  /// - Parameters:
  ///   - range: the bytes between the quotes.
  ///   - hasEscapes: whether there are escapes among them.
  /// - Returns: the text without escapes.
  func text(in range: Range<Int>, hasEscapes: Bool) -> String {
    guard let part = bytes.slice(at: range.lowerBound, count: range.count) else { return "" }
    if !hasEscapes { return part.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
    return String(unsafeUninitializedCapacity: part.count) { buffer in
      // An escape is never shorter than what it stands for, so the text fits.
      var unescaped = UnescapedBytes(bytes, in: range)
      var count = 0
      while count < buffer.count, let byte = unescaped.next() {
        buffer[count] = byte
        count += 1
      }
      return count
    }
  }

  private func scanEscape(at start: Int) throws(JSONError) -> Int {
    switch bytes.byte(at: start + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"):
      let code = try hexadecimalQuad(at: start + 2)
      guard code & 0xF800 == 0xD800 else { return start + 6 }
      guard code < 0xDC00, bytes.byte(at: start + 6) == UInt8(ascii: "\\"),
        bytes.byte(at: start + 7) == UInt8(ascii: "u"),
        try hexadecimalQuad(at: start + 8) & 0xFC00 == 0xDC00
      else { throw .loneSurrogate(source: source, offset: start) }
      return start + 12
    default:
      throw .invalidEscape(source: source, offset: start, found: found(at: start + 1))
    }
  }

  private func hexadecimalQuad(at start: Int) throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for index in start..<start + 4 {
      guard let digit = bytes.byte(at: index).flatMap(hexadecimalDigit) else {
        throw .invalidEscape(source: source, offset: index, found: found(at: index))
      }
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  /// The length of the well-formed sequence of two to four bytes that starts here.
  ///
  /// The bounds are those of table 3-7 of the Unicode Standard: no overlong forms, no surrogates,
  /// nothing above U+10FFFF.
  private func scalarLength(at start: Int) -> Int? {
    let lead = bytes[start]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    guard let byte = bytes.byte(at: start + 1), second.contains(byte) else { return nil }
    for index in start + 2..<max(start + length, start + 2) {
      guard let byte = bytes.byte(at: index), byte & 0xC0 == 0x80 else { return nil }
    }
    return length
  }
}
