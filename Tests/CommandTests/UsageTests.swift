import Foundation
import Testing

@Suite("Usage and errors of the command line")
struct UsageTests {
  static let commands = [
    "inspect", "float", "quantize", "detect", "eval", "compare", "coco", "info", "bench",
  ]

  @Test("the help of every command fits a screen and shows an example", arguments: commands)
  func help(command: String) throws {
    let run = try EdgedetrProcess(command, "--help")
    #expect(run.exitCode == 0)
    #expect(run.output.contains("example: edgedetr \(command) "))
    #expect(run.output.split(separator: "\n").count <= 24)
    #expect(run.errors.isEmpty)
  }

  @Test("the overview names every command")
  func overview() throws {
    let run = try EdgedetrProcess("--help")
    #expect(run.exitCode == 0)
    for command in Self.commands { #expect(run.output.contains("  \(command) ")) }
  }

  @Test(
    "wrong usage ends with exit code 2 and one line",
    arguments: [
      ["fly"], ["coco", "only-one.json"], ["float", "a", "b", "--nonsense"],
      ["detect", "m.edetr", "a.jpg", "--threads", "none"],
      ["detect", "m.edetr", "a.jpg", "--threads"], ["quantize", "checkpoint", "--images", "x"],
      ["inspect", "m.edetr", "--size", "800"], ["eval", "m.edetr", "--images", "x"],
      ["detect", "m.edetr", "a.jpg", "--threshold", "2"],
      ["detect", "m.edetr", "a.jpg", "--threads", "1", "--threads", "2"],
      ["compare", "checkpoint", "--images", "x"],
      ["float", "checkpoint", "a.jpg", "--size", "240"],
      ["float", "checkpoint", "a.jpg", "--size", "240x320", "--shortest-edge", "240"],
      ["float", "checkpoint", "a.jpg", "--shortest-edge", "640", "--longest-edge", "480"],
      ["float", "checkpoint", "a.jpg", "--longest-edge", "0"],
      ["compare", "checkpoint", "m.edetr", "--images", "x", "--max-ap-drop", "1"],
      ["compare", "checkpoint", "m.edetr", "--images", "x", "--min-iou", "2"],
    ]
  )
  func wrongUsage(arguments: [String]) throws {
    let run = try EdgedetrProcess(arguments)
    #expect(run.exitCode == 2)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.hasPrefix("edgedetr: "))
    #expect(run.output.isEmpty)
  }

  @Test(
    "a path that does not exist is named in one line with exit code 3",
    arguments: [
      ["float", "/nowhere/checkpoint", "a.jpg"], ["inspect", "/nowhere/checkpoint"],
      ["detect", "/nowhere/checkpoint", "a.jpg"],
      ["coco", "/nowhere/checkpoint", "/nowhere/detections.json"],
      ["eval", "/nowhere/model", "--images", ".", "--annotations", "/nowhere/checkpoint"],
    ]
  )
  func missingFile(arguments: [String]) throws {
    let run = try EdgedetrProcess(arguments)
    #expect(run.exitCode == 3)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("checkpoint"))
  }

  @Test("a folder in place of a model, and a model that is none, are refused in one line")
  func notAModel() throws {
    let scratch = try ScratchFolder()
    let folder = try EdgedetrProcess("detect", scratch.url.path, "a.jpg")
    #expect(folder.exitCode == 3)
    #expect(folder.errorLines.count == 1)
    let text = try scratch.write(
      "model.edetr",
      Array("not a model, but longer than its header".utf8)
    )
    let file = try EdgedetrProcess("detect", text, "a.jpg")
    #expect(file.exitCode == 3)
    #expect(file.errorLines.count == 1)
    #expect(file.errors.contains("model.edetr"))
  }

  @Test("coco prints the twelve numbers and writes them as JSON")
  func coco() throws {
    let scratch = try ScratchFolder()
    let annotations = try scratch.write(
      "truth.json",
      Array(
        """
        {"images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 100}],
         "categories": [{"id": 1, "name": "thing"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40],
                          "area": 1600, "iscrowd": 0}]}
        """.utf8
      )
    )
    let detections = try scratch.write(
      "found.json",
      Array(#"[{"image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 30], "score": 0.9}]"#.utf8)
    )
    let json = scratch.path("numbers.json")
    let run = try EdgedetrProcess("coco", annotations, detections, "--json", json)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.split(separator: "\n").count == 12)
    // An overlap of 0.75 counts at six of the ten thresholds.
    #expect(run.output.contains("maxDets=100 ] = 0.6000"))
    #expect(FileManager.default.fileExists(atPath: json))
  }
}
