import CheckedJSON
import Foundation
import Testing

@Suite struct JSONWritingTests {
  @Test("a compact text has no spaces and keeps the order")
  func compact() throws {
    let value: JSON = ["b": [1, -2.5, 3.0], "a": ["x": .null], "c": "q\"\\\n\u{1}é"]
    let text = String(decoding: try value.encoded(), as: UTF8.self)
    #expect(text == #"{"b":[1,-2.5,3.0],"a":{"x":null},"c":"q\"\\\n\u0001é"}"#)
    let sorted = String(decoding: try value.encoded(sortedKeys: true), as: UTF8.self)
    #expect(sorted.hasPrefix(#"{"a":{"x":null},"b":["#))
  }

  @Test("a pretty text has one member a line, and numbers of one array on one line")
  func pretty() throws {
    let value: JSON = ["b": [1, 2], "a": [["x": [:]], "y"], "empty": []]
    let text = String(decoding: try value.encoded(pretty: true), as: UTF8.self)
    #expect(
      text == """
        {
          "b": [1, 2],
          "a": [
            {
              "x": {}
            },
            "y"
          ],
          "empty": []
        }

        """
    )
  }

  @Test("what cannot be expressed is named")
  func notFinite() {
    let value: JSON = ["a": [0, .double(.nan)]]
    let error = #expect(throws: JSONError.self) { try value.encoded() }
    #expect(error?.description == "'a[1]': expected a finite number to write, found nan")
  }

  @Test("members can be changed, added and removed by key, few and many")
  func members() {
    var object = JSON.Object()
    for index in 0..<20 { object["key\(index)"] = JSON(index) }
    object["key3"] = nil
    object["key4"] = "four"
    object["absent"] = nil
    #expect(object.count == 19)
    #expect(object["key3"] == nil)
    #expect(object["key4"] == "four")
    #expect(object["key19"] == 19)
    #expect(object.keys.first == "key0")
  }

  @Test("an unfinished file leaves what was there, a finished one takes its place")
  func replacing() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "json-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "out.json").path
    try JSON.integer(1).write(path: path)
    #expect(throws: JSONError.self) { try JSON.double(.infinity).write(path: path) }
    do {
      var file = try ReplacingFile(path: path)
      try file.write([0x32])
    }
    #expect(try JSON.open(path: path).int == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.json"])
    try JSON.integer(2).write(path: path)
    #expect(try JSON.open(path: path).int == 2)
    #expect(throws: FileError.isDirectory(path: folder.path)) {
      _ = try ReplacingFile(path: folder.path)
    }
    #expect(throws: FileError.notFound(path: folder.path + "/no/out.json")) {
      _ = try ReplacingFile(path: folder.path + "/no/out.json")
    }
  }
}
