import Foundation

/// Runs a program that was built beside the tests.
struct Program {
  let exitCode: Int32
  let output: String
  let errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  /// - Parameters:
  ///   - name: the program, in the folder of the test runner.
  ///   - arguments: its arguments.
  ///   - input: what it reads from standard input.
  /// - Throws: what the system says where the program cannot be run.
  init(_ name: String, _ arguments: [String], input: [UInt8] = []) throws {
    let folder = try ScratchFolder()
    let process = Process()
    process.executableURL = Self.folder.appendingPathComponent(name)
    process.arguments = arguments
    // Files in place of pipes: nothing is too long for them.
    for name in ["output", "errors"] { try folder.write(name, []) }
    process.standardInput = try FileHandle(
      forReadingFrom: URL(fileURLWithPath: folder.write("input", input))
    )
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "output"))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: "errors"))
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationReason == .exit ? process.terminationStatus : -1
    output = try String(contentsOf: folder.url.appending(path: "output"), encoding: .utf8)
    errors = try String(contentsOf: folder.url.appending(path: "errors"), encoding: .utf8)
  }

  private static let folder: URL = {
    let runner =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: runner).deletingLastPathComponent()
    let program = beside.appendingPathComponent("edgedetr-run").path
    if FileManager.default.isExecutableFile(atPath: program) { return beside }
    return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  }()
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
