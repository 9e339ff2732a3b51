import Foundation

/// `edgedetr detect`: detections of the integer model.
enum DetectCommand: Command {
  static let description = CommandDescription(
    name: "detect", summary: "Detect with an int8 model.",
    operands: "M.edetr IMAGE…", operandCount: 2...Int.max,
    options: [
      .threshold, .annotate, .json, .annotations, .inputTensor, .dump, .dumpAll, .threads,
    ],
    example: "edgedetr detect detr.edetr street.jpg --annotate out")

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands(orOption: "input-tensor")
    let model = try MappedModel(path: arguments.operands[0])
    let detector = try IntegerDetector(model: model, threads: arguments.threads())
    return try run(detector, arguments)
  }

  /// The part that both kinds of models share.
  static func run(
    _ detector: some DumpingDetector, _ arguments: Arguments
  ) throws -> ExitCode {
    if arguments.has("dump-all"), !arguments.has("dump") {
      throw UsageError(arguments.command, "--dump-all goes with --dump")
    }
    let annotations = try arguments.text("annotations").map { try Annotations(path: $0) }
    let run = try DetectionRun(detector: detector, arguments: arguments)
    let operands = Array(arguments.operands.dropFirst())
    let outcome: DetectionRun.Outcome
    if let path = arguments.text("input-tensor") {
      guard operands.isEmpty else {
        throw UsageError(arguments.command, "--input-tensor takes the place of images")
      }
      let tensor = try InputTensor(path: path)
      let objects = try detector.detect(tensor, dump: Dump(arguments))
      outcome = DetectionRun.Outcome(found: [(PhotographFile(path: path, imageID: 0), objects)])
    } else {
      if arguments.has("dump") {
        throw UsageError(arguments.command, "--dump goes with --input-tensor")
      }
      var files = try PhotographList.expand(operands)
      if let annotations { files = annotations.identify(files) }
      outcome = try run.run(files, label: "detecting")
    }
    run.printLines(outcome)
    if let path = arguments.text("json") {
      let categories = CategoryNumbers(labels: detector.labels, annotations: annotations)
      try DetectionFile.write(outcome, categories: categories, to: path)
    }
    return outcome.exitCode
  }
}
