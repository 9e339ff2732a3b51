import CheckedJSON
import Evaluation
import Foundation
import Testing

@Suite(
  "Statistics and islands through the command line",
  .serialized,
  .enabled(if: Shared.exists, "no ../shared")
)
struct QuantizeTests {
  private static let folder = Shared.path("blood-cells")

  /// Quantizes on the first calibration photographs.
  private func quantize(
    _ photographs: Int,
    to path: String,
    _ options: [String]
  ) throws -> EdgedetrProcess {
    try EdgedetrProcess(
      [
        "quantize", "\(Self.folder)/hf", "--images", "\(Self.folder)/images", "--annotations",
        "\(Self.folder)/calibration.json", "--limit", "\(photographs)", "-o", path,
      ] + options
    )
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  @Test("statistics are written once, and reused give the same model; others are refused by name")
  func statistics() throws {
    let scratch = try ScratchFolder()
    let file = scratch.path("cells.statistics")
    let first = try quantize(3, to: scratch.path("a"), ["--statistics", file])
    #expect(first.exitCode == 0, "\(first.errors)")
    #expect(first.errors.contains("calibrating"))
    let written = try bytes(file)
    let second = try quantize(3, to: scratch.path("b"), ["--statistics", file])
    #expect(second.exitCode == 0, "\(second.errors)")
    #expect(second.errors.contains("statistics of 3 photographs reused"))
    #expect(!second.errors.contains("calibrating"))
    #expect(try bytes(scratch.path("a")) == bytes(scratch.path("b")))
    #expect(try bytes(file) == written)

    let others = try quantize(2, to: scratch.path("c"), ["--statistics", file])
    #expect(others.exitCode == 3)
    #expect(others.errorLines.last?.contains("these statistics are of another photographs") == true)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("c")))
    try scratch.write("damaged", Array(written.dropLast(5)))
    let damaged = try quantize(3, to: scratch.path("c"), ["--statistics", scratch.path("damaged")])
    #expect(damaged.exitCode == 3)
    #expect(damaged.errorLines.last?.contains("damaged") == true)
  }

  @Test(
    "islands for a score difference: no more than needed, printed with their cost; a miss is exit code 1"
  )
  func islands() throws {
    let scratch = try ScratchFolder()
    let file = scratch.path("cells.statistics")
    let limits = ["1", "0.003", "0"]
    let runs = try limits.map {
      try quantize(3, to: scratch.path($0), ["--statistics", file, "--max-score-shift", $0])
    }
    #expect(runs.map(\.exitCode) == [0, 0, 1], "\(runs.map(\.errors))")
    #expect(runs[0].output.contains("int16 islands: 0 of "))
    let line = try #require(
      runs[1].output.split(separator: "\n").first { $0.contains("score difference to float") }
    )
    let reached = try #require(line.split(separator: " ").last.flatMap { Double($0) })
    #expect(reached <= 0.003)
    #expect(runs[1].output.contains(" multiply-adds at 240x320"))
    #expect(runs[2].errorLines.last?.contains("expected at most 0.0 (--max-score-shift)") == true)
    // The same again, for another number of threads.
    let again = try quantize(
      3,
      to: scratch.path("again"),
      ["--statistics", file, "--max-score-shift", "0.003", "--threads", "3"]
    )
    #expect(again.output == runs[1].output)
    #expect(try bytes(scratch.path("again")) == bytes(scratch.path("0.003")))
  }

  /// As the README of the data set prints them.
  static let peers: [(file: String, figures: [(name: String, figure: String)])] = [
    (
      "onnxruntime_minmax_default",
      [
        ("AP second", "53.81"), ("AP drop", "3.12"), ("matched share", "0.9946"),
        ("score difference", "0.0696"), ("mean IoU", "0.9294"),
        ("matched share (T >= 0.3)", "0.9222"), ("score difference (F >= 0.6)", "0.0961"),
        ("mean IoU (F >= 0.6)", "0.9461"), ("extra share", "0.0028"),
      ]
    ),
    (
      "openvino_transformer",
      [
        ("AP second", "56.23"), ("AP drop", "0.70"), ("matched share", "0.9991"),
        ("score difference", "0.0360"), ("mean IoU", "0.9758"),
        ("matched share (T >= 0.3)", "0.8725"), ("score difference (F >= 0.6)", "0.0327"),
        ("mean IoU (F >= 0.6)", "0.9846"), ("extra share", "0.0005"),
      ]
    ),
  ]

  @Test("compare prints the figures of existing deployments from their files", arguments: peers)
  func files(file: String, figures: [(name: String, figure: String)]) throws {
    let run = try EdgedetrProcess(
      "compare",
      "\(Self.folder)/float_val_detections.json",
      "\(Self.folder)/peers/\(file)_val_detections.json",
      "--annotations",
      "\(Self.folder)/val.json",
      "--max-ap-drop",
      "0.5"
    )
    let lines = run.output.split(separator: "\n")
    for (name, figure) in figures {
      let padded = name.padding(toLength: 28, withPad: " ", startingAt: 0)
      let aligned = String(repeating: " ", count: 8 - figure.count) + figure
      #expect(lines.contains { $0.hasPrefix("\(padded)\(aligned) ") }, "\(name) \(figure)")
    }
    #expect(run.exitCode == 1)
    #expect(run.errorLines.last?.contains("gate missed: AP drop is") == true)
  }

  @Test("files without annotations, and with options that need photographs, are wrong usage")
  func fileUsage() throws {
    let float = "\(Self.folder)/float_val_detections.json"
    let bare = try EdgedetrProcess("compare", float, float)
    #expect(bare.exitCode == 2)
    #expect(bare.errors.contains("--annotations is missing"))
    let annotations = "\(Self.folder)/val.json"
    let mixed = try EdgedetrProcess(
      "compare",
      float,
      float,
      "--annotations",
      annotations,
      "--images",
      Self.folder
    )
    #expect(mixed.exitCode == 2)
    let stray = try EdgedetrProcess(
      "compare",
      float,
      float,
      "--annotations",
      "\(Self.folder)/calibration.json"
    )
    #expect(stray.exitCode == 3)
    #expect(stray.errors.contains("is not among the images of"))
  }
}
