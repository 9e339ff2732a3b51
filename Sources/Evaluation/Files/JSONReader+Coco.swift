import CheckedJSON

// The vocabulary that COCO's files share. What is of the wrong kind is named by its byte, what is
// missing or means nothing by its path, as in `annotations[3].bbox`.
extension JSONReader {
  /// Reads an id: an integer, or a double without fraction such as `7.0`.
  mutating func identifier() throws(JSONError) -> Int {
    let start = self
    if try kind() == .number {
      let number = try double()
      // Below 2^53 the double is the number itself.
      if abs(number) < 0x1p53, number.rounded() == number { return Int(number) }
      self = start
    }
    return try int()
  }

  /// Reads `[x, y, width, height]`.
  ///
  /// - Parameter path: the array's place, for errors.
  /// - Returns: the box.
  /// - Throws: `JSONError`, for more or fewer than four numbers too.
  mutating func boundingBox(at path: @autoclosure () -> String) throws(JSONError) -> BoundingBox {
    var numbers = SIMD4<Double>()
    var count = 0
    try beginArray()
    while try nextElement() {
      if count < 4 { numbers[count] = try double() } else { try skipValue() }
      count += 1
    }
    guard count == 4 else {
      throw .notAllowed(
        source: source,
        path: path(),
        expected: "four numbers x, y, width, height",
        found: "an array of \(count)"
      )
    }
    return BoundingBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }

  /// Reads a flag written as 0, 1, false or true.
  ///
  /// - Parameter path: the value's place, for errors.
  /// - Returns: the truth value.
  /// - Throws: `JSONError`, for other numbers too.
  mutating func flag(at path: @autoclosure () -> String) throws(JSONError) -> Bool {
    if try kind() == .bool { return try bool() }
    let number = try identifier()
    guard number == 0 || number == 1 else {
      throw .notAllowed(source: source, path: path(), expected: "0 or 1", found: "\(number)")
    }
    return number == 1
  }

  /// Takes a value that had to be there.
  ///
  /// - Parameters:
  ///   - value: what was read, or `nil` where the key was absent.
  ///   - path: the place, for errors.
  ///   - expected: what had to stand there.
  /// - Returns: the value.
  /// - Throws: `JSONError.missing`.
  func required<T>(
    _ value: T?,
    at path: @autoclosure () -> String,
    _ expected: @autoclosure () -> String
  ) throws(JSONError) -> T {
    guard let value else { throw .missing(source: source, path: path(), expected: expected()) }
    return value
  }
}

/// Maps a file for reading and names it in errors by its last component.
///
/// - Parameter path: the file.
/// - Returns: a reader at the file's beginning.
/// - Throws: `JSONError.file`.
func openJSON(path: String) throws(JSONError) -> JSONReader {
  let bytes: ByteView
  do { bytes = try MappedFile.open(path: path) } catch { throw .file(error) }
  return try JSONReader(bytes, source: path.split(separator: "/").last.map(String.init) ?? path)
}
