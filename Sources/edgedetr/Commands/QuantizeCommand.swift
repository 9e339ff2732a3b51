import Evaluation
import FloatGraph
import Foundation
import ModelFile
import Quantizer

/// `edgedetr quantize`: checkpoint and photographs in, `.edetr` out.
enum QuantizeCommand: Command {
  static let description = CommandDescription(
    name: "quantize",
    summary: "Turn a checkpoint into an int8 model, calibrated on photographs.",
    operands: "CHECKPOINT --images DIR -o M.edetr",
    operandCount: 1...1,
    options: [
      .init("images", "DIR", "calibration photographs: a folder, or one picture"),
      .init("output", "M.edetr", "the model to write (also -o)"),
      .init("annotations", "FILE", "use only the photographs that this COCO file lists"),
      .init("limit", "N", "use at most N photographs", .integer(1...Int.max)),
      .init(
        "preset",
        "NAME",
        "fast, balanced (default) or accurate",
        .choice(QuantizerOptions.Preset.allCases.map(\.rawValue))
      ),
      .init(
        "observer",
        "NAME",
        "the same for all: minmax, average, percentile, mse, entropy",
        .choice(["minmax", "average", "percentile", "mse", "entropy"])
      ),
      .init(
        "percentile",
        "P",
        "share in percent that ranges keep, default 99.99",
        .number(50...100)
      ),
      .init(
        "int16",
        "PATTERN",
        "int16 inputs for layers whose names contain this, comma-separated"
      ),
      .init("self-test", "PHOTO", "keep this picture, made small, as the model's self-test"),
      .init("wide-backbone", nil, "int16 sums in the backbone"),
      .init(
        "max-score-shift",
        "X",
        "int16 where measuring finds it worth it until scores move by X at most",
        .number(0...1)
      ),
      .init(
        "max-int16",
        "P",
        "percent of multiply-adds in measured int16 layers; accurate: 35",
        .number(0...100)
      ),
      .init("statistics", "FILE", "reuse these calibration statistics, or write them if missing"),
      .init("report", "R.html", "write a page that shows what became of the checkpoint"),
      .threads,
    ] + CommandDescription.Option.checkpoint,
    example: "edgedetr quantize ./detr --images ./photographs -o detr.edetr"
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let folder = try arguments.required("images")
    let output = try arguments.required("output")
    let clock = ContinuousClock()
    var step = clock.now
    func report(_ what: String) {
      let now = clock.now
      Diagnostics.note("\(what): \((now - step).seconds.formatted(digits: 2)) s")
      step = now
    }

    let options = try options(arguments)
    let annotations = try arguments.text("annotations").map { try CocoAnnotations(path: $0) }
    var files = try PhotographList.select(folder: folder, annotations: annotations)
    if let limit = arguments.integer("limit") {
      files = Array(files.prefix(limit))
    }
    let loaded = try arguments.loadDetector(arguments.operands[0])
    let graph = loaded.graph
    report("checkpoint read")

    let executor = FloatExecutor(graph: graph, threads: arguments.threads)
    let run = CalibrationRun(
      detector: loaded,
      checkpoint: arguments.operands[0],
      executor: executor,
      files: files
    )
    let outcome = try run.run(statistics: arguments.text("statistics"))
    let calibration = outcome.calibration
    step = clock.now

    let preset = arguments.text("preset") ?? QuantizerOptions.Preset.balanced.rawValue
    let source = try CheckpointFiles(arguments.operands[0])
    let provenance = try Provenance(
      loaded,
      source,
      options,
      preset: preset,
      photographs: outcome.used
    ).facts
    let result: Quantizer.Result
    var misses: [String] = []
    if let budget = islandBudget(arguments) {
      let islands = try IslandRun(
        executor: executor,
        calibration: calibration,
        options: options,
        files: outcome.used,
        threads: arguments.threads
      ).run(budget)
      result = try islands.quantized(provenance: provenance)
      print(try islands.text(result, size: calibration.largestInput))
      misses = islands.misses(budget)
    } else {
      result = try Quantizer.quantize(
        graph,
        calibration: calibration,
        options: options,
        provenance: provenance
      )
    }
    var bytes = try ModelBytes(result.file).stating(arenaFor: calibration.largestInput)
    report("quantized")
    if let path = arguments.text("self-test") {
      let photograph = try PhotographFile(path: path, imageID: 0).decoded()
      bytes = try SelfTestSample(photograph.image, of: bytes).add(to: bytes, path: path)
      report("self-test added")
    }
    try AtomicFile.write(bytes, to: output)
    Diagnostics.note("\(output): \(bytes.count) bytes")
    if let path = arguments.text("report") {
      try QuantizationReport(
        graph: graph,
        calibration: calibration,
        observers: result.observers,
        options: options,
        sourceBytes: source.byteCount,
        preset: preset
      ).write(
        MappedModel(path: output),
        photographs: outcome.used,
        executor: executor,
        threads: arguments.threads,
        to: path
      )
    }
    for miss in misses { Diagnostics.error(miss) }
    return outcome.failures == 0 && misses.isEmpty ? .done : .partial
  }

  /// What islands are to be measured for; nil where none are wanted.
  private static func islandBudget(_ arguments: Arguments) -> IslandRun.Budget? {
    let preset = arguments.text("preset").flatMap { QuantizerOptions.Preset(rawValue: $0) }
    let scoreShift = arguments.number("max-score-shift")
    let cost = arguments.number("max-int16").map { $0 / 100 }
    let usual = scoreShift == nil ? preset?.islandCost ?? 0 : nil
    guard scoreShift != nil || cost ?? usual ?? 0 > 0 else { return nil }
    return IslandRun.Budget(cost: cost ?? usual, scoreShift: scoreShift)
  }

  private static func options(_ arguments: Arguments) throws(UsageError) -> QuantizerOptions {
    let preset = arguments.text("preset").flatMap { QuantizerOptions.Preset(rawValue: $0) }
    var options = QuantizerOptions(preset ?? .balanced)
    let percentile = arguments.number("percentile")
    let name = arguments.text("observer")
    guard percentile == nil || name == nil || name == "percentile" else {
      throw UsageError(description, "--percentile contradicts --observer \(name!)")
    }
    switch name {
    case "minmax": options.ranges = .observer(.minMax)
    case "average": options.ranges = .observer(.movingAverage)
    case "mse": options.ranges = .observer(.meanSquaredError)
    case "entropy": options.ranges = .observer(.entropy)
    case "percentile": options.ranges = .observer(.percentile(percentile ?? 99.99))
    default:
      if let percentile { options.ranges = .observer(.percentile(percentile)) }
    }
    if arguments.has("wide-backbone") { options.wideBackbone = true }
    options.islands = arguments.text("int16")?.split(separator: ",").map(String.init) ?? []
    return options
  }
}
