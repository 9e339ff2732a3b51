import CheckedJSON
import Evaluation
import Foundation

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
      .init("json", "FILE", "write the report as JSON, every layer in it"),
      .threads,
    ] + CommandDescription.Option.checkpoint,
    example:
      "edgedetr compare ./detr detr.edetr --images val --annotations val.json --max-ap-drop 1"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let folder = try arguments.required("images")
    let gate = try ComparisonGate(arguments)
    let annotations = try arguments.text("annotations").map { try CocoAnnotations(path: $0) }
    let files = try PhotographList.select(folder: folder, annotations: annotations)
    let threads = arguments.threads
    let loaded = try arguments.loadDetector(arguments.operands[0])
    let run = try PairedRun(
      float: FloatDetector(graph: loaded.graph, threads: threads),
      integer: IntegerDetector(model: MappedModel(path: arguments.operands[1]), threads: threads)
    )
    var layers = LayerComparison(run)
    let outcome = try run.run(files) { place, photograph in
      if place < LayerComparison.photographLimit { try layers.add(photograph) }
    }
    guard !outcome.images.isEmpty else { return outcome.exitCode }

    let categories = CategoryNumbers(labels: run.float.labels, annotations: annotations)
    let comparison = try DetectionComparison(
      float: categories.detections(outcome.float),
      integer: categories.detections(outcome.integer),
      images: outcome.images,
      annotations: annotations
    )
    let milliseconds = [outcome.float, outcome.integer].map {
      $0.seconds / Double($0.found.count) * 1000
    }
    print("\(outcome.images.count) photographs, \(threads) threads")
    print(
      "time a photograph           float \(milliseconds[0].formatted(digits: 1)) ms, "
        + "integer \(milliseconds[1].formatted(digits: 1)) ms, without decoding"
    )
    print(comparison.text())
    print("\n\(layers.text(limit: arguments.integer("layers") ?? 10))")
    print("\n\(layers.sparsity.text)")

    let misses = gate.misses(comparison)
    if let path = arguments.text("json") {
      let report: JSON = [
        "photographs": JSON(outcome.images.count),
        "threads": JSON(threads),
        "float_ms": .double(milliseconds[0]),
        "integer_ms": .double(milliseconds[1]),
        "detections": comparison.json,
        "layer_photographs": JSON(layers.photographs),
        "layers": layers.json,
        "attention_sparsity": layers.sparsity.json,
        "missed": .array(misses.map(JSON.string)),
      ]
      try AtomicFile.write(Array(try report.encoded(pretty: true)), to: path)
    }
    for miss in misses { Diagnostics.error(miss) }
    return misses.isEmpty ? outcome.exitCode : .partial
  }
}
