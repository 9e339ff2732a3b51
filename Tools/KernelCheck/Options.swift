import Glibc

/// What the command line asks for.
struct Options {
  var seed: UInt64 = 1
  var names: [String] = []
  var cases = 400
  var family: String?
  var times = false

  /// Reads the arguments, or returns nil where one is unknown or lacks its value.
  init?(_ arguments: ArraySlice<String>) {
    var rest = arguments
    while let argument = rest.popFirst() {
      switch argument {
      case "--seed":
        guard let number = rest.popFirst().flatMap(UInt64.init) else { return nil }
        seed = number
      case "--cases":
        guard let number = rest.popFirst().flatMap(Int.init), number >= 0 else { return nil }
        cases = number
      case "--isa":
        guard let name = rest.popFirst() else { return nil }
        names.append(name)
      case "--family":
        guard let name = rest.popFirst() else { return nil }
        family = name
      case "--times": times = true
      default: return nil
      }
    }
  }
}

func exitProcess(_ code: Int32) -> Never { exit(code) }
