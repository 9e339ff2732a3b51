import Foundation

/// The process that reads inputs, so that the campaign outlives a trap.
///
/// It tells of findings while it works and prints its tally at the end, one line each.
enum Worker {
  /// Reads inputs.
  ///
  /// - Parameters:
  ///   - reader: the reader.
  ///   - mutator: makes the inputs.
  ///   - seed: the campaign's.
  ///   - isExhaustive: whether every byte is changed in turn, in place of random mutations.
  ///   - indices: the numbers of the inputs.
  ///   - board: where each is noted before it is read.
  /// - Throws: ``FuzzError``, and what the file system says.
  static func run(
    _ reader: FuzzReader,
    _ mutator: Mutator,
    seed: UInt64,
    isExhaustive: Bool,
    indices: Range<Int>,
    board: Blackboard
  ) throws {
    guard AllocationMeter.isWorking() else { throw FuzzError.meter }
    let place = try Workplace()
    defer { place.remove() }
    // Tables that are made once belong to no input.
    _ = Trial(mutator.samples[0], reader, place)
    var tally = Tally()
    for index in indices {
      let input =
        isExhaustive
        ? mutator.exhaustiveInput(index: index) : mutator.input(seed: seed, index: index)
      board.write(input, index: index)
      let trial = Trial(input, reader, place)
      tally.add(trial, count: input.count)
      for finding in trial.findings(index: index, count: input.count, reader: reader) {
        say(finding.line)
        if let path = ProcessInfo.processInfo.environment["EDGEDETR_FUZZ_FINDINGS"] {
          let name = "\(reader.name)-\(seed)-\(index).\(finding.kind.rawValue)"
          try Data(input).write(to: URL(filePath: "\(path)/\(name)"))
        }
      }
      // A worker that dies loses what it has not told.
      if index % 1000 == 999 {
        say(tally.line)
        tally = Tally()
      }
    }
    say(tally.line)
  }
}

/// What became of inputs.
struct Tally {
  private(set) var read = 0
  private(set) var refused = 0
  /// The most processor time of one input.
  private(set) var slowest = 0.0
  /// The most heap memory of one input.
  private(set) var largest = 0
  /// The length of that input.
  private(set) var largestCount = 0

  var total: Int { read + refused }

  mutating func add(_ trial: Trial, count: Int) {
    switch trial.outcome {
    case .read: read += 1
    case .refused: refused += 1
    }
    slowest = max(slowest, trial.seconds)
    if trial.memory > largest { (largest, largestCount) = (trial.memory, count) }
  }

  mutating func add(_ other: Tally) {
    read += other.read
    refused += other.refused
    slowest = max(slowest, other.slowest)
    if other.largest > largest { (largest, largestCount) = (other.largest, other.largestCount) }
  }

  /// How a worker tells the campaign.
  var line: String { "tally \(read) \(refused) \(slowest) \(largest) \(largestCount)" }

  init() {}

  /// Understands a worker's line.
  init?(line: Substring) {
    let words = line.split(separator: " ")
    guard words.count == 6, words[0] == "tally", let read = Int(words[1]),
      let refused = Int(words[2]), let slowest = Double(words[3]), let largest = Int(words[4]),
      let count = Int(words[5])
    else { return nil }
    (self.read, self.refused, self.slowest) = (read, refused, slowest)
    (self.largest, largestCount) = (largest, count)
  }
}
