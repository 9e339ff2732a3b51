import Foundation

/// `edgedetr float`: detections of the float model.
enum FloatCommand: Command {
  static let description = CommandDescription(
    name: "float",
    summary: "Detect with the float model of a checkpoint.",
    operands: "CHECKPOINT IMAGE…",
    operandCount: 2...Int.max,
    options: [
      .threshold, .annotate, .masks, .json, .annotations, .inputTensor, .dump, .dumpAll, .threads,
    ] + CommandDescription.Option.checkpoint,
    example: "edgedetr float ./detr street.jpg --annotate out"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands(orOption: "input-tensor")
    let loaded = try arguments.loadDetector(arguments.operands[0])
    let detector = FloatDetector(graph: loaded.graph, threads: arguments.threads)
    return try DetectCommand.run(detector, arguments)
  }
}
