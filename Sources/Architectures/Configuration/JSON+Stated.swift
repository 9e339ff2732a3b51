import CheckedJSON

extension JSON.Located {
  /// The largest count, width or size that a configuration may state, so that products fit `Int`.
  static let largestCount = 1 << 20

  /// A number from `minimum` to ``largestCount``, or nil where the key is absent or null.
  func count(_ key: String, minimum: Int = 1) throws(ArchitectureError) -> Stated<Int>? {
    try stated(key) { place throws(JSONError) in
      try place.count(minimum: minimum)
    }
  }

  /// An array of such numbers.
  func counts(_ key: String, minimum: Int = 1) throws(ArchitectureError) -> Stated<[Int]>? {
    try stated(key) { place throws(JSONError) in
      var counts: [Int] = []
      for element in try place.elements { counts.append(try element.count(minimum: minimum)) }
      return counts
    }
  }

  func number(_ key: String) throws(ArchitectureError) -> Stated<Double>? {
    try stated(key) { place throws(JSONError) in try place.double }
  }

  func flag(_ key: String) throws(ArchitectureError) -> Stated<Bool>? {
    try stated(key) { place throws(JSONError) in try place.bool }
  }

  func text(_ key: String) throws(ArchitectureError) -> Stated<String>? {
    try stated(key) { place throws(JSONError) in try place.string }
  }

  /// One of a few texts.
  func choice<Value>(
    _ key: String,
    of values: KeyValuePairs<String, Value>
  ) throws(ArchitectureError) -> Stated<Value>? {
    try stated(key) { place throws(JSONError) in
      let text = try place.string
      guard let value = values.first(where: { $0.key == text })?.value else {
        throw place.notAllowed(expected: values.map { "\"\($0.key)\"" }.joined(separator: " or "))
      }
      return value
    }
  }

  /// The value at a key with its place, or nil where the key is absent or null.
  func stated<Value>(
    _ key: String,
    _ read: (JSON.Located) throws(JSONError) -> Value
  ) throws(ArchitectureError) -> Stated<Value>? {
    guard let place = self[key].optional else { return nil }
    do {
      return Stated(try read(place), at: "\(source): '\(place.path)'")
    } catch {
      throw .configuration(error)
    }
  }

  private func count(minimum: Int) throws(JSONError) -> Int {
    let number = try int
    guard minimum <= number, number <= Self.largestCount else {
      throw notAllowed(expected: "a number from \(minimum) to \(Self.largestCount)")
    }
    return number
  }
}
