import Foundation

#if !LIBFUZZER
  /// `edgedetr-fuzz`: hostile inputs for every reader.
  @main
  enum FuzzCommand {
    static func main() {
      do {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.isEmpty || words.contains("--help") {
          print(FuzzOptions.usage + "\n\nreaders:")
          for reader in FuzzReader.all {
            let name = reader.name.padding(toLength: 12, withPad: " ", startingAt: 0)
            print("  \(name)\(reader.summary)")
          }
          exit(words.isEmpty ? 2 : 0)
        }
        exit(try run(FuzzOptions(words)) ? 0 : 1)
      } catch {
        FileHandle.standardError.write(Data("edgedetr-fuzz: \(error)\n".utf8))
        exit(2)
      }
    }

    /// Does what the options say.
    ///
    /// - Returns: whether nothing was found.
    private static func run(_ options: FuzzOptions) throws -> Bool {
      if options.reader == "all" {
        return try FuzzReader.all.reduce(true) { isGood, reader in
          try Campaign(reader, options).run() && isGood
        }
      }
      guard let reader = FuzzReader.all.first(where: { $0.name == options.reader }) else {
        throw FuzzError.usage("unknown reader '\(options.reader)'")
      }
      if let file = options.file { return try read(file, reader) }
      if let folder = options.samples { return try writeSamples(reader, folder, options) }
      guard let board = options.board else {
        var options = options
        if options.isExhaustive {
          let all = try Mutator(reader, options).exhaustiveCount
          options.count = max(0, min(options.count, all - options.first))
        }
        return try Campaign(reader, options).run()
      }
      try Worker.run(
        reader,
        Mutator(reader, options),
        seed: options.seed,
        isExhaustive: options.isExhaustive,
        indices: options.first..<options.first + options.count,
        board: Blackboard(path: board)
      )
      return true
    }

    private static func read(_ path: String, _ reader: FuzzReader) throws -> Bool {
      guard AllocationMeter.isWorking() else { throw FuzzError.meter }
      let input = try [UInt8](Data(contentsOf: URL(filePath: path)))
      let place = try Workplace()
      defer { place.remove() }
      let trial = Trial(input, reader, place)
      switch trial.outcome {
      case .read: print("read")
      case .refused(let message): print("refused: \(message)")
      }
      print("\(trial.seconds) s, \(trial.memory) bytes for an input of \(input.count)")
      let findings = trial.findings(index: 0, count: input.count, reader: reader)
      for finding in findings { print("\(finding.kind.rawValue): \(finding.detail)") }
      return findings.isEmpty
    }

    private static func writeSamples(
      _ reader: FuzzReader,
      _ folder: String,
      _ options: FuzzOptions
    ) throws -> Bool {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (index, sample) in try Mutator(reader, options).samples.enumerated() {
        try Data(sample).write(to: URL(filePath: "\(folder)/\(reader.name)-\(index)"))
      }
      return true
    }
  }
#endif

/// Prints a line that appears at once, also in a file.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

extension Mutator {
  /// Gathers a reader's samples: its own, then the files of its format below the folder of fixtures.
  init(_ reader: FuzzReader, _ options: FuzzOptions) throws {
    var samples = try reader.samples()
    if let folder = options.fixtures {
      let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      let own = samples.count
      for file in files.sorted() where reader.endings.contains(where: { file.hasSuffix($0) }) {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else { continue }
        if data.count <= Self.largestInput / 2 { samples.append([UInt8](data)) }
      }
      if samples.count == own, !reader.endings.isEmpty,
        FileManager.default.fileExists(atPath: folder)
      {
        FileHandle.standardError.write(
          Data("\(folder): no \(reader.endings.joined(separator: ", "))\n".utf8)
        )
      }
    }
    self.init(samples: samples, dictionary: reader.dictionary, repair: reader.repair)
  }
}
