import Evaluation
import Foundation
import ModelFile

/// `edgedetr eval`: COCO average precision of a checkpoint or a model on photographs.
enum EvalCommand: Command {
  static let description = CommandDescription(
    name: "eval",
    summary: "Measure COCO average precision on annotated photographs.",
    operands: "CHECKPOINT|M.edetr --images DIR --annotations A.json",
    operandCount: 1...1,
    options: [
      .init("images", "DIR", "folder of the photographs"),
      .init("annotations", "A.json", "COCO annotations; only the images listed are used"),
      .json, .threshold, .annotate, .masks, .threads, .isa,
    ] + CommandDescription.Option.checkpoint,
    example: "edgedetr eval detr.edetr --images val2017 --annotations instances_val2017.json"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let folder = try arguments.required("images")
    let annotations = try CocoAnnotations(path: arguments.required("annotations"))
    let files = try PhotographList.select(folder: folder, annotations: annotations)
    let detector = try arguments.detector(arguments.operands[0])
    var run = try DetectionRun(detector: detector, arguments: arguments)
    run.wantsAllMasks = annotations.hasMasks
    let outcome = try run.run(files, label: "evaluating")
    guard !outcome.found.isEmpty else { return outcome.exitCode }

    let categories = CategoryNumbers(labels: detector.labels, annotations: annotations)
    let detections = categories.detections(outcome)
    print(try CocoEvaluation(annotations: annotations, detections: detections).text(digits: 4))
    if annotations.hasMasks, detections.contains(where: { $0.mask != nil }) {
      let masks = try CocoEvaluation(
        annotations: annotations,
        detections: detections,
        subject: .masks
      )
      print("masks\n\(masks.text(digits: 4))")
    }
    let perPicture = outcome.seconds / Double(outcome.found.count) * 1000
    Diagnostics.note(
      "\(outcome.found.count) photographs, \(perPicture.formatted(digits: 1)) ms each without decoding"
    )
    if let path = arguments.text("json") { try DetectionFile.write(detections, path: path) }
    return outcome.exitCode
  }
}

extension Arguments {
  /// A detector from a model file or a checkpoint, told apart by the first bytes.
  func detector(_ path: String) throws -> any ObjectDetector {
    if MappedModel.isModel(path) {
      for option in CommandDescription.Option.checkpoint where has(option.name) {
        throw UsageError(command, "--\(option.name) is for checkpoints, \(path) is a model")
      }
      return try integerDetector(path)
    }
    return FloatDetector(graph: try loadDetector(path).graph, threads: threads)
  }
}
