extension JSONReader {
  /// The error for a byte that does not fit the grammar where reading stands.
  ///
  /// - Parameter expected: what would fit.
  /// - Returns: the error.
  func unexpected(_ expected: String) -> JSONError {
    .unexpected(source: source, offset: offset, expected: expected, found: found(at: offset))
  }

  /// The error for a value of another kind than the caller asked for.
  ///
  /// - Parameter expected: what was asked for.
  /// - Returns: the error.
  func unexpectedKind(_ expected: String) -> JSONError {
    let found =
      switch bytes.byte(at: offset) {
      case UInt8(ascii: "{"): "an object"
      case UInt8(ascii: "["): "an array"
      case UInt8(ascii: "\""): "a string"
      case UInt8(ascii: "t"), UInt8(ascii: "f"): "true or false"
      case UInt8(ascii: "n"): "null"
      default: "a number"
      }
    return .unexpectedKind(source: source, offset: offset, expected: expected, found: found)
  }

  /// What stands at a byte, for errors.
  ///
  /// - Parameter index: any offset.
  /// - Returns: the character, or the byte's value where it is not printable.
  func found(at index: Int) -> String {
    switch bytes.byte(at: index) {
    case nil: "the end of the text"
    case UInt8(ascii: " "): "a space"
    case .some(let byte) where byte > 0x20 && byte < 0x7F:
      "'\(Character(Unicode.Scalar(byte)))'"
    case .some(let byte): "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }

  /// What stands at a range of bytes, for errors.
  ///
  /// - Parameter range: inside the text.
  /// - Returns: its first characters.
  func found(in range: Range<Int>) -> String {
    let part = bytes.slice(at: range.lowerBound, count: min(range.count, 200))
    let text = part?.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.isEmpty ? "the end of the text" : onOneLine(text, limit: 40)
  }
}
