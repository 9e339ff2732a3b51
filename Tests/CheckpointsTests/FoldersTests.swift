import Checkpoints
import Foundation
import Testing

@Suite struct FoldersTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (number, name) in ["a", "b"].enumerated() {
      var writer = SafetensorsWriter()
      writer.add(name, shape: [1], floats: [Float(number)])
      try writer.write(path: folder.path("\(name).safetensors"))
    }
  }

  private func index(_ map: String) throws {
    try folder.write(
      Array(#"{"metadata": {"total_size": 8}, "weight_map": {\#(map)}}"#.utf8),
      to: "model.safetensors.index.json"
    )
  }

  private func expect(_ message: String, location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: CheckpointError.self, sourceLocation: location) {
      try TensorMap.open(path: folder.url.path)
    }
    #expect(error?.description == message, sourceLocation: location)
  }

  @Test("an index puts the tensors of its files together")
  func indexed() throws {
    try index(#""b": "b.safetensors", "a": "a.safetensors""#)
    let map = try TensorMap.open(path: folder.url.path)
    #expect(map.names == ["b", "a"])
    #expect(map.files == ["b.safetensors", "a.safetensors"])
    #expect(map["b"]?.floats() == [1])
  }

  @Test("what an index promises must be in its folder")
  func broken() throws {
    let name = "model.safetensors.index.json"
    try index(#""a": "a.safetensors", "c": "c.safetensors""#)
    expect("\(name): expected the file 'c.safetensors' beside it, found nothing")
    for outside in ["../a.safetensors", "/etc/passwd", "..", "", "sub/a.safetensors"] {
      try index(#""a": "\#(outside)""#)
      expect("\(name): expected names of files in its folder, found '\(outside)'")
    }
    try index(#""a": "b.safetensors""#)
    expect("\(name): tensor 'a': expected in b.safetensors, found nothing there")
    try index(#""a": 3"#)
    expect("\(name): 'weight_map.a': expected a string, found 3")
    try folder.write(Array("{}".utf8), to: name)
    expect("\(name): 'weight_map': expected an object, found nothing")
    try folder.write(Array("{".utf8), to: name)
    expect("\(name): byte 1: expected a key or '}', found the end of the text")
  }

  @Test("a folder without a checkpoint says what it has")
  func empty() throws {
    let start = """
      \(folder.url.path): expected model.safetensors, pytorch_model.bin, one of them with \
      .index.json, or a single .safetensors, .pth, .pt or .bin file, found\u{20}
      """
    expect(start + "a.safetensors, b.safetensors: name the file itself")
    for name in 0..<5 { try folder.write([0], to: "c\(name).pt") }
    expect(
      start + "a.safetensors, b.safetensors, c0.pt, c1.pt, c2.pt and 2 more: name the file itself"
    )
    for name in 0..<5 { unlink(folder.path("c\(name).pt")) }
    for name in ["a", "b"] { unlink(folder.path("\(name).safetensors")) }
    expect(start + "none")
  }

  @Test("a folder's only file of tensors is its checkpoint, whatever its name")
  func single() throws {
    unlink(folder.path("a.safetensors"))
    try folder.write(Array("notes".utf8), to: "README.txt")
    #expect(try TensorMap.open(path: folder.url.path).names == ["b"])
    unlink(folder.path("b.safetensors"))
    try folder.write(Fixtures.bytes("legacy.pth"), to: "checkpoint0049.pth")
    #expect(try TensorMap.open(path: folder.url.path).files == ["checkpoint0049.pth"])
    // The usual name comes first, whatever stands beside it.
    var writer = SafetensorsWriter()
    writer.add("usual", shape: [1], floats: [1])
    try writer.write(path: folder.path("model.safetensors"))
    #expect(try TensorMap.open(path: folder.url.path).names == ["usual"])
  }

  @Test("what is no checkpoint at all is named")
  func others() throws {
    func expect(
      _ message: String,
      _ path: String,
      location: SourceLocation = #_sourceLocation
    ) {
      let error = #expect(throws: CheckpointError.self, sourceLocation: location) {
        try TensorMap.open(path: path)
      }
      #expect(error?.description == message, sourceLocation: location)
    }
    let missing = folder.path("missing.safetensors")
    expect("\(missing): there is no such file", missing)
    let pointer = try folder.write(
      Array("version https://git-lfs.github.com/spec/v1\noid".utf8),
      to: "p.safetensors"
    )
    expect(
      "p.safetensors: expected a checkpoint, found a Git LFS pointer to one: fetch it with 'git lfs pull'",
      pointer
    )
  }
}
