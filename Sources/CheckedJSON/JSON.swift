/// A JSON value: a tree for configurations, indexes and reports.
///
///     let config = try JSON.open(path: "config.json")
///     let width = try config["d_model"].int
///     let depths = try config["backbone_config"]["depths"].ints
///
/// Reading is strict: RFC 8259 grammar, UTF-8, each key once, no byte order mark, finite numbers
/// (Python's `NaN` and `Infinity` are refused with their place: no configuration of a detector needs
/// them, and a detection without a score is an error). Integers that fit are kept as `Int64`,
/// everything else as the nearest `Double`. Nesting is limited to 64 containers, a number to 1024
/// characters, a key to 64 KiB, and a tree to 1,048,576 values, which take at most 100 bytes each
/// beside their text.
///
/// Not for long lists of annotations or detections: `JSONReader` reads those without a tree.
public enum JSON: Hashable, Sendable {
  /// Members in the order of the text.
  case object(Object)
  /// Elements.
  case array([JSON])
  /// A text.
  case string(String)
  /// A number without fraction and exponent that fits.
  case integer(Int64)
  /// Any other number; finite when it was read.
  case double(Double)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null
}

extension JSON {
  /// The most values that a tree may hold unless another limit is given.
  public static let defaultMaximumValues = 1 << 20

  /// Reads one value from the whole of a text.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - source: its name in errors.
  ///   - maximumValues: the most values that the tree may hold.
  /// - Returns: the value.
  /// - Throws: `JSONError`, with the byte where the text is wrong.
  public static func parse(
    _ bytes: ByteView,
    source: String,
    maximumValues: Int = defaultMaximumValues
  ) throws(JSONError) -> JSON {
    var reader = try JSONReader(bytes, source: source)
    let value = try reader.value(maximumValues: maximumValues)
    try reader.end()
    return value
  }

  /// Reads one value from a text in memory.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - source: its name in errors; without one, errors have only the byte.
  /// - Returns: the value.
  /// - Throws: `JSONError`, with the byte where the text is wrong.
  public static func parse(_ text: String, source: String = "") throws(JSONError) -> JSON {
    try parse(ByteView(utf8: text), source: source)
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file; errors name it by its last component.
  ///   - maximumValues: the most values that the tree may hold.
  /// - Returns: its value, which remembers the file's name for errors about what is in it.
  /// - Throws: `JSONError`.
  public static func open(
    path: String,
    maximumValues: Int = defaultMaximumValues
  ) throws(JSONError) -> Located {
    let bytes: ByteView
    do { bytes = try MappedFile.open(path: path) } catch { throw .file(error) }
    let source = lastComponent(of: path)
    let value = try parse(bytes, source: source, maximumValues: maximumValues)
    return Located(value, source: source)
  }

  /// What this value is, for errors: the kind, and the value where it is short.
  public var summary: String {
    switch self {
    case .object: "an object"
    case .array(let elements): "an array of \(elements.count)"
    case .string(let text): "the string \"\(onOneLine(text, limit: 60))\""
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .null: "null"
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes a string.
  ///
  /// - Parameter value: the text.
  public init(stringLiteral value: String) { self = .string(value) }

  /// Makes an integer.
  ///
  /// - Parameter value: the number.
  public init(integerLiteral value: Int64) { self = .integer(value) }

  /// Makes a double.
  ///
  /// - Parameter value: the number.
  public init(floatLiteral value: Double) { self = .double(value) }

  /// Makes `true` or `false`.
  ///
  /// - Parameter value: the truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// Makes an array.
  ///
  /// - Parameter elements: its elements.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }

  /// Makes an object; a key that comes twice is a programming error.
  ///
  /// - Parameter elements: its members in order.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    var object = Object()
    for (key, value) in elements {
      precondition(object[key] == nil, "key given twice: \(key)")
      object[key] = value
    }
    self = .object(object)
  }

  /// Makes an integer from an `Int`.
  ///
  /// - Parameter value: the number.
  public init(_ value: Int) { self = .integer(Int64(value)) }
}

/// The last component of a path, by which errors name a file.
///
/// - Parameter path: with or without folders.
/// - Returns: what stands after the last slash.
func lastComponent(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
