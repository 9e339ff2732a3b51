/// What the command line says.
struct FuzzOptions {
  var reader = ""
  var count = 10_000
  /// Whether every byte is changed in turn, in place of random mutations.
  var isExhaustive = false
  var first = 0
  var seed: UInt64 = 1
  /// A folder of further samples.
  var fixtures: String?
  /// Where failing inputs are written.
  var output = "fuzz-findings"
  /// A file to read instead of mutations.
  var file: String?
  /// A folder to write the samples into.
  var samples: String?
  /// The worker's blackboard.
  var board: String?

  static let usage = """
    usage: edgedetr-fuzz READER|all [options]

    Reads seeded mutations of good files, each in a process that may die, and tells which of them
    trapped, hung, took over a second or more memory than allowed.

      --count N        how many inputs, default 10000
      --seed S         the seed, default 1
      --exhaustive     every byte of every sample changed in turn, every length cut; no --count: all
      --fixtures DIR   take the format's files below a folder as samples too
      --only N         the input of this number alone
      --output DIR     where failing inputs are written, default fuzz-findings
      --file FILE      read one file and tell what became of it
      --samples DIR    write the samples and end

    example: edgedetr-fuzz png --count 100000 --seed 7
    """

  /// Understands the command line.
  init(_ words: [String]) throws {
    var rest = words[...]
    isExhaustive = words.contains("--exhaustive")
    if isExhaustive { count = Int.max }
    rest.removeAll { $0 == "--exhaustive" }
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        guard reader.isEmpty else { throw FuzzError.usage("unexpected '\(word)'") }
        reader = word
        continue
      }
      guard let value = rest.popFirst() else { throw FuzzError.usage("\(word) needs a value") }
      switch word {
      case "--count": count = try Self.number(word, value)
      case "--first": first = try Self.number(word, value)
      case "--only": (first, count) = (try Self.number(word, value), 1)
      case "--seed":
        guard let number = UInt64(value) else { throw FuzzError.usage("--seed: '\(value)'") }
        seed = number
      case "--fixtures": fixtures = value
      case "--output": output = value
      case "--file": file = value
      case "--samples": samples = value
      case "--board": board = value
      default: throw FuzzError.usage("unknown option \(word)")
      }
    }
    guard !reader.isEmpty else { throw FuzzError.usage("a reader is missing") }
  }

  private static func number(_ option: String, _ value: String) throws -> Int {
    guard let number = Int(value), number >= 0 else {
      throw FuzzError.usage("\(option): expected a whole number, found '\(value)'")
    }
    return number
  }

  /// What a worker is started with.
  func forWorker(_ reader: String, _ indices: Range<Int>) -> [String] {
    [
      reader, "--seed", "\(seed)", "--first", "\(indices.lowerBound)", "--count",
      "\(indices.count)",
    ]
      + (fixtures.map { ["--fixtures", $0] } ?? []) + (isExhaustive ? ["--exhaustive"] : [])
  }

  /// The command that repeats one input.
  func command(_ reader: String, only index: Int) -> String {
    (["edgedetr-fuzz", reader, "--seed", "\(seed)"] + (fixtures.map { ["--fixtures", $0] } ?? [])
      + (isExhaustive ? ["--exhaustive"] : []) + ["--only", "\(index)"]).joined(separator: " ")
  }
}
