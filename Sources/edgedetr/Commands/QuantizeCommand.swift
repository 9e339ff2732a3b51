import Evaluation
import FloatGraph
import Foundation
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
    let preset = preset(arguments)
    let options = try options(arguments, preset)
    let annotations = try arguments.text("annotations").map { try CocoAnnotations(path: $0) }
    var files = try PhotographList.select(folder: folder, annotations: annotations)
    if let limit = arguments.integer("limit") { files = Array(files.prefix(limit)) }
    var stopwatch = Stopwatch()
    let detector = try arguments.loadDetector(arguments.operands[0])
    stopwatch.note("checkpoint read")

    var run = QuantizationRun(
      detector: detector,
      checkpoint: arguments.operands[0],
      executor: FloatExecutor(graph: detector.graph, threads: arguments.threads),
      files: files,
      threads: arguments.threads
    )
    run.preset = preset
    run.options = options
    run.islandBudget = islandBudget(arguments, preset)
    run.statistics = arguments.text("statistics")
    run.selfTest = arguments.text("self-test")
    run.page = arguments.text("report")
    let outcome = try run.run(to: output)
    for miss in outcome.misses { Diagnostics.error(miss) }
    return outcome.failures == 0 && outcome.misses.isEmpty ? .done : .partial
  }

  private static func preset(_ arguments: Arguments) -> QuantizerOptions.Preset {
    arguments.text("preset").flatMap { QuantizerOptions.Preset(rawValue: $0) } ?? .balanced
  }

  /// What islands are to be measured for; nil where none are wanted.
  private static func islandBudget(
    _ arguments: Arguments,
    _ preset: QuantizerOptions.Preset
  ) -> IslandRun.Budget? {
    let scoreShift = arguments.number("max-score-shift")
    let cost = arguments.number("max-int16").map { $0 / 100 }
    let usual = scoreShift == nil ? preset.islandCost : nil
    guard scoreShift != nil || cost ?? usual ?? 0 > 0 else { return nil }
    return IslandRun.Budget(cost: cost ?? usual, scoreShift: scoreShift)
  }

  private static func options(
    _ arguments: Arguments,
    _ preset: QuantizerOptions.Preset
  ) throws(UsageError) -> QuantizerOptions {
    var options = QuantizerOptions(preset)
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
