/// Reads a JSON text value by value, without building anything that the caller does not keep.
///
///     var reader = try JSONReader(MappedFile.open(path: path), source: "detections.json")
///     try reader.beginArray()
///     while try reader.nextElement() {
///       try reader.beginObject()
///       while let key = try reader.nextKey() {
///         if key == "score" { score = try reader.double() } else { try reader.skipValue() }
///       }
///     }
///     try reader.end()
///
/// Everything is checked, in what is skipped too; the rules and limits are those of `JSON`. The time
/// is linear in the length (times the logarithm of the key count for an object of more than eight
/// keys), and beside the result memory is needed for eight bytes per key of the objects that are
/// open. There is no recursion.
public struct JSONReader {
  /// The most containers inside one another.
  public static let maximumDepth = 64
  /// The most characters of a number.
  public static let maximumNumberLength = 1024
  /// The most bytes of a key as it stands in the text.
  public static let maximumKeyLength = 1 << 16

  /// What the next value is.
  public enum Kind: Sendable {
    case object, array, string, number, bool, null
  }

  /// The name of the text in errors.
  public let source: String

  /// The byte where reading goes on.
  public internal(set) var offset = 0

  let bytes: ByteView
  private var frames: [Frame] = []
  private var keys: [KeyRecord] = []

  private struct Frame {
    let isObject: Bool
    // Where this object's keys start among `keys`.
    let firstKey: Int
    var isEmpty = true
  }

  // Up to this many keys are compared with one another as they come; more are sorted at the end.
  private static let fewKeys = 8

  /// Starts at the beginning of a text.
  ///
  /// - Parameters:
  ///   - bytes: the text, shorter than 256 GiB.
  ///   - source: its name in errors.
  /// - Throws: `JSONError.byteOrderMark`, `.tooLong`.
  public init(_ bytes: ByteView, source: String) throws(JSONError) {
    self.bytes = bytes
    self.source = source
    guard bytes.count <= KeyRecord.largestOffset else {
      throw .tooLong(source: source, count: bytes.count, limit: KeyRecord.largestOffset)
    }
    if bytes.byte(at: 0) == 0xEF, bytes.byte(at: 1) == 0xBB, bytes.byte(at: 2) == 0xBF {
      throw .byteOrderMark(source: source)
    }
  }

  /// Tells the next value's kind without reading it.
  ///
  /// - Returns: the kind by its first byte.
  /// - Throws: `JSONError` when no value starts here.
  public mutating func kind() throws(JSONError) -> Kind {
    skipWhitespace()
    guard let byte = bytes.byte(at: offset) else { throw unexpected("a value") }
    switch byte {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    // So that the number reader can refuse them by name.
    case UInt8(ascii: "N"), UInt8(ascii: "I"): return .number
    default: throw unexpected("a value")
    }
  }

  /// Enters an object.
  ///
  /// - Throws: `JSONError` when the next value is none, or is nested too deeply.
  public mutating func beginObject() throws(JSONError) {
    guard try kind() == .object else { throw unexpectedKind("an object") }
    try push(Frame(isObject: true, firstKey: keys.count))
  }

  /// Goes to the next member of the object, whose value must then be read or skipped.
  ///
  /// - Returns: its key, or `nil` after the last member, when the object has been left.
  /// - Throws: `JSONError`.
  public mutating func nextKey() throws(JSONError) -> String? {
    guard let record = try nextKeyRecord() else { return nil }
    return text(in: record.offset..<record.offset + record.length, hasEscapes: record.hasEscapes)
  }

  /// Enters an array.
  ///
  /// - Throws: `JSONError` when the next value is none, or is nested too deeply.
  public mutating func beginArray() throws(JSONError) {
    guard try kind() == .array else { throw unexpectedKind("an array") }
    try push(Frame(isObject: false, firstKey: keys.count))
  }

  /// Goes to the next element of the array, which must then be read or skipped.
  ///
  /// - Returns: false after the last element, when the array has been left.
  /// - Throws: `JSONError`.
  public mutating func nextElement() throws(JSONError) -> Bool {
    precondition(frames.last?.isObject == false, "no array is open")
    let top = frames.count - 1
    skipWhitespace()
    if bytes.byte(at: offset) == UInt8(ascii: "]") {
      offset += 1
      frames.removeLast()
      return false
    }
    if frames[top].isEmpty {
      frames[top].isEmpty = false
      return true
    }
    guard bytes.byte(at: offset) == UInt8(ascii: ",") else { throw unexpected("',' or ']'") }
    offset += 1
    return true
  }

  /// Reads a string.
  ///
  /// - Returns: its text without escapes.
  /// - Throws: `JSONError` when the next value is none.
  public mutating func string() throws(JSONError) -> String {
    guard try kind() == .string else { throw unexpectedKind("a string") }
    let (range, hasEscapes) = try scanString()
    return text(in: range, hasEscapes: hasEscapes)
  }

  /// Reads an integer.
  ///
  /// - Returns: its value.
  /// - Throws: `JSONError` when the next value is none or does not fit `Int`.
  public mutating func int() throws(JSONError) -> Int {
    guard try kind() == .number else { throw unexpectedKind("an integer") }
    let start = offset
    guard case .integer(let value) = try number(), let result = Int(exactly: value) else {
      let found = found(in: start..<offset)
      throw .unexpectedKind(source: source, offset: start, expected: "an integer", found: found)
    }
    return result
  }

