import CheckedJSON
import Evaluation

/// Two files of detections of the same photographs, whatever made them.
///
///     edgedetr compare float.json int8.json --annotations val.json
struct FileComparison {
  let detections: DetectionComparison
  private let photographs: Int

  /// Whether the operands of a command line are files of detections.
  static func isWanted(_ operands: [String]) -> Bool {
    operands.count == 2 && operands.allSatisfy { $0.lowercased().hasSuffix(".json") }
  }

  /// Reads and compares the operands' files.
  init(_ arguments: Arguments) throws {
    for option in ["images", "simulate", "layers", "isa", "threads"] where arguments.has(option) {
      throw UsageError(
        arguments.command,
        "--\(option) has no meaning between two files of detections"
      )
    }
    let annotations = try CocoAnnotations(path: arguments.required("annotations"))
    let files = try arguments.operands.map { try DetectionFile(path: $0) }
    let known = Set(annotations.images.map(\.id))
    for file in files {
      guard let stray = file.detections.first(where: { !known.contains($0.imageID) }) else {
        continue
      }
      throw InputError(
        path: file.source,
        reason: "image_id \(stray.imageID) is not among the images of \(annotations.source)"
      )
    }
    detections = try DetectionComparison(
      float: files[0].detections,
      integer: files[1].detections,
      images: annotations.images,
      annotations: annotations
    )
    photographs = annotations.images.count
  }

  var text: String {
    "\(photographs) photographs\n\nsecond file against first\n"
      + detections.text(first: "first", second: "second")
  }

  func json(misses: [String]) -> JSON {
    [
      "photographs": JSON(photographs),
      "detections": detections.json,
      "missed": .array(misses.map(JSON.string)),
    ]
  }
}
