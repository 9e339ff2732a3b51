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
    }
  }

  /// Refuses a wrong number of operands.
  func checkOperands(orOption alternative: String? = nil) throws(UsageError) {
    if let alternative, has(alternative), operands.count + 1 >= command.operandCount.lowerBound {
      return
    }
    guard command.operandCount.contains(operands.count) else {
      throw UsageError(
        command, "expected \(command.operands), found \(operands.count) arguments")
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func text(_ name: String) -> String? { values[name] }

  func required(_ name: String) throws(UsageError) -> String {
    guard let value = values[name] else { throw UsageError(command, "--\(name) is missing") }
    return value
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let word = values[name] else { return nil }
    guard let number = Int(word), range.contains(number) else {
      throw UsageError(
        command, "--\(name): expected a whole number from \(range.lowerBound) to "
          + "\(range.upperBound), found '\(word)'")
    }
    return number
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
    guard let word = values[name] else { return nil }
    guard let number = Double(word), range.contains(number) else {
      throw UsageError(
        command, "--\(name): expected a number from \(range.lowerBound) to "
          + "\(range.upperBound), found '\(word)'")
    }
    return number
  }

  /// A size written height x width, as in `800x1066`.
  func size(_ name: String) throws(UsageError) -> (height: Int, width: Int)? {
    guard let word = values[name] else { return nil }
    let parts = word.split(separator: "x").map { Int($0) }
    guard parts.count == 2, let height = parts[0], let width = parts[1],
      (1...16384).contains(height), (1...16384).contains(width)
    else {
      throw UsageError(command, "--\(name): expected HxW such as 800x1066, found '\(word)'")
    }
    return (height, width)
  }

  func choice(_ name: String, of choices: [String]) throws(UsageError) -> String? {
    guard let word = values[name] else { return nil }
    guard choices.contains(word) else {
      throw UsageError(
        command, "--\(name): expected \(choices.joined(separator: " or ")), found '\(word)'")
    }
    return word
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
