import Foundation

/// Why a JSON text was refused, or a value in it was not what was asked for.
///
/// `source` is the name of the file or text, offsets count bytes from its start, and `path` names a
/// value as in `backbone_config.depths[2]`.
public enum JSONError: Error, Hashable, Sendable {
  /// The file could not be opened.
  case file(FileError)
  /// Something other than what the grammar allows stands here.
  case unexpected(source: String, offset: Int, expected: String, found: String)
  /// A value of another kind was asked for while reading on.
  case unexpectedKind(source: String, offset: Int, expected: String, found: String)
  /// The text goes on after its one value.
  case trailingBytes(source: String, offset: Int, found: String)
  /// The text starts with a byte order mark, which JSON does not have.
  case byteOrderMark(source: String)
  /// A string holds a byte sequence that is not UTF-8.
  case invalidUTF8(source: String, offset: Int, found: UInt8)
  /// A string holds a control character that had to be escaped.
  case controlCharacter(source: String, offset: Int, found: UInt8)
  /// A backslash is not followed by an escape that JSON has.
  case invalidEscape(source: String, offset: Int, found: String)
  /// Half of a surrogate pair stands alone.
  case loneSurrogate(source: String, offset: Int)
  /// A number or literal is none that JSON has, such as `NaN`, `01` or `1.`.
  case malformedNumber(source: String, offset: Int, expected: String, found: String)
  /// A number is too large for a double.
  case numberOutOfRange(source: String, offset: Int, found: String)
  /// A number has more characters than allowed.
  case numberTooLong(source: String, offset: Int, limit: Int)
  /// A key has more bytes than allowed.
  case keyTooLong(source: String, offset: Int, limit: Int)
  /// Containers are nested more deeply than allowed.
  case tooDeep(source: String, offset: Int, limit: Int)
  /// A tree would hold more values than allowed.
  case tooManyValues(source: String, offset: Int, limit: Int)
  /// The text is longer than can be read.
  case tooLong(source: String, count: Int, limit: Int)
  /// An object has the same key twice.
  case duplicateKey(source: String, offset: Int, key: String)
  /// A key that is needed is absent.
  case missing(source: String, path: String, expected: String)
  /// A value is of another kind than needed.
  case wrongKind(source: String, path: String, expected: String, found: String)
  /// A value of the right kind is not one of those that are allowed.
  case notAllowed(source: String, path: String, expected: String, found: String)
  /// A value to be written is NaN or infinite, which JSON cannot express.
  case notFinite(path: String, value: Double)
}

extension JSONError: CustomStringConvertible, LocalizedError {
  /// One line: file, place, expected, found.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .unexpected(let source, let offset, let expected, let found),
      .unexpectedKind(let source, let offset, let expected, let found),
      .malformedNumber(let source, let offset, let expected, let found):
      "\(place(source, offset)): expected \(expected), found \(found)"
    case .trailingBytes(let source, let offset, let found):
      "\(place(source, offset)): expected the end of the text, found \(found)"
    case .byteOrderMark(let source):
      "\(place(source, 0)): expected a JSON value, found a byte order mark"
    case .invalidUTF8(let source, let offset, let found):
      "\(place(source, offset)): expected UTF-8, found byte \(hexadecimal(found))"
    case .controlCharacter(let source, let offset, let found):
      "\(place(source, offset)): expected a string without control characters, "
        + "found byte \(hexadecimal(found))"
    case .invalidEscape(let source, let offset, let found):
      "\(place(source, offset)): expected an escape such as \\n or \\u00e9, found \(found)"
    case .loneSurrogate(let source, let offset):
      "\(place(source, offset)): expected a surrogate pair, found half of one"
    case .numberOutOfRange(let source, let offset, let found):
      "\(place(source, offset)): expected a finite number, found \(found)"
    case .numberTooLong(let source, let offset, let limit):
      "\(place(source, offset)): expected a number of at most \(limit) characters, found a longer one"
    case .keyTooLong(let source, let offset, let limit):
      "\(place(source, offset)): expected a key of at most \(limit) bytes, found a longer one"
    case .tooDeep(let source, let offset, let limit):
      "\(place(source, offset)): expected at most \(limit) nested containers, found more"
    case .tooManyValues(let source, let offset, let limit):
      "\(place(source, offset)): expected at most \(limit) values, found more"
    case .tooLong(let source, let count, let limit):
      "\(onOneLine(source)): expected at most \(limit) bytes of JSON, found \(count)"
    case .duplicateKey(let source, let offset, let key):
      "\(place(source, offset)): expected each key once, found '\(onOneLine(key))' again"
    case .missing(let source, let path, let expected):
      "\(prefix(source))'\(onOneLine(path))': expected \(expected), found nothing"
    case .wrongKind(let source, let path, let expected, let found),
      .notAllowed(let source, let path, let expected, let found):
      "\(prefix(source))'\(onOneLine(path))': expected \(expected), found \(found)"
    case .notFinite(let path, let value):
      "'\(onOneLine(path))': expected a finite number to write, found \(value)"
    }
  }

  /// The same line, for code that asks errors for their localized description.
  public var errorDescription: String? { description }

  private func prefix(_ source: String) -> String {
    source.isEmpty ? "" : "\(onOneLine(source)): "
  }

  private func place(_ source: String, _ offset: Int) -> String {
    "\(prefix(source))byte \(offset)"
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
