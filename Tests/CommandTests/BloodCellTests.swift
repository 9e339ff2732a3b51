import Evaluation
import Foundation
import Testing

/// The whole way on real photographs: float, quantize, the integer model, what int8 cost.
@Suite(
  "Blood cells through the command line",
  .serialized,
  .enabled(if: Shared.exists, "no ../shared")
)
struct BloodCellTests {
  static let folder = Shared.path("blood-cells")
  static let images = "\(folder)/images"
  static let validation = "\(folder)/val.json"

  /// One model for all tests of this suite.
  private static let quantized: Result<(ScratchFolder, String), any Error> = Result {
    let scratch = try ScratchFolder()
    let path = scratch.path("blood.edetr")
    let run = try EdgedetrProcess(
      "quantize",
      "\(folder)/hf",
      "--images",
      images,
      "--annotations",
      "\(folder)/calibration.json",
      "-o",
      path
    )
    try #require(run.exitCode == 0, "\(run.errors)")
    return (scratch, path)
  }

  private func evaluate(_ model: String) throws -> [Detection] {
    let scratch = try ScratchFolder()
    let json = scratch.path("found.json")
    let run = try EdgedetrProcess(
      "eval",
      model,
      "--images",
      Self.images,
      "--annotations",
      Self.validation,
      "--json",
      json
    )
    try #require(run.exitCode == 0, "\(run.errors)")
    return try DetectionFile(path: json).detections
  }

  @Test("float reaches the reference's AP within 0.1 of 100")
  func float() throws {
    let annotations = try CocoAnnotations(path: Self.validation)
    let reference = try DetectionFile(path: "\(Self.folder)/float_val_detections.json").detections
    let found = try evaluate("\(Self.folder)/hf")
    #expect(found.count == reference.count)
    let comparison = try Comparison(annotations: annotations, float: reference, integer: found)
    let drop = try #require(comparison.averagePrecisionDrop)
    #expect(abs(drop) <= 0.001)
  }

  @Test("integers keep AP, scores, boxes and detections of the float model")
  func integers() throws {
    let annotations = try CocoAnnotations(path: Self.validation)
    let reference = try DetectionFile(path: "\(Self.folder)/float_val_detections.json").detections
    let found = try evaluate(Self.quantized.get().1)
    let comparison = try Comparison(annotations: annotations, float: reference, integer: found)
    let agreement = comparison.agreement
    #expect(try #require(comparison.averagePrecisionDrop) <= 0.005)
    #expect(try #require(agreement.all.scoreDifference) <= 0.005)
    #expect(try #require(agreement.all.meanOverlap) >= 0.993)
    #expect(try #require(agreement.aboveThreshold.matchedShare) >= 0.98)
  }

  @Test("the same bytes of detections for 1, 2, 3 and 7 threads and over two runs")
  func threads() throws {
    let model = try Self.quantized.get().1
    let scratch = try ScratchFolder()
    let names = ["BloodImage_00004.jpg", "BloodImage_00007.jpg", "BloodImage_00015.jpg"]
    let photographs = names.map { "\(Self.images)/\($0)" }
    var files: Set<Data> = []
    for (run, threads) in [1, 2, 3, 7, 2].enumerated() {
      let json = scratch.path("\(run).json")
      let run = try EdgedetrProcess(
        ["detect", model] + photographs + ["--threads", "\(threads)", "--json", json]
      )
      try #require(run.exitCode == 0, "\(run.errors)")
      files.insert(try Data(contentsOf: URL(fileURLWithPath: json)))
    }
    #expect(files.count == 1)
  }

  @Test("the same model file for 1 and 3 threads of calibration")
  func quantizeThreads() throws {
    let scratch = try ScratchFolder()
    var files: Set<Data> = []
    for threads in [1, 3] {
      let path = scratch.path("\(threads).edetr")
      let run = try EdgedetrProcess(
        "quantize",
        "\(Self.folder)/hf",
        "--images",
        Self.images,
        "--annotations",
        "\(Self.folder)/calibration.json",
        "--limit",
        "4",
        "--threads",
        "\(threads)",
        "-o",
        path
      )
      try #require(run.exitCode == 0, "\(run.errors)")
      files.insert(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    #expect(files.count == 1)
  }

  @Test("an unreadable photograph among good ones is named, the others are done, exit code 1")
  func unreadablePhotograph() throws {
    let scratch = try ScratchFolder()
    let broken = try scratch.write("broken.jpg", [0xFF, 0xD8, 0xFF, 0x00, 0x01])
    let good = "\(Self.images)/BloodImage_00004.jpg"
    let json = scratch.path("found.json")
    let model = try Self.quantized.get().1
    let run = try EdgedetrProcess("detect", model, broken, good, "--json", json)
    #expect(run.exitCode == 1)
    #expect(run.errorLines.filter { $0.contains("broken.jpg") }.count == 1)
    #expect(run.output.contains("BloodImage_00004.jpg  WBC  "))
    #expect(try DetectionFile(path: json).detections.count == 100)
    let alone = try EdgedetrProcess("detect", model, broken)
    #expect(alone.exitCode == 3)
  }

  @Test("annotated pictures are written, and inspect shows the plan of the memory")
  func annotateAndInspect() throws {
    let scratch = try ScratchFolder()
    let model = try Self.quantized.get().1
    let run = try EdgedetrProcess(
      "detect",
      model,
      "\(Self.images)/BloodImage_00004.jpg",
      "--annotate",
      scratch.path("out")
    )
    #expect(run.exitCode == 0)
    #expect(
      FileManager.default.fileExists(atPath: scratch.path("out/BloodImage_00004.png"))
    )
    let inspection = try EdgedetrProcess("inspect", model, "--size", "240x320")
    #expect(inspection.exitCode == 0)
    #expect(inspection.output.contains("classes: 3 (RBC, WBC, Platelets)"))
    #expect(inspection.output.contains("arena for 240x320"))
  }
}
