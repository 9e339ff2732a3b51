/// The arguments of one command, checked against its description.
struct Arguments {
  let command: CommandDescription
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]

  init(_ words: ArraySlice<String>, for command: CommandDescription) throws(UsageError) {
    self.command = command
    var rest = words
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let name = word == "-o" ? "output" : String(word.drop { $0 == "-" })
      let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let option = command.options.first(where: { $0.name == parts[0] }) else {
        throw UsageError(command, "unknown option \(word)")
      }
      guard values[option.name] == nil else {
        throw UsageError(command, "--\(option.name) is given twice")
      }
      if option.value == nil {
        guard parts.count == 1 else {
          throw UsageError(command, "--\(option.name) takes no value")
        }
        values[option.name] = ""
      } else if parts.count == 2 {
        values[option.name] = String(parts[1])
      } else if let value = rest.popFirst() {
        values[option.name] = value
      } else {
        throw UsageError(command, "--\(option.name) needs a value: \(option.value!)")
      }
      try check(values[option.name]!, option)
    }
  }

  /// Refuses a wrong number of operands.
  func checkOperands(orOption alternative: String? = nil) throws(UsageError) {
    if let alternative, has(alternative), operands.count + 1 >= command.operandCount.lowerBound {
      return
    }
    guard command.operandCount.contains(operands.count) else {
      throw UsageError(
        command,
        "expected \(command.operands), found \(operands.count) arguments"
      )
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func text(_ name: String) -> String? { values[name] }

  func required(_ name: String) throws(UsageError) -> String {
    guard let value = values[name] else { throw UsageError(command, "--\(name) is missing") }
    return value
  }

  /// The value of an option that is a whole number.
  func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

  /// The value of an option that is a number.
  func number(_ name: String) -> Double? { values[name].flatMap { Double($0) } }

  /// The value of an option that is a size.
  func size(_ name: String) -> (height: Int, width: Int)? { values[name].flatMap { Self.size($0) } }

  /// Refuses a value that is not of its option's kind.
  private func check(_ word: String, _ option: CommandDescription.Option) throws(UsageError) {
    let expected: String
    switch option.kind {
    case .text: return
    case .integer(let range):
      if let number = Int(word), range.contains(number) { return }
      expected =
        "a whole number from \(range.lowerBound)"
        + (range.upperBound == Int.max ? "" : " to \(range.upperBound)")
    case .number(let range):
      if let number = Double(word), range.contains(number) { return }
      expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    case .size:
      if Self.size(word) != nil { return }
      expected = "HxW such as 800x1066"
    case .choice(let choices):
      if choices.contains(word) { return }
      expected = choices.joined(separator: " or ")
    }
    throw UsageError(command, "--\(option.name): expected \(expected), found '\(word)'")
  }

  private static func size(_ word: String) -> (height: Int, width: Int)? {
    let parts = word.split(separator: "x").map { Int($0) }
    guard parts.count == 2, let height = parts[0], let width = parts[1],
      (1...16383).contains(height), (1...16383).contains(width)
    else { return nil }
    return (height, width)
  }
}

/// Wrong usage: exit code 2.
struct UsageError: Error, CustomStringConvertible {
  let command: CommandDescription?
  let message: String

  init(_ command: CommandDescription?, _ message: String) {
    self.command = command
    self.message = message
  }

  var description: String {
    "\(message); see edgedetr \(command.map { "\($0.name) " } ?? "")--help"
  }
}
