/// What the command line asks for.
struct Options {
  static let usage =
    "usage: KernelCheck [--isa NAME]… [--list] [--seed N] [--cases N] [--family NAME] [--times]"

  var seed: UInt64 = 1
  /// Names of tables and of a family in UTF-8: comparing strings would need Unicode's tables on a board.
  var names: [[UInt8]] = []
  var cases = 400
  var family: [UInt8]?
  var times = false
  var list = false

  /// Reads the arguments, or returns nil where one is unknown or lacks its value.
  init?(_ arguments: ArraySlice<[UInt8]>) {
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument.spells("--seed") {
        guard let number = rest.popFirst().flatMap(Self.number) else { return nil }
        seed = number
      } else if argument.spells("--cases") {
        guard let number = rest.popFirst().flatMap(Self.number), number <= 1 << 30 else {
          return nil
        }
        cases = Int(number)
      } else if argument.spells("--isa") {
        guard let name = rest.popFirst() else { return nil }
        names.append(name)
      } else if argument.spells("--family") {
        guard let name = rest.popFirst(),
          CheckedFamily.all.contains(where: { name.spells($0.name) })
        else { return nil }
        family = name
      } else if argument.spells("--times") {
        times = true
      } else if argument.spells("--list") {
        list = true
      } else {
        return nil
      }
    }
  }

  /// A decimal number of up to 18 digits.
  private static func number(_ digits: [UInt8]) -> UInt64? {
    guard (1...18).contains(digits.count) else { return nil }
    var number: UInt64 = 0
    for digit in digits {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      number = number * 10 + UInt64(digit - 0x30)
    }
    return number
  }
}

extension [UInt8] {
  /// Whether the bytes are those of a text.
  func spells(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count where self[index] != text.utf8Start[index] { return false }
    return true
  }
}
