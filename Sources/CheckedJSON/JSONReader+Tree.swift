extension JSONReader {
  /// Reads a value of any kind as a tree.
  ///
  /// - Parameter maximumValues: the most values that the tree may hold.
  /// - Returns: the tree.
  /// - Throws: `JSONError`.
  public mutating func value(
    maximumValues: Int = JSON.defaultMaximumValues
  ) throws(JSONError) -> JSON {
    var open: [OpenContainer] = []
    var values: [JSON] = []
    var count = 0
    while true {
      // Go to the next place for a value, closing the containers that end here.
      if let container = open.last {
        if container.isObject {
          if let key = try nextKey() {
            open[open.count - 1].keys.append(key)
          } else {
            let members = zip(container.keys, values[container.firstValue...]).map { ($0, $1) }
            values.removeSubrange(container.firstValue...)
            open.removeLast()
            values.append(.object(JSON.Object(distinct: members)))
            if open.isEmpty { return values[0] }
            continue
          }
        } else if try !nextElement() {
          let elements = Array(values[container.firstValue...])
          values.removeSubrange(container.firstValue...)
          open.removeLast()
          values.append(.array(elements))
          if open.isEmpty { return values[0] }
          continue
        }
      }
      count += 1
      guard count <= maximumValues else {
        throw .tooManyValues(source: source, offset: offset, limit: maximumValues)
      }
      switch try kind() {
      case .object:
        try beginObject()
        open.append(OpenContainer(isObject: true, firstValue: values.count))
        continue
      case .array:
        try beginArray()
        open.append(OpenContainer(isObject: false, firstValue: values.count))
        continue
      case .string: values.append(.string(try string()))
      case .number:
        switch try number() {
        case .integer(let number): values.append(.integer(number))
        case .double(let number): values.append(.double(number))
        }
      case .bool: values.append(.bool(try bool()))
      case .null:
        try null()
        values.append(.null)
      }
      if open.isEmpty { return values[0] }
    }
  }

  private struct OpenContainer {
    let isObject: Bool
    let firstValue: Int
    var keys: [String] = []
  }
}
