import CheckedJSON
import Foundation
import Testing

@Suite struct JSONLocatedTests {
  let config: JSON.Located

  init() throws {
    let text = #"""
      {"d_model": 256, "heads": 8.0, "name": "detr", "two_stage": true, "dropout": 0.1,
       "backbone_config": {"depths": [3, 4, "six"], "none": null}, "big": 1e30}
      """#
    config = JSON.Located(try JSON.parse(text), source: "config.json")
  }

  @Test("values are had by type")
  func values() throws {
    #expect(try config["d_model"].int == 256)
    #expect(try config["d_model"].double == 256)
    #expect(try config["dropout"].double == 0.1)
    #expect(try config["name"].string == "detr")
    #expect(try config["two_stage"].bool)
    #expect(try config["backbone_config"]["depths"][1].int == 4)
    #expect(try config["backbone_config"].members.map(\.key) == ["depths", "none"])
    #expect(config["backbone_config"]["none"].optional == nil)
    #expect(config["absent"].optional == nil)
    #expect(config["absent"]["deeper"].optional == nil)
    #expect(!config["absent"].exists)
    #expect(config["backbone_config"]["none"].exists)
    #expect(try JSON.parse("[1, 2]").located.ints == [1, 2])
    #expect(try JSON.parse("[1, 2.5]").located.doubles == [1, 2.5])
    #expect(try JSON.parse(#"["a"]"#).located.strings == ["a"])
  }

  @Test("a value of another kind is named with its path")
  func errors() {
    expect("config.json: 'heads': expected an integer, found 8.0") { try config["heads"].int }
    expect("config.json: 'big': expected an integer, found 1e+30") { try config["big"].int }
    expect("config.json: 'd_model': expected a string, found 256") { try config["d_model"].string }
    expect("config.json: 'name': expected a number, found the string \"detr\"") {
      try config["name"].double
    }
    expect("config.json: 'd_model': expected true or false, found 256") {
      try config["d_model"].bool
    }
    expect("config.json: 'absent': expected an integer, found nothing") {
      try config["absent"].int
    }
    expect(
      "config.json: 'backbone_config.depths[2]': expected an integer, found the string \"six\""
    ) { try config["backbone_config"]["depths"].ints }
    expect("config.json: 'backbone_config.depths[3]': expected an integer, found nothing") {
      try config["backbone_config"]["depths"][3].int
    }
    expect("config.json: 'name': expected an object, found the string \"detr\"") {
      try config["name"]["deeper"]["still"].int
    }
    expect("config.json: 'name': expected an array, found the string \"detr\"") {
      try config["name"][0].optional?.int
    }
    expect("config.json: 'name': expected an array, found the string \"detr\"") {
      try config["name"].elements
    }
    expect("config.json: 'name': expected an object, found the string \"detr\"") {
      try config["name"].members
    }
    expect("config.json: 'd_model': expected a positive multiple of 8, found 256") {
      throw config["d_model"].notAllowed(expected: "a positive multiple of 8")
    }
    expect("'a': expected an integer, found null") { try JSON.parse(#"{"a":null}"#)["a"].int }
  }

  @Test("files that are none are refused in one line")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "json-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let missing = folder.appending(path: "missing.json").path
    expect("\(missing): there is no such file") { try JSON.open(path: missing) }
    expect("\(folder.path): expected a file, found a folder") { try JSON.open(path: folder.path) }
    let pipe = folder.appending(path: "pipe.json").path
    mkfifo(pipe, 0o600)
    expect("\(pipe): expected a file, found a pipe or device") { try JSON.open(path: pipe) }
    let empty = folder.appending(path: "empty.json")
    try Data().write(to: empty)
    expect("empty.json: byte 0: expected a value, found the end of the text") {
      try JSON.open(path: empty.path)
    }
  }

  private func expect(
    _ message: String,
    location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Any?
  ) {
    let error = #expect(throws: JSONError.self, sourceLocation: location) { _ = try body() }
    #expect(error?.description == message, sourceLocation: location)
  }
}
