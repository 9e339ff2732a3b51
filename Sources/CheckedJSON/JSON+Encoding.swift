extension JSON {
  /// The value as JSON text in UTF-8.
  ///
  /// Doubles are written with the fewest digits that read back as the same number, whole ones with
  /// `.0` so that they stay doubles.
  ///
  /// - Parameters:
  ///   - pretty: whether to write one member or element a line, indented by two spaces; arrays of
  ///     numbers and truth values stay on one line.
  ///   - sortedKeys: whether to sort members by the bytes of their keys; otherwise they stay in order.
  /// - Returns: the text, which ends with a line feed when it is pretty.
  /// - Throws: `JSONError.notFinite` for NaN and infinities.
  public func encoded(pretty: Bool = false, sortedKeys: Bool = false) throws(JSONError) -> [UInt8] {
    var writer = JSONWriter()
    try write(to: &writer, path: "", indent: pretty ? 0 : nil, sortedKeys: sortedKeys)
    if pretty { writer.bytes.append(UInt8(ascii: "\n")) }
    return writer.bytes
  }

  /// Writes the value to a file, whole or not at all.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - pretty: as for `encoded`.
  /// - Throws: `JSONError`, also when the file cannot be written.
  public func write(path: String, pretty: Bool = true) throws(JSONError) {
    let bytes = try encoded(pretty: pretty)
    do {
      var file = try ReplacingFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  private func write(
    to writer: inout JSONWriter,
    path: String,
    indent: Int?,
    sortedKeys: Bool
  ) throws(JSONError) {
    switch self {
    case .null: writer.append("null")
    case .bool(let flag): writer.append(flag ? "true" : "false")
    case .integer(let number): writer.append(number)
    case .double(let number):
      guard number.isFinite else { throw .notFinite(path: path, value: number) }
      writer.append(finite: number)
    case .string(let text): writer.append(string: text)
    case .array(let elements):
      let isFlat = elements.allSatisfy { $0.isNumberOrFlag }
      let inner = isFlat ? nil : indent.map { $0 + 1 }
      writer.bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { writer.append(isFlat && indent != nil ? ", " : ",") }
        writer.newLine(inner)
        try element.write(
          to: &writer,
          path: "\(path)[\(index)]",
          indent: inner,
          sortedKeys: sortedKeys
        )
      }
      if inner != nil { writer.newLine(indent) }
      writer.bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      let inner = object.count == 0 ? nil : indent.map { $0 + 1 }
      let members =
        sortedKeys
        ? object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        : object.members
      writer.bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { writer.append(",") }
        writer.newLine(inner)
        writer.append(string: member.key)
        writer.append(indent == nil ? ":" : ": ")
        let below = path.isEmpty ? member.key : "\(path).\(member.key)"
        try member.value.write(to: &writer, path: below, indent: inner, sortedKeys: sortedKeys)
      }
      if inner != nil { writer.newLine(indent) }
      writer.bytes.append(UInt8(ascii: "}"))
    }
  }

  private var isNumberOrFlag: Bool {
    switch self {
    case .integer, .double, .bool: true
    default: false
    }
  }
}

/// Appends the pieces of a JSON text, for writers of long lists that need no tree.
public struct JSONWriter {
  /// The text so far.
  public var bytes: [UInt8] = []

  /// Starts an empty text.
  public init() {}

  /// Appends punctuation or any other text as it stands.
  ///
  /// - Parameter text: a piece of JSON.
  public mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends an integer.
  ///
  /// - Parameter number: its value.
  public mutating func append(_ number: some BinaryInteger) {
    bytes.append(contentsOf: String(number).utf8)
  }

  /// Appends a double with the fewest digits that read back as the same number.
  ///
  /// - Parameter number: its value, which must be finite.
  public mutating func append(finite number: Double) {
    precondition(number.isFinite, "JSON has no NaN and no infinities")
    bytes.append(contentsOf: number.description.utf8)
  }

  /// Appends a string in quotes, with escapes where JSON needs them.
  ///
  /// - Parameter text: its text.
  public mutating func append(string text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x00..<0x20:
        append(byte < 0x10 ? "\\u000" : "\\u001")
        bytes.append(contentsOf: String(byte & 15, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Starts a line, unless the text is on one line.
  ///
  /// - Parameter indent: the depth, or `nil`.
  mutating func newLine(_ indent: Int?) {
    guard let indent else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indent))
  }
}
