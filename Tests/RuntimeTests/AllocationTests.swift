import Foundation
import Testing

/// The part of the GNU C library that records every allocation of a program.
private let traceLibrary = ["/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/lib"]
  .map { $0 + "/libc_malloc_debug.so.0" }
  .first { FileManager.default.fileExists(atPath: $0) }

@Suite(
  "A run allocates nothing",
  .enabled(if: traceLibrary != nil, "needs libc_malloc_debug.so.0 of the GNU C library")
)
struct AllocationTests {
  /// The program stands beside the tests' own.
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("AllocationCheck")

  @Test("counted over three runs of every operation", arguments: [1, 2, 3], [false, true])
  func counted(threads: Int, isPhotograph: Bool) throws {
    let options = isPhotograph ? ["photograph"] : []
    #expect(try allocations(threads, options) == 0)
    #expect(try allocations(threads, options + ["array"]) > 0, "an array must be seen")
  }

  private func allocations(_ threads: Int, _ options: [String]) throws -> Int {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("model.edetr")
    let trace = folder.appendingPathComponent("trace.txt")
    try Data(HostileModelTests.file()).write(to: model)
    let process = Process()
    process.executableURL = Self.program
    process.arguments = [model.path, "17", "21", "\(threads)"] + options
    process.environment = ["LD_PRELOAD": traceLibrary!, "MALLOC_TRACE": trace.path]
    process.standardOutput = Pipe()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    // Lines are `@ caller + address size`; the trace's own beginning and end have no plus.
    return try String(contentsOf: trace, encoding: .utf8).split(separator: "\n")
      .filter { $0.contains(" + ") }.count
  }
}
