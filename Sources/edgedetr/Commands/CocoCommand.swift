import CheckedJSON
import Evaluation

/// `edgedetr coco`: the twelve COCO numbers of a file of detections.
enum CocoCommand: Command {
  static let description = CommandDescription(
    name: "coco",
    summary: "Compute the twelve COCO numbers of a file of detections.",
    operands: "A.json DETECTIONS.json",
    operandCount: 2...2,
    options: [.init("json", "FILE", "write the numbers as JSON")],
    example: "edgedetr coco instances_val2017.json detections.json"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let annotations = try CocoAnnotations(path: arguments.operands[0])
    let file = try DetectionFile(path: arguments.operands[1])
    let evaluation = try CocoEvaluation(
      annotations: annotations,
      detections: file.detections,
      source: file.source
    )
    print(evaluation.text(digits: 4))
    if let path = arguments.text("json") {
      try AtomicFile.write(Array(try evaluation.json.encoded(pretty: true)), to: path)
    }
    return .done
  }
}
