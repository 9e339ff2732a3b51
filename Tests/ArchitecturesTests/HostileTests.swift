import Architectures
import CheckedJSON
import Testing

@Suite(
  "Malformed checkpoints do as their manifest says",
  .enabled(if: Shared.exists, "no ../shared")
)
struct HostileTests {
  struct Entry: Sendable, CustomTestStringConvertible {
    let path: String
    let expect: String
    let mustName: String?
    var testDescription: String { path }
  }

  static let entries: [Entry] = {
    guard Shared.exists,
      let files = try? JSON.open(path: Shared.folder + "/golden/hostile/manifest.json")["files"]
        .elements
    else { return [] }
    return files.compactMap { file -> Entry? in
      guard let kind = try? file["kind"].string, kind.hasPrefix("checkpoint"),
        let path = try? file["path"].string, let expect = try? file["expect"].string
      else { return nil }
      return Entry(path: path, expect: expect, mustName: try? file["must_name"].optional?.string)
    }
  }()

  @Test("refused by name, or loaded", arguments: entries)
  func entry(entry: Entry) throws {
    let path = Shared.folder + "/golden/hostile/" + entry.path
    do {
      // Lone files take the heads of the model that they were made from.
      let options = path.hasSuffix(".pth") ? DetectorOptions(heads: 2) : DetectorOptions()
      _ = try LoadedDetector(path: path, options: options)
      #expect(entry.expect != "refuse")
    } catch {
      let message = "\(error)"
      #expect(entry.expect != "ok", "\(message)")
      #expect(!message.contains("\n") && !message.isEmpty)
      if let name = entry.mustName { #expect(message.contains(name)) }
    }
  }

  @Test("the manifest was read")
  func manifest() {
    #expect(Self.entries.count > 30)
  }
}
