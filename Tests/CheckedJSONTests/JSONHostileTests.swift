import CheckedJSON
import Foundation
import Testing

@Suite struct JSONHostileTests {
  static let sample = #"""
    {"images": [{"id": 1, "file_name": "a\u00e9é\ud83d\ude00.jpg", "width": 640}],
     "annotations": [{"bbox": [0.5, -1e3, 2.25E+2, 4], "iscrowd": 0, "ok": true, "none": null},
     {"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":[[],{}]}], "": false}
    """#

  @Test("a text cut at any byte is refused")
  func truncated() throws {
    let bytes = Array(Self.sample.utf8)
    _ = try JSON.parse(ByteView(bytes), source: "")
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) {
        try JSON.parse(ByteView(bytes.prefix(length)), source: "")
      }
    }
  }

  @Test("skipping finds the same faults as reading")
  func mutated() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("JSONHostileTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let bytes = Array(Self.sample.utf8)
    let alphabet = Array(#"{}[]",:\u0e9+-.tfn d8"#.utf8)
    var accepted = 0
    for _ in 0..<20_000 {
      var text = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: text[index] = alphabet.randomElement(using: &generator)!
        case 2: text.remove(at: index)
        default: text.insert(alphabet.randomElement(using: &generator)!, at: index)
        }
      }
      let read = Result { try JSON.parse(ByteView(text), source: "") }
      let skipped = Result {
        var reader = try JSONReader(ByteView(text), source: "")
        try reader.skipValue()
        try reader.end()
      }
      switch (read, skipped) {
      case (.success(let value), .success):
        accepted += 1
        #expect(try JSON.parse(ByteView(value.encoded()), source: "") == value)
      case (.failure(let one as JSONError), .failure(let other as JSONError)):
        #expect(one == other)
        #expect(!one.description.contains("\n"))
      default: Issue.record("\(read) and \(skipped) for \(String(decoding: text, as: UTF8.self))")
      }
    }
    #expect(accepted > 0)
  }

  @Test("the same values come from the reader as from the tree")
  func streamed() throws {
    var reader = try JSONReader(ByteView(utf8: Self.sample), source: "sample")
    let tree = try JSON.parse(Self.sample)
    var keys: [String] = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      keys.append(key)
      switch key {
      case "images":
        try reader.beginArray()
        var count = 0
        while try reader.nextElement() {
          #expect(try reader.kind() == .object)
          #expect(try reader.value() == tree["images"][count].json)
          count += 1
        }
        #expect(count == 1)
      case "": #expect(try reader.bool() == false)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    #expect(keys == ["images", "annotations", ""])
  }

  @Test("a value of another kind than asked for is refused where it stands")
  func otherKind() throws {
    func expect(
      _ message: String,
      _ text: String,
      _ body: (inout JSONReader) throws -> Void
    ) throws {
      var reader = try JSONReader(ByteView(utf8: text), source: "x")
      let error = #expect(throws: JSONError.self) { try body(&reader) }
      #expect(error?.description == message)
    }
    try expect("x: byte 1: expected an object, found an array", " []") { try $0.beginObject() }
    try expect("x: byte 0: expected an array, found an object", "{}") { try $0.beginArray() }
    try expect("x: byte 0: expected a string, found null", "null") { _ = try $0.string() }
    try expect("x: byte 0: expected a number, found a string", "\"1\"") { _ = try $0.double() }
    try expect("x: byte 0: expected an integer, found true or false", "true") {
      _ = try $0.int()
    }
    try expect("x: byte 0: expected an integer, found 1.5", "1.5") { _ = try $0.int() }
    try expect("x: byte 0: expected true or false, found a number", "1") { _ = try $0.bool() }
    try expect("x: byte 0: expected null, found a number", "1") { try $0.null() }
  }

  @Test("every reference JSON file is read", .enabled(if: SharedFolder.exists, "no ../shared"))
  func references() throws {
    let shared = try #require(SharedFolder.url)
    var read = 0
    for folder in ["golden", "blood-cells"] {
      let root = shared.appending(path: folder)
      for case let file as URL in FileManager.default.enumerator(
        at: root,
        includingPropertiesForKeys: nil
      )!
      where file.pathExtension == "json" && !file.path.contains("/config-truncated/")
        && !file.path.contains("/config-huge-number/")
      {
        let value = try JSON.open(path: file.path).json
        #expect(try JSON.parse(ByteView(value.encoded()), source: "") == value)
        read += 1
      }
    }
    #expect(read > 100)
    for name in ["config-truncated", "config-huge-number"] {
      let path = shared.appending(path: "golden/hostile/\(name)/config.json").path
      #expect(throws: JSONError.self) { try JSON.open(path: path) }
    }
  }
}
