import CheckedJSON

/// Reads the text that mmengine saves as a configuration: assignments of Python literals.
///
///     model = dict(type='DeformableDETR', num_queries=300, neck=dict(in_channels=[512, 1024]))
///
/// Nothing is executed. A value is `dict(name=value, …)`, `{…}`, `[…]`, `(…)`, a string, a number,
/// `True`, `False` or `None`; an assignment of anything else is passed over. Nesting is limited to
/// ``maximumDepth`` and the text to ``maximumLength``.
struct PythonConfiguration {
  static let maximumDepth = 64
  static let maximumLength = 1 << 20

  private let bytes: [UInt8]
  private var offset = 0

  /// Why a value could not be read; the assignment it belongs to is passed over.
  private struct Unreadable: Error {}

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads the assignments of a text.
  ///
  /// - Parameter text: the configuration.
  /// - Returns: an object with one member an assignment that could be read, the last one of a name.
  static func parse(_ text: String) -> JSON {
    var object = JSON.Object()
    guard text.utf8.count <= maximumLength else { return .object(object) }
    var reader = PythonConfiguration(Array(text.utf8))
    while reader.offset < reader.bytes.count {
      if let name = reader.assignmentTarget(), let value = try? reader.value(depth: 0) {
        object[name] = value
      }
      reader.skipLine()
    }
    return .object(object)
  }

  /// Reads `name =` at the start of a line.
  private mutating func assignmentTarget() -> String? {
    guard let name = try? identifier() else { return nil }
    skipBlanks()
    guard take("=") else { return nil }
    skipWhitespace()
    return name
  }

  private mutating func value(depth: Int) throws(Unreadable) -> JSON {
    guard depth < Self.maximumDepth, offset < bytes.count else { throw Unreadable() }
    switch bytes[offset] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return .array(try list(closedBy: "]", depth: depth))
    case UInt8(ascii: "("): return .array(try list(closedBy: ")", depth: depth))
    case UInt8(ascii: "{"): return .object(try braces(depth: depth))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: break
    }
    switch try identifier() {
    case "True": return true
    case "False": return false
    case "None": return .null
    case "dict" where take("("): return .object(try keywords(depth: depth))
    default: throw Unreadable()
    }
  }

  private mutating func list(
    closedBy end: StaticString,
    depth: Int
  ) throws(Unreadable) -> [JSON] {
    offset += 1
    var elements: [JSON] = []
    skipWhitespace()
    while !take(end) {
      elements.append(try value(depth: depth + 1))
      skipWhitespace()
      if !take(",") {
        guard take(end) else { throw Unreadable() }
        break
      }
      skipWhitespace()
    }
    return elements
  }

  /// Reads `name=value, …)`.
  private mutating func keywords(depth: Int) throws(Unreadable) -> JSON.Object {
    var object = JSON.Object()
    skipWhitespace()
    while !take(")") {
      let name = try identifier()
      skipWhitespace()
      guard take("=") else { throw Unreadable() }
      skipWhitespace()
      object[name] = try value(depth: depth + 1)
      skipWhitespace()
      if !take(",") {
        guard take(")") else { throw Unreadable() }
        break
      }
      skipWhitespace()
    }
    return object
  }

  /// Reads `{'name': value, …}`; keys that are no strings are written as their text.
  private mutating func braces(depth: Int) throws(Unreadable) -> JSON.Object {
    offset += 1
    var object = JSON.Object()
    skipWhitespace()
    while !take("}") {
      let key: String
      switch try value(depth: depth + 1) {
      case .string(let text): key = text
      case .integer(let number): key = "\(number)"
      default: throw Unreadable()
      }
      skipWhitespace()
      guard take(":") else { throw Unreadable() }
      skipWhitespace()
      object[key] = try value(depth: depth + 1)
      skipWhitespace()
      if !take(",") {
        guard take("}") else { throw Unreadable() }
        break
      }
      skipWhitespace()
    }
    return object
  }

  private mutating func string() throws(Unreadable) -> String {
    let quote = bytes[offset]
    offset += 1
    var text: [UInt8] = []
    while offset < bytes.count, bytes[offset] != quote {
      // An escaped character stands for itself here: no setting of a detector needs more.
      if bytes[offset] == UInt8(ascii: "\\") { offset += 1 }
      guard offset < bytes.count else { break }
      text.append(bytes[offset])
      offset += 1
    }
    guard offset < bytes.count else { throw Unreadable() }
    offset += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func number() throws(Unreadable) -> JSON {
    let start = offset
    while offset < bytes.count, Self.isNumeric(bytes[offset]) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if let integer = Int64(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else { throw Unreadable() }
    return .double(double)
  }

  private mutating func identifier() throws(Unreadable) -> String {
    let start = offset
    while offset < bytes.count, Self.isLetter(bytes[offset]) { offset += 1 }
    guard offset > start else { throw Unreadable() }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func take(_ character: StaticString) -> Bool {
    guard offset < bytes.count, bytes[offset] == character.utf8Start.pointee else { return false }
    offset += 1
    return true
  }

  private mutating func skipBlanks() {
    while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
  }

  private mutating func skipWhitespace() {
    while offset < bytes.count, bytes[offset] <= 32 { offset += 1 }
  }

  private mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    offset += 1
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
