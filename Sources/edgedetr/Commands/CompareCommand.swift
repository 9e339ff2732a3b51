import CheckedJSON
import Evaluation

/// `edgedetr compare`: what an integer model lost against its checkpoint; a gate where limits are given.
enum CompareCommand: Command {
  static let description = CommandDescription(
    name: "compare",
    summary:
      "Compare a model with its checkpoint on photographs; exit code 1 when a limit is missed.",
    operands: "CHECKPOINT M.edetr --images DIR",
    operandCount: 2...2,
    options: [
      .init("images", "DIR", "the photographs: a folder, or one picture"),
      .init("annotations", "A.json", "COCO annotations: AP too, and only the images listed"),
    ] + ComparisonGate.options + [
      .init(
        "layers",
        "N",
        "how many of the worst layers to print, default 10",
        .integer(0...100_000)
      ),
      .init("simulate", nil, "tell the error of the scales from that of integer arithmetic (slow)"),
      .init("json", "FILE", "write the report as JSON, every layer in it"),
      .threads, .isa,
    ] + CommandDescription.Option.checkpoint,
    example:
      "edgedetr compare ./detr detr.edetr --images val --annotations val.json --max-ap-drop 1",
    notes: ["Two files of detections: edgedetr compare FLOAT.json INT8.json --annotations A.json"]
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    if FileComparison.isWanted(arguments.operands) {
      let gate = try ComparisonGate(arguments)
      let comparison = try FileComparison(arguments)
      print(comparison.text)
      let misses = gate.misses(comparison.detections)
      try finish(arguments, misses, report: comparison.json(misses: misses))
      return misses.isEmpty ? .done : .partial
    }
    let folder = try arguments.required("images")
    let gate = try ComparisonGate(arguments)
    let annotations = try arguments.text("annotations").map { try CocoAnnotations(path: $0) }
    let files = try PhotographList.select(folder: folder, annotations: annotations)
    let threads = arguments.threads
    let loaded = try arguments.loadDetector(arguments.operands[0])
    let run = try PairedRun(
      float: FloatDetector(graph: loaded.graph, threads: threads),
      integer: arguments.integerDetector(arguments.operands[1]),
      simulates: arguments.has("simulate")
    )
    var layers = LayerComparison(run, simulates: arguments.has("simulate"))
    let outcome = try run.run(files) { place, photograph, _ in
      if place < LayerComparison.photographLimit { try layers.add(photograph) }
    }
    guard !outcome.images.isEmpty else { return outcome.exitCode }

    let report = try ComparisonReport(
      outcome,
      categories: CategoryNumbers(labels: run.float.labels, annotations: annotations),
      annotations: annotations,
      layers: layers,
      threads: threads
    )
    print(report.text(layerLimit: arguments.integer("layers") ?? 10))
    let misses = gate.misses(report.detections)
    try finish(arguments, misses, report: report.json(misses: misses))
    return misses.isEmpty ? outcome.exitCode : .partial
  }

  /// Writes the report where it is wanted and says what was missed.
  private static func finish(_ arguments: Arguments, _ misses: [String], report: JSON) throws {
    if let path = arguments.text("json") {
      try AtomicFile.write(Array(try report.encoded(pretty: true)), to: path)
    }
    for miss in misses { Diagnostics.error(miss) }
  }
}
