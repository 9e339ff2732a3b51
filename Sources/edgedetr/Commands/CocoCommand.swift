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
    var report = evaluation.json
    if annotations.hasMasks, file.detections.contains(where: { $0.mask != nil }) {
      let masks = try CocoEvaluation(
        annotations: annotations,
        detections: file.detections,
        source: file.source,
        subject: .masks
      )
      print("masks\n\(masks.text(digits: 4))")
      report = report.with("masks", masks.json)
    }
    if let path = arguments.text("json") {
      try AtomicFile.write(Array(try report.encoded(pretty: true)), to: path)
    }
    return .done
  }
}

extension CocoAnnotations {
  /// Whether any object has its pixels told.
  var hasMasks: Bool { annotations.contains { $0.segmentation != nil } }
}

extension JSON {
  /// The same object with one more member.
  func with(_ key: String, _ value: JSON) -> JSON {
    guard case .object(var object) = self else { return self }
    object[key] = value
    return .object(object)
  }
}
