import Evaluation

/// `edgedetr detect`: detections of the integer model.
enum DetectCommand: Command {
  static let description = CommandDescription(
    name: "detect",
    summary: "Detect with an int8 model.",
    operands: "M.edetr IMAGE…",
    operandCount: 2...Int.max,
    options: [
      .threshold, .annotate, .masks, .json, .annotations, .inputTensor, .dump, .dumpAll, .threads,
      .isa,
      .releaseWeights,
    ],
    example: "edgedetr detect detr.edetr street.jpg --annotate out"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands(orOption: "input-tensor")
    return try run(arguments.integerDetector(arguments.operands[0]), arguments)
  }

  /// The part that both kinds of models share.
  static func run(_ detector: some DumpingDetector, _ arguments: Arguments) throws -> ExitCode {
    for option in ["dump", "dump-all"] where arguments.has(option) {
      guard arguments.has("input-tensor"), arguments.has("dump") else {
        throw UsageError(arguments.command, "--\(option) goes with --input-tensor and --dump")
      }
    }
    let annotations = try arguments.text("annotations").map { try CocoAnnotations(path: $0) }
    let run = try DetectionRun(detector: detector, arguments: arguments)
    let operands = Array(arguments.operands.dropFirst())
    let outcome: DetectionRun.Outcome
    if let path = arguments.text("input-tensor") {
      guard operands.isEmpty else {
        throw UsageError(arguments.command, "--input-tensor takes the place of images")
      }
      let objects = try detector.detect(InputTensor(path: path), dump: Dump(arguments))
      outcome = DetectionRun.Outcome(found: [(PhotographFile(path: path, imageID: 0), objects)])
    } else {
      let files = try PhotographList.expand(operands)
      outcome = try run.run(annotations?.identify(files) ?? files, label: "detecting")
    }
    run.printLines(outcome)
    if let path = arguments.text("json") {
      let categories = CategoryNumbers(labels: detector.labels, annotations: annotations)
      try DetectionFile.write(categories.detections(outcome), path: path)
    }
    return outcome.exitCode
  }
}
