import CheckedJSON
import Foundation
import Testing

/// Malformed checkpoints and pictures: refused in one line, or read where they may be.
@Suite("Hostile files through the command line", .enabled(if: Shared.exists, "no ../shared"))
struct HostileCommandTests {
  struct Item: Sendable, CustomTestStringConvertible {
    let path: String
    let kind: String
    let expect: String
    let mustName: String?
    var testDescription: String { path }
  }

  static let items: [Item] = {
    guard let manifest = try? JSON.open(path: Shared.path("golden/hostile/manifest.json")),
      case .array(let files)? = manifest["files"].value
    else { return [] }
    return files.indices.compactMap { index in
      let entry = manifest["files"][index]
      guard let path = try? entry["path"].string, let kind = try? entry["kind"].string,
        let expect = try? entry["expect"].string
      else { return nil }
      return Item(
        path: path,
        kind: kind,
        expect: expect,
        mustName: try? entry["must_name"].string
      )
    }
  }()

  @Test(
    "checkpoint folders are read or refused as the manifest says",
    arguments: items.filter { $0.kind == "checkpoint-folder" }
  )
  func checkpoint(item: Item) throws {
    try check(item, run("inspect", Shared.path("golden/hostile/\(item.path)")))
  }

  @Test(
    "PyTorch files are read or refused as the manifest says",
    arguments: items.filter { $0.kind == "checkpoint" }
  )
  func file(item: Item) throws {
    // The heads are those of the model from which the files were made.
    try check(item, run("inspect", Shared.path("golden/hostile/\(item.path)"), "--heads", "2"))
  }

  @Test(
    "pictures are read or refused as the manifest says",
    arguments: items.filter { $0.kind == "picture" }
  )
  func picture(item: Item) throws {
    let checkpoint = Shared.path("golden/hostile/base-hf")
    try check(
      item,
      run("float", checkpoint, Shared.path("golden/hostile/\(item.path)"), "--threads", "1")
    )
  }

  @Test("a run that takes more than its limits is seen")
  func limits() throws {
    let checkpoint = Shared.path("golden/hostile/base-hf")
    let run = try EdgedetrProcess(["inspect", checkpoint], limits: .init(seconds: 1, mebibytes: 1))
    #expect(run.exitCode != 0 && run.exitCode != 3)
  }

  /// Every file is done within a second of processor time and 64 MB of memory.
  private func run(_ arguments: String...) throws -> EdgedetrProcess {
    try EdgedetrProcess(arguments, limits: .init(seconds: 1, mebibytes: 61))
  }

  private func check(_ item: Item, _ run: EdgedetrProcess) throws {
    switch item.expect {
    case "refuse":
      #expect(run.exitCode == 3, "\(run.output)")
      let errors = run.errorLines.filter { $0.hasPrefix("edgedetr: ") }
      #expect(errors.count == 1, "\(run.errors)")
      if let name = item.mustName { #expect(run.errors.contains(name), "\(run.errors)") }
    case "ok": #expect(run.exitCode == 0, "\(run.errors)")
    default: #expect(run.exitCode == 0 || run.exitCode == 3, "\(run.errors)")
    }
  }
}
