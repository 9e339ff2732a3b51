import Foundation

/// Runs the `edgedetr` program that was built beside the tests.
struct EdgedetrProcess {
  let exitCode: Int32
  let output: String
  let errors: String

  /// The lines on standard error.
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  init(_ arguments: String...) throws { try self.init(arguments) }

  /// What a run may take; the system ends one that takes more.
  struct Limits {
    /// Processor time.
    var seconds: Int
    /// Memory that the process writes to: heap, stacks of threads, private pages.
    var mebibytes: Int
  }

  init(_ arguments: [String], limits: Limits? = nil) throws {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    if let limits {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let command = """
        ulimit -t \(limits.seconds) && ulimit -d \(limits.mebibytes * 1024) && exec "$0" "$@"
        """
      process.arguments = ["-c", command, Self.program.path] + arguments
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files in place of pipes: no output is too long for them.
    let outputFile = folder.appendingPathComponent("output")
    let errorFile = folder.appendingPathComponent("errors")
    for file in [outputFile, errorFile] {
      FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationReason == .exit ? process.terminationStatus : -1
    output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }

  /// The program stands in the folder of the test runner's own executable.
  private static let program: URL = {
    let runner =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: runner).deletingLastPathComponent()
      .appendingPathComponent("edgedetr")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("edgedetr")
  }()
}

/// The folder of data beside the package; tests that need it are skipped where it is absent.
enum Shared {
  static let folder: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/",
      !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
    {
      folder.deleteLastPathComponent()
    }
    return folder.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  static let exists = FileManager.default.fileExists(atPath: folder.path)

  static func path(_ relative: String) -> String {
    folder.appendingPathComponent(relative).path
  }
}

/// A folder that lives as long as a test.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: url.appendingPathComponent(name))
    return path(name)
  }
}
