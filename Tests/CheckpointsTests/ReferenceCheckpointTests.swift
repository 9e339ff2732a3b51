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
      let start = threadTime()
      let error = #expect(throws: CheckpointError.self, "\(name)") {
        try TensorMap.open(path: path)
      }
      #expect(threadTime() - start < .seconds(1), "\(name)")
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

@Suite(.enabled(if: SharedFolder.exists, "no ../shared"))
struct ReferencePyTorchTests {
  let shared: URL

  init() throws { shared = try #require(SharedFolder.url) }

  @Test("every reference PyTorch file opens, with finite numbers")
  func golden() throws {
    let golden = shared.appending(path: "golden")
    var opened = 0
    for folder in try FileManager.default.contentsOfDirectory(
      at: golden,
      includingPropertiesForKeys: nil
    )
    where folder.hasDirectoryPath && folder.lastPathComponent != "hostile" {
      for name in ["checkpoint.pth", "pytorch_model.bin"] {
        let path = folder.appending(path: name).path
        guard FileManager.default.fileExists(atPath: path) else { continue }
        let map = try TensorMap.open(path: path)
        #expect(map.count > 100)
        #expect(map.allSatisfy { $0.firstNonFinite() == nil })
        // The file is hardly more than its storages.
        let size = try #require(
          try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        )
        let held = map.reduce(0) { $0 + $1.byteCount }
        #expect(held > size / 2, "\(folder.lastPathComponent)")
        opened += 1
      }
    }
    #expect(opened >= 13)
  }

  @Test("the options that an official checkpoint carries are those that its case states")
  func arguments() throws {
    let folder = shared.appending(path: "golden/deformable-official")
    let map = try TensorMap.open(path: folder.appending(path: "checkpoint.pth").path)
    let levels = try #require(map.arguments["num_feature_levels"]?.int)
    let width = try #require(map.arguments["hidden_dim"]?.int)
    let queries = try #require(map.arguments["num_queries"]?.int)
    #expect(map["transformer.level_embed"]?.shape == [levels, width])
    #expect(map["query_embed.weight"]?.shape == [queries, 2 * width])
  }

  @Test("the blood cells' official checkpoint holds the numbers of the Hugging Face one")
  func bloodCells() throws {
    let official = try TensorMap.open(
      path: shared.appending(path: "blood-cells/official/checkpoint.pth").path
    )
    let huggingFace = try TensorMap.open(path: shared.appending(path: "blood-cells/hf").path)
    var known: [[Float]: Int] = [:]
    for tensor in huggingFace { known[tensor.floats(), default: 0] += 1 }
    var found = 0
    for tensor in official {
      let floats = tensor.floats()
      if tensor.name.contains("in_proj") {
        // Queries, keys and values in one.
        let third = floats.count / 3
        for part in 0..<3 {
          #expect(known[Array(floats[part * third..<(part + 1) * third])] != nil, "\(tensor.name)")
        }
      } else {
        #expect(known[floats] != nil, "\(tensor.name)")
      }
      found += 1
    }
    #expect(found == official.count)
    #expect(official.count > 200)
  }

  @Test("each hostile PyTorch file does what its manifest says, within a second")
  func hostile() throws {
    let hostile = shared.appending(path: "golden/hostile")
    let manifest = try JSON.open(path: hostile.appending(path: "manifest.json").path)
    var tried = 0
    for item in try manifest["files"].elements where try item["kind"].string == "checkpoint" {
      let name = try item["path"].string
      let path = hostile.appending(path: name).path
      let start = threadTime()
      let result = Result { try TensorMap.open(path: path) }
      #expect(threadTime() - start < .seconds(1), "\(name)")
      tried += 1
      switch (try item["expect"].string, result) {
      case ("either", .success), ("ok", .success): break
      case ("refuse", .success(let map)):
        // The one fault that only the numbers show.
        let broken = try #require(map.first { $0.firstNonFinite() != nil }, "\(name) was read")
        #expect(broken.name.contains(try item["must_name"].string))
      case ("refuse", .failure(let error as CheckpointError)),
        ("either", .failure(let error as CheckpointError)):
        #expect(!error.description.contains("\n"))
        if let text = try item["must_name"].optional?.string {
          #expect(error.description.contains(text), "\(error)")
        }
      default: Issue.record("\(name): \(result)")
      }
    }
    #expect(tried >= 19)
    #expect(!FileManager.default.fileExists(atPath: "pickle-was-run.txt"))
  }
}
