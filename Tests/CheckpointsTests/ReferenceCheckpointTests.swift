import CheckedJSON
import Checkpoints
import Foundation
import Testing

@Suite(.enabled(if: SharedFolder.exists, "no ../shared"))
struct ReferenceCheckpointTests {
  let golden: URL

  init() throws { golden = try #require(SharedFolder.url).appending(path: "golden") }

  @Test("every reference safetensors file opens and is finite where it should be")
  func safetensors() throws {
    var opened = 0
    for folder in try FileManager.default.contentsOfDirectory(
      at: golden,
      includingPropertiesForKeys: nil
    )
    where folder.hasDirectoryPath && folder.lastPathComponent != "hostile" {
      let inside = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      guard inside.contains(where: { $0.hasPrefix("model.safetensors") }) else { continue }
      let map = try TensorMap.open(path: folder.path)
      #expect(map.count > 50)
      for tensor in map { #expect(tensor.firstNonFinite() == nil, "\(tensor.name)") }
      opened += 1
    }
    #expect(opened >= 10)
  }

  @Test("a sharded checkpoint has the tensors of its index")
  func sharded() throws {
    let folder = golden.appending(path: "deformable-hf-refine").path
    let map = try TensorMap.open(path: folder)
    let index = try JSON.open(path: "\(folder)/model.safetensors.index.json")
    #expect(map.names == (try index["weight_map"].members.map(\.key)))
    #expect(map.files.count == 4)
    #expect(map.reduce(0) { $0 + $1.byteCount } == (try index["metadata"]["total_size"].int))
  }

  @Test("each hostile safetensors file and index is refused quickly, and names what it must")
  func hostile() throws {
    let hostile = golden.appending(path: "hostile")
    let manifest = try JSON.open(path: hostile.appending(path: "manifest.json").path)
    var refused = 0
    for item in try manifest["files"].elements where try item["kind"].string == "checkpoint-folder"
    {
      let name = try item["path"].string
      let path = hostile.appending(path: name).path
      guard name.hasPrefix("st-") || name.hasPrefix("index-") else {
        // Their faults are in the configuration, or in what the tensors mean.
        #expect(throws: Never.self, "\(name)") { try TensorMap.open(path: path) }
        continue
      }
      let start = ContinuousClock.now
      let error = #expect(throws: CheckpointError.self, "\(name)") {
        try TensorMap.open(path: path)
      }
      #expect(ContinuousClock.now - start < .seconds(1), "\(name)")
      guard let line = error?.description else { continue }
      #expect(!line.contains("\n"))
      #expect(line.contains("model.safetensors"), "\(line)")
      if let text = try item["must_name"].optional?.string {
        #expect(line.contains(text), "\(line)")
      }
      refused += 1
    }
    #expect(refused >= 20)
  }
}
