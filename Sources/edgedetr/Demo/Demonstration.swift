import Architectures
import Evaluation
import FloatGraph
import Foundation
import ModelFile

/// What a user does with a detector, once from end to end, by the parts of the commands.
struct Demonstration {
  let checkpoint: String
  let folder: String
  let calibrationCount: Int
  let sceneCount: Int
  let threads: Int

  /// Neither is among the seeds that the bundled detector was trained on.
  static let calibrationSeed = 2
  static let sceneSeed = 3

  /// How many annotated pictures are written.
  private static let pictureCount = 12

  struct Outcome {
    let demonstration: Demonstration
    let detector: LoadedDetector
    let sourceBytes: Int
    let model: MappedModel
    let comparison: DetectionComparison
    /// Milliseconds a scene on all threads.
    let floatMilliseconds: Double
    let integerMilliseconds: Double
    /// On one thread, at the size of the scenes in the network.
    let speed: SpeedMeasurement
    let seconds: Double

    var text: String { DemonstrationText(self).text }
  }

  var calibrationFolder: String { path("calibration") }
  var sceneFolder: String { path("scenes") }
  var modelPath: String { path("conveyor.edetr") }
  var pagePath: String { path("report.html") }
  var annotatedFolder: String { path("annotated") }

  private func path(_ name: String) -> String {
    (folder as NSString).appendingPathComponent(name)
  }

  func run() throws -> Outcome {
    let start = ContinuousClock.now
    let detector = try LoadedDetector(path: checkpoint, options: DetectorOptions())
    try render(calibrationCount, seed: Self.calibrationSeed, to: calibrationFolder)
    try render(sceneCount, seed: Self.sceneSeed, to: sceneFolder)
    let executor = FloatExecutor(graph: detector.graph, threads: threads)
    try quantize(detector, executor)
    let model = try MappedModel(path: modelPath)
    let outcome = try compare(executor, model)
    let network = try model.model.information.sizeRule.pictureSize(
      photographHeight: 480,
      photographWidth: 640
    )
    let speed = try SpeedMeasurement(
      model,
      height: network.height,
      width: network.width,
      threads: 1,
      table: .best,
      runs: 15,
      releasesWeights: false
    )
    let annotations = try CocoAnnotations(path: "\(sceneFolder)/annotations.json")
    let categories = CategoryNumbers(labels: detector.graph.labels, annotations: annotations)
    return Outcome(
      demonstration: self,
      detector: detector,
      sourceBytes: try CheckpointFiles(checkpoint).byteCount,
      model: model,
      comparison: try DetectionComparison(
        float: categories.detections(outcome.float),
        integer: categories.detections(outcome.integer),
        images: outcome.images,
        annotations: annotations
      ),
      floatMilliseconds: outcome.float.seconds / Double(outcome.images.count) * 1000,
      integerMilliseconds: outcome.integer.seconds / Double(outcome.images.count) * 1000,
      speed: speed,
      seconds: (ContinuousClock.now - start).seconds
    )
  }

  private func render(_ count: Int, seed: Int, to folder: String) throws {
    let set = SceneSet(seed: UInt64(seed), size: (height: 480, width: 640))
    let parts = try set.write(count: count, to: folder, threads: threads)
    Diagnostics.note("\(folder): \(count) scenes, \(parts) parts")
  }

  private func quantize(_ detector: LoadedDetector, _ executor: FloatExecutor) throws {
    var run = QuantizationRun(
      detector: detector,
      checkpoint: checkpoint,
      executor: executor,
      files: try PhotographList.expand(["\(calibrationFolder)/images"]),
      threads: threads
    )
    run.page = pagePath
    _ = try run.run(to: modelPath)
  }

  /// Both models on the scenes; the first pictures are drawn.
  private func compare(
    _ executor: FloatExecutor,
    _ model: MappedModel
  ) throws -> PairedRun.Outcome {
    let integer = IntegerDetector(model: model, threads: threads)
    let run = try PairedRun(
      float: FloatDetector(executor: executor),
      integer: integer,
      simulates: false
    )
    let annotator = try Annotator(folder: annotatedFolder, threshold: 0.4)
    let files = try PhotographList.select(
      folder: "\(sceneFolder)/images",
      annotations: CocoAnnotations(path: "\(sceneFolder)/annotations.json")
    )
    let outcome = try run.run(files) { place, photograph, objects in
      guard place < Self.pictureCount else { return }
      try annotator.write(photograph, objects: objects, detector: integer)
    }
    guard outcome.images.count == files.count else {
      throw InputError(path: sceneFolder, reason: "not every scene could be read")
    }
    return outcome
  }
}
