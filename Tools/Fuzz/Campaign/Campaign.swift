import Foundation

/// Many inputs through one reader, in worker processes that are started again when one dies.
final class Campaign: @unchecked Sendable {
  private let reader: FuzzReader
  private let options: FuzzOptions
  private let board: Blackboard
  private var tally = Tally()
  private var findings: [Finding] = []
  private let lock = NSLock()

  /// How much processor time a worker has for one input, in seconds: the address sanitizer slows
  /// everything, and the first input comes after the samples are made.
  private static let patience = 30.0
  /// How long the campaign waits for one input, in seconds, whatever the machine does meanwhile.
  private static let longestWait = 1800.0
  /// After so many deaths a reader is given up.
  private static let largestDeaths = 50

  /// Prepares a campaign.
  init(_ reader: FuzzReader, _ options: FuzzOptions) throws {
    self.reader = reader
    self.options = options
    board = try Blackboard(path: "\(Workplace().path)/board")
  }

  /// Runs it and prints what was found.
  ///
  /// - Returns: whether nothing was found.
  func run() throws -> Bool {
    try FileManager.default.createDirectory(
      atPath: options.output,
      withIntermediateDirectories: true
    )
    let start = Date()
    var next = options.first
    let end = options.first + options.count
    var deaths = 0
    while next < end, deaths < Self.largestDeaths {
      board.write([], index: next)
      guard let finding = try work(next..<end) else { break }
      deaths += 1
      note(finding)
      let path = "\(options.output)/\(reader.name)-\(options.seed)-\(finding.index).\(finding.kind)"
      try Data(board.input).write(to: URL(filePath: path))
      next = finding.index + 1
    }
    report(seconds: Date().timeIntervalSince(start), isWhole: deaths < Self.largestDeaths)
    return findings.isEmpty
  }

  /// Lets a worker read inputs until it ends, dies or hangs.
  ///
  /// - Returns: why it died, or `nil` when it came to its end.
  private func work(_ indices: Range<Int>) throws -> Finding? {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      options.forWorker(reader.name, indices) + ["--board", board.path]
    var environment = ProcessInfo.processInfo.environment
    environment["EDGEDETR_FUZZ_FINDINGS"] = options.output
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    let log = "\(options.output)/\(reader.name)-\(options.seed).log"
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
    try process.run()
    let watch = Thread { [self] in stopIfHanging(process) }
    watch.start()
    var rest = Data()
    while true {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      rest += data
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        hear(String(decoding: rest[rest.startIndex..<end], as: UTF8.self)[...])
        rest.removeSubrange(rest.startIndex...end)
      }
    }
    process.waitUntilExit()
    if process.terminationReason == .exit, process.terminationStatus == 0 { return nil }
    if process.terminationReason == .exit, process.terminationStatus == 2 {
      throw FuzzError.usage(lastLine(of: log))
    }
    let wasHanging = lock.withLock { hangs.contains(board.index) }
    return Finding(
      wasHanging ? .hang : .trap,
      index: board.index,
      detail: wasHanging
        ? "no end after \(Int(Self.patience)) s of processor time" : lastLine(of: log)
    )
  }

  private var hangs: Set<Int> = []

  /// Kills a worker that stays at one input.
  private func stopIfHanging(_ process: Process) {
    var index = -1
    var since = Date()
    var spent = 0.0
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.25)
      let now = Self.processorTime(process.processIdentifier)
      if board.index != index { (index, since, spent) = (board.index, Date(), now) }
      if now - spent > Self.patience || Date().timeIntervalSince(since) > Self.longestWait {
        _ = lock.withLock { hangs.insert(index) }
        kill(process.processIdentifier, SIGKILL)
        return
      }
    }
  }

  /// The processor time of a process, in seconds; 0 when it has ended (proc(5), `stat`).
  private static func processorTime(_ process: Int32) -> Double {
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    // The second field, the program's name, may hold spaces and ends with the last bracket.
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
      return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private func hear(_ line: Substring) {
    if let tally = Tally(line: line) { self.tally.add(tally) }
    if let finding = Finding(line: line) { note(finding) }
  }

  private func note(_ finding: Finding) {
    findings.append(finding)
    guard findings.count <= 40 else { return }
    say("\(reader.name): \(finding.kind.rawValue) at input \(finding.index): \(finding.detail)")
    say("  \(options.command(reader.name, only: finding.index))")
  }

  /// What a trap or the sanitizer has printed that says most.
  private func lastLine(of log: String) -> String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n")
    let telling = lines.first { $0.contains("Fatal error") || $0.contains("ERROR:") }
    return String((telling ?? lines.last ?? "killed without a word").prefix(300))
  }

  private func report(seconds: Double, isWhole: Bool) {
    let deaths = findings.count { $0.kind == .trap || $0.kind == .hang }
    var parts = ["\(tally.read) read", "\(tally.refused) refused"]
    for kind in [Finding.Kind.trap, .hang, .slow, .allocation, .message] {
      parts.append("\(findings.count { $0.kind == kind }) \(kind.rawValue)")
    }
    let slowest = String(format: "%.3f", tally.slowest)
    say(
      "\(reader.name): \(parts.joined(separator: ", ")); slowest \(slowest) s, most memory "
        + "\(tally.largest) bytes for an input of \(tally.largestCount); seed \(options.seed), "
        + "\(Int(seconds)) s"
    )
    if deaths > 0 {
      say("\(reader.name): inputs since the last 1000 of a dead worker are not counted")
    }
    if !isWhole { say("\(reader.name): given up after \(deaths) deaths") }
  }
}