  /// Reads any number.
  ///
  /// - Returns: the nearest double.
  /// - Throws: `JSONError` when the next value is none.
  public mutating func double() throws(JSONError) -> Double {
    guard try kind() == .number else { throw unexpectedKind("a number") }
    switch try number() {
    case .integer(let value): return Double(value)
    case .double(let value): return value
    }
  }

  /// Reads `true` or `false`.
  ///
  /// - Returns: the truth value.
  /// - Throws: `JSONError` when the next value is neither.
  public mutating func bool() throws(JSONError) -> Bool {
    guard try kind() == .bool else { throw unexpectedKind("true or false") }
    let isTrue = bytes[offset] == UInt8(ascii: "t")
    try literal(isTrue ? "true" : "false")
    return isTrue
  }

  /// Reads `null`.
  ///
  /// - Throws: `JSONError` when the next value is something else.
  public mutating func null() throws(JSONError) {
    guard try kind() == .null else { throw unexpectedKind("null") }
    try literal("null")
  }

  /// Passes over a value of any kind, checking it all the same.
  ///
  /// - Throws: `JSONError`.
  public mutating func skipValue() throws(JSONError) {
    let outside = frames.count
    repeat {
      if let top = frames.last, frames.count > outside {
        if top.isObject {
          if try nextKeyRecord() == nil { continue }
        } else {
          if try nextElement() == false { continue }
        }
      }
      switch try kind() {
      case .object: try beginObject()
      case .array: try beginArray()
      case .string: _ = try scanString()
      case .number: _ = try number()
      case .bool: _ = try bool()
      case .null: try null()
      }
    } while frames.count > outside
  }

  /// Makes sure that nothing follows.
  ///
  /// - Throws: `JSONError.trailingBytes`.
  public mutating func end() throws(JSONError) {
    precondition(frames.isEmpty, "a container is open")
    skipWhitespace()
    if offset < bytes.count {
      throw .trailingBytes(source: source, offset: offset, found: found(at: offset))
    }
  }

  private mutating func push(_ frame: Frame) throws(JSONError) {
    guard frames.count < Self.maximumDepth else {
      throw .tooDeep(source: source, offset: offset, limit: Self.maximumDepth)
    }
    frames.append(frame)
    offset += 1
  }

  private mutating func nextKeyRecord() throws(JSONError) -> KeyRecord? {
    precondition(frames.last?.isObject == true, "no object is open")
    let top = frames.count - 1
    let isFirst = frames[top].isEmpty
    skipWhitespace()
    if bytes.byte(at: offset) == UInt8(ascii: "}") {
      offset += 1
      try leaveObject()
      return nil
    }
    if isFirst {
      frames[top].isEmpty = false
    } else {
      guard bytes.byte(at: offset) == UInt8(ascii: ",") else { throw unexpected("',' or '}'") }
      offset += 1
      skipWhitespace()
    }
    guard bytes.byte(at: offset) == UInt8(ascii: "\"") else {
      throw unexpected(isFirst ? "a key or '}'" : "a key")
    }
    let start = offset
    let (range, hasEscapes) = try scanString()
    guard range.count <= Self.maximumKeyLength else {
      throw .keyTooLong(source: source, offset: start, limit: Self.maximumKeyLength)
    }
    let record = KeyRecord(offset: range.lowerBound, length: range.count, hasEscapes: hasEscapes)
    let first = frames[top].firstKey
    if keys.count - first < Self.fewKeys {
      for earlier in keys[first...] where KeyRecord.order(earlier, record, in: bytes) == 0 {
        throw duplicate(record)
      }
    }
    keys.append(record)
    skipWhitespace()
    guard bytes.byte(at: offset) == UInt8(ascii: ":") else { throw unexpected("':'") }
    offset += 1
    return record
  }

  private mutating func leaveObject() throws(JSONError) {
    let first = frames.removeLast().firstKey
    if keys.count - first > Self.fewKeys {
      let bytes = bytes
      keys[first...].sort { left, right in
        let order = KeyRecord.order(left, right, in: bytes)
        return order == 0 ? left.offset < right.offset : order < 0
      }
      for index in first + 1..<keys.count
      where KeyRecord.order(keys[index - 1], keys[index], in: bytes) == 0 {
        throw duplicate(keys[index])
      }
    }
    keys.removeSubrange(first...)
  }

  private func duplicate(_ record: KeyRecord) -> JSONError {
    let range = record.offset..<record.offset + record.length
    return .duplicateKey(
      source: source,
      offset: record.offset - 1,
      key: text(in: range, hasEscapes: record.hasEscapes)
    )
  }

  mutating func literal(_ word: StaticString) throws(JSONError) {
    for index in 0..<word.utf8CodeUnitCount {
      // The index stays below the literal's own length.
      guard bytes.byte(at: offset + index) == word.utf8Start[index] else {
        let start = offset
        offset += index
        throw JSONError.unexpected(
          source: source,
          offset: start,
          expected: "'\(word)'",
          found: found(in: start..<min(start + word.utf8CodeUnitCount, bytes.count))
        )
      }
    }
    offset += word.utf8CodeUnitCount
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while let byte = bytes.byte(at: offset),
      byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    {
      offset += 1
    }
  }
}
