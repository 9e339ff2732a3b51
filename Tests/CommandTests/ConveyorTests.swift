import Evaluation
import Foundation
import Testing

/// The trained detector of conveyor-belt scenes.
private enum Conveyor {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/conveyor").path
  static let model = "\(folder)/conveyor.edetr"
}

/// The detector that comes with the repository, guarded as users guard theirs: a gate on unseen scenes, a gate that
/// is missed, and results that do not move. The model card beside the detector says how to make its files again.
@Suite(
  "The bundled detector",
  .serialized,
  .enabled(
    if: FileManager.default.fileExists(atPath: Conveyor.model),
    "no trained detector in Tests/Fixtures/conveyor"
  )
)
struct ConveyorTests {
  /// Rendered scenes that neither training nor calibration nor the demo has seen.
  private struct Scenes {
    let scratch: ScratchFolder
    var folder: String { scratch.path("scenes") }
    var images: String { "\(folder)/images" }
    var annotations: String { "\(folder)/annotations.json" }
    var arguments: [String] { ["--images", images, "--annotations", annotations] }

    init(count: Int, seed: Int) throws {
      scratch = try ScratchFolder()
      let run = try EdgedetrProcess(
        ["synth", "scenes", "--count", "\(count)", "--seed", "\(seed)", "-o", folder]
      )
      try #require(run.exitCode == 0, "\(run.errors)")
    }
  }

  /// A hundred scenes for the gates.
  private static let unseen = Result { try Scenes(count: 100, seed: 4) }

  /// What int8 may cost this detector at most.
  private func gate(_ model: String) throws -> EdgedetrProcess {
    try EdgedetrProcess(
      ["compare", Conveyor.folder, model] + Self.unseen.get().arguments
        + ["--max-ap-drop", "0.2", "--min-matched", "0.97", "--min-iou", "0.98"]
    )
  }

  @Test("int8 keeps the detections of a hundred unseen scenes")
  func gatePasses() throws {
    let run = try gate(Conveyor.model)
    #expect(run.exitCode == 0, "\(run.errors)")
    print(run.output)
  }

  @Test("a model with bad scales misses the same gate, each figure by its name")
  func gateFails() throws {
    let scratch = try ScratchFolder()
    let calibration = try Scenes(count: 8, seed: 2)
    let bad = scratch.path("bad.edetr")
    let quantized = try EdgedetrProcess(
      [
        "quantize", Conveyor.folder, "--images", calibration.images, "--percentile", "60", "-o",
        bad,
      ]
    )
    try #require(quantized.exitCode == 0, "\(quantized.errors)")
    let run = try gate(bad)
    #expect(run.exitCode == 1)
    let misses = run.errorLines.filter { $0.hasPrefix("edgedetr: gate missed: ") }
    for figure in ["AP drop", "matched share (T >= 0.3)", "mean IoU"] {
      #expect(misses.contains { $0.contains(figure) }, "\(run.errors)")
    }
  }

  @Test("the float detector reaches what its model card says")
  func averagePrecision() throws {
    let annotations = try CocoAnnotations(path: Self.unseen.get().annotations)
    let evaluation = try CocoEvaluation(
      annotations: annotations,
      detections: detections(of: Conveyor.folder, in: Self.unseen.get())
    )
    #expect(evaluation.metrics[.averagePrecision] >= 0.70)
    #expect(evaluation.metrics[.averagePrecision50] >= 0.92)
  }

  @Test("the integer detections of fixed scenes are these bytes")
  func pinnedIntegers() throws {
    let scenes = try Scenes(count: 8, seed: 6)
    let found = scenes.scratch.path("found.json")
    let run = try EdgedetrProcess(["eval", Conveyor.model] + scenes.arguments + ["--json", found])
    try #require(run.exitCode == 0, "\(run.errors)")
    let pinned = URL(fileURLWithPath: "\(Conveyor.folder)/int8-detections.json")
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: found)) == Data(contentsOf: pinned),
      "integer results moved; where that is meant, make the file again as the model card says"
    )
  }

  @Test("the float detections of fixed scenes are these, within rounding")
  func pinnedFloats() throws {
    let scenes = try Scenes(count: 8, seed: 6)
    let found = try detections(of: Conveyor.folder, in: scenes)
    let pinned = try DetectionFile(path: "\(Conveyor.folder)/float-detections.json").detections
    try #require(found.count == pinned.count)
    let likely = pinned.filter { $0.score > 0.1 }
    try #require(likely.count > 80)
    // Kernels of other instruction sets add in another order.
    for object in likely {
      #expect(found.contains { $0.isNear(object) }, "\(object)")
    }
  }

  private func detections(of checkpoint: String, in scenes: Scenes) throws -> [Detection] {
    let found = scenes.scratch.path("float.json")
    let run = try EdgedetrProcess(["eval", checkpoint] + scenes.arguments + ["--json", found])
    try #require(run.exitCode == 0, "\(run.errors)")
    return try DetectionFile(path: found).detections
  }
}

extension Detection {
  /// Whether the object is the same but for rounding: a thousandth of the score, a tenth of a pixel.
  fileprivate func isNear(_ other: Detection) -> Bool {
    imageID == other.imageID && categoryID == other.categoryID
      && abs(score - other.score) < 1e-3
      && [x - other.x, y - other.y, width - other.width, height - other.height]
        .allSatisfy { abs($0) < 0.1 }
  }
}
