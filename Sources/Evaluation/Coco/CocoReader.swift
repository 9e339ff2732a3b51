import CheckedJSON

/// The pieces that COCO's files are made of, read one after the other with this target's errors.
struct CocoReader {
  let source: String
  private var reader: JSONReader

  /// Starts at the beginning of a text.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - source: its name in errors.
  /// - Throws: `EvaluationError.json`.
  init(_ bytes: ByteView, source: String) throws(EvaluationError) {
    self.source = source
    do { reader = try JSONReader(bytes, source: source) } catch { throw .json(error) }
  }

  /// The byte where the next value starts or the last one ended.
  var offset: Int { reader.offset }

  /// Reads an object.
  ///
  /// - Parameter member: gets each key and reads or skips its value.
  /// - Throws: `EvaluationError`.
  mutating func forEachMember(
    _ member: (inout CocoReader, String) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    try read { (reader) throws(JSONError) in try reader.beginObject() }
    while let key = try read({ (reader) throws(JSONError) in try reader.nextKey() }) {
      try member(&self, key)
    }
  }

  /// Reads an array.
  ///
  /// - Parameter element: reads or skips each element.
  /// - Throws: `EvaluationError`.
  mutating func forEachElement(
    _ element: (inout CocoReader) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    try read { (reader) throws(JSONError) in try reader.beginArray() }
    while try read({ (reader) throws(JSONError) in try reader.nextElement() }) {
      // Asking for the kind moves on to the element, so that `offset` is where it starts.
      _ = try read { (reader) throws(JSONError) in try reader.kind() }
      try element(&self)
    }
  }

  /// Reads an integer.
  ///
  /// - Returns: its value.
  /// - Throws: `EvaluationError.json`.
  mutating func int() throws(EvaluationError) -> Int {
    try read { (reader) throws(JSONError) in try reader.int() }
  }

  /// Reads a number.
  ///
  /// - Returns: its value.
  /// - Throws: `EvaluationError.json`.
  mutating func double() throws(EvaluationError) -> Double {
    try read { (reader) throws(JSONError) in try reader.double() }
  }

  /// Reads a text.
  ///
  /// - Returns: the text.
  /// - Throws: `EvaluationError.json`.
  mutating func string() throws(EvaluationError) -> String {
    try read { (reader) throws(JSONError) in try reader.string() }
  }

  /// Reads a truth value, written as such or as a number.
  ///
  /// - Returns: false for `false` and 0.
  /// - Throws: `EvaluationError.json`.
  mutating func flag() throws(EvaluationError) -> Bool {
    try read { (reader) throws(JSONError) in
      try reader.kind() == .bool ? reader.bool() : reader.int() != 0
    }
  }

  /// Reads the extent of a picture in pixels.
  ///
  /// - Returns: the number, or 0 for what is not a whole number of up to 31 bits.
  /// - Throws: `EvaluationError.json`.
  mutating func extent() throws(EvaluationError) -> Int32 {
    try read { (reader) throws(JSONError) in
      guard try reader.kind() == .number else {
        try reader.skipValue()
        return 0
      }
      return Int32(exactly: try reader.double()) ?? 0
    }
  }

  /// Reads a box of four numbers.
  ///
  /// - Returns: x, y, width and height.
  /// - Throws: `EvaluationError.json`, `.malformedBox`.
  mutating func box() throws(EvaluationError) -> BoundingBox {
    var numbers = (0.0, 0.0, 0.0, 0.0)
    var count = 0
    let start = offset
    try forEachElement { (coco) throws(EvaluationError) in
      let number = try coco.double()
      switch count {
      case 0: numbers.0 = number
      case 1: numbers.1 = number
      case 2: numbers.2 = number
      case 3: numbers.3 = number
      default: break
      }
      count += 1
    }
    guard count == 4 else { throw .malformedBox(source: source, offset: start, found: count) }
    return BoundingBox(x: numbers.0, y: numbers.1, width: numbers.2, height: numbers.3)
  }

  /// Passes over a value.
  ///
  /// - Throws: `EvaluationError.json`.
  mutating func skip() throws(EvaluationError) {
    try read { (reader) throws(JSONError) in try reader.skipValue() }
  }

  /// Makes sure that nothing follows.
  ///
  /// - Throws: `EvaluationError.json`.
  mutating func end() throws(EvaluationError) {
    try read { (reader) throws(JSONError) in try reader.end() }
  }

  /// Unwraps a member that must be there.
  ///
  /// - Parameters:
  ///   - value: the member's value, if it was there.
  ///   - member: its name.
  ///   - item: what lacks it.
  ///   - start: the byte where the item starts.
  /// - Returns: the value.
  /// - Throws: `EvaluationError.missingMember`.
  func require<T>(
    _ value: T?,
    _ member: String,
    of item: String,
    at start: Int
  ) throws(EvaluationError) -> T {
    guard let value else {
      throw .missingMember(source: source, offset: start, item: item, member: member)
    }
    return value
  }

  private mutating func read<T>(
    _ body: (inout JSONReader) throws(JSONError) -> T
  ) throws(EvaluationError) -> T {
    do { return try body(&reader) } catch { throw .json(error) }
  }
}
