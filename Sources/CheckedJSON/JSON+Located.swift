extension JSON {
  /// A value together with the place where it stands, so that a wrong one can be named.
  ///
  ///     let config = try JSON.open(path: "config.json")
  ///     try config["encoder_layers"].int
  ///     // config.json: 'encoder_layers': expected an integer, found the string "six"
  ///
  /// Going down to a key that is absent is no error by itself; asking for its value is.
  public struct Located: Sendable {
    /// The value, or `nil` when nothing stands at this place.
    public let value: JSON?

    /// The name of the file or text.
    public let source: String

    /// The way from the root, as in `backbone_config.depths[2]`; empty for the root.
    public let path: String

    // What was in the way when this place could not even be looked for.
    private let obstacle: JSONError?

    /// Makes the root.
    ///
    /// - Parameters:
    ///   - value: the whole text's value.
    ///   - source: the name of the file or text, for errors.
    public init(_ value: JSON, source: String) {
      self.init(value: value, source: source, path: "", obstacle: nil)
    }

    private init(value: JSON?, source: String, path: String, obstacle: JSONError?) {
      self.value = value
      self.source = source
      self.path = path
      self.obstacle = obstacle
    }

    /// The member of an object.
    ///
    /// - Parameter key: its key.
    public subscript(key: String) -> Located {
      let below = path.isEmpty ? key : "\(path).\(key)"
      switch value {
      case .object(let object):
        return Located(value: object[key], source: source, path: below, obstacle: nil)
      case nil: return Located(value: nil, source: source, path: below, obstacle: obstacle)
      default:
        return Located(
          value: nil,
          source: source,
          path: below,
          obstacle: mismatch("an object")
        )
      }
    }

    /// The element of an array.
    ///
    /// - Parameter index: its position.
    public subscript(index: Int) -> Located {
      let below = "\(path)[\(index)]"
      switch value {
      case .array(let elements):
        let element = elements.indices.contains(index) ? elements[index] : nil
        return Located(value: element, source: source, path: below, obstacle: nil)
      case nil: return Located(value: nil, source: source, path: below, obstacle: obstacle)
      default:
        return Located(
          value: nil,
          source: source,
          path: below,
          obstacle: mismatch("an array")
        )
      }
    }

    /// Whether anything stands here, `null` included.
    public var exists: Bool { value != nil }

    /// The same place, or `nil` when nothing or `null` stands here.
    public var optional: Located? {
      switch value {
      case nil where obstacle == nil, .null?: nil
      default: self
      }
    }

    /// The value itself.
    public var json: JSON {
      get throws(JSONError) { try expect("a value") { $0 } }
    }

    /// An integer that fits `Int`.
    public var int: Int {
      get throws(JSONError) {
        try expect("an integer") { value in
          if case .integer(let number) = value { Int(exactly: number) } else { nil }
        }
      }
    }

    /// Any number.
    public var double: Double {
      get throws(JSONError) {
        try expect("a number") { value in
          switch value {
          case .double(let number): number
          case .integer(let number): Double(number)
          default: nil
          }
        }
      }
    }

    /// `true` or `false`.
    public var bool: Bool {
      get throws(JSONError) {
        try expect("true or false") { if case .bool(let flag) = $0 { flag } else { nil } }
      }
    }

    /// A text.
    public var string: String {
      get throws(JSONError) {
        try expect("a string") { if case .string(let text) = $0 { text } else { nil } }
      }
    }

    /// The elements of an array.
    public var elements: [Located] {
      get throws(JSONError) {
        let elements = try expect("an array") { if case .array(let all) = $0 { all } else { nil } }
        return elements.enumerated().map { index, element in
          Located(value: element, source: source, path: "\(path)[\(index)]", obstacle: nil)
        }
      }
    }

    /// The members of an object in order.
    public var members: [(key: String, value: Located)] {
      get throws(JSONError) {
        let object = try expect("an object") { if case .object(let all) = $0 { all } else { nil } }
        return object.members.map { member in
          let below = path.isEmpty ? member.key : "\(path).\(member.key)"
          return (
            member.key, Located(value: member.value, source: source, path: below, obstacle: nil)
          )
        }
      }
    }

    /// An array of integers.
    public var ints: [Int] {
      get throws(JSONError) { try list { element throws(JSONError) in try element.int } }
    }

    /// An array of numbers.
    public var doubles: [Double] {
      get throws(JSONError) { try list { element throws(JSONError) in try element.double } }
    }

    /// An array of texts.
    public var strings: [String] {
      get throws(JSONError) { try list { element throws(JSONError) in try element.string } }
    }

    /// The error for a value of the right kind that is not allowed here.
    ///
    /// - Parameter expected: what would be allowed, as in `"a positive number"`.
    /// - Returns: the error, to be thrown.
    public func notAllowed(expected: String) -> JSONError {
      .notAllowed(
        source: source,
        path: path,
        expected: expected,
        found: value?.summary ?? "nothing"
      )
    }

    private func list<T>(
      _ element: (Located) throws(JSONError) -> T
    ) throws(JSONError) -> [T] {
      var all: [T] = []
      for place in try elements { all.append(try element(place)) }
      return all
    }

    private func expect<T>(_ expected: String, _ read: (JSON) -> T?) throws(JSONError) -> T {
      if let obstacle { throw obstacle }
      guard let value else {
        throw .missing(source: source, path: path, expected: expected)
      }
      guard let result = read(value) else { throw mismatch(expected) }
      return result
    }

    private func mismatch(_ expected: String) -> JSONError {
      .wrongKind(
        source: source,
        path: path.isEmpty ? "the text" : path,
        expected: expected,
        found: value?.summary ?? "nothing"
      )
    }
  }

  /// The member of an object, with its place remembered for errors.
  ///
  /// - Parameter key: its key.
  public subscript(key: String) -> Located { Located(self, source: "")[key] }

  /// The element of an array, with its place remembered for errors.
  ///
  /// - Parameter index: its position.
  public subscript(index: Int) -> Located { Located(self, source: "")[index] }

  /// The root, for the accessors that `Located` has.
  public var located: Located { Located(self, source: "") }
}
