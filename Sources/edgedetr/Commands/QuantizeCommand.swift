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
    var calibration = Calibration(graph: graph)
    var progress = ProgressBar("calibrating", total: files.count)
    var failures = 0
    for file in files {
      do {
        let photograph = Photograph(
          try file.decoded().image,
          preprocessing: graph.preprocessing
        )
        try calibration.add(
          picture: photograph.normalized(graph.preprocessing),
          size: photograph.size,
          executor: executor
        )
      } catch let error as InputError {
        Diagnostics.error("\(error)")
        failures += 1
      }
      progress.advance()
    }
    progress.finish()
    step = clock.now

    let result = try Quantizer.quantize(
      graph,
      calibration: calibration,
      options: options,
      provenance: [
        ("family", "\(loaded.configuration.family)"),
        ("ranges", "\(options.ranges)"),
        ("calibration photographs", "\(calibration.photographs)"),
      ]
    )
    report("quantized")
    var file = result.file
    if let path = arguments.text("self-test") {
      let photograph = try PhotographFile(path: path, imageID: 0).decoded()
      file = try SelfTestSample(photograph.image, of: file).add(to: file, path: path)
      report("self-test added")
    }
    try AtomicFile.write(file, to: output)
    Diagnostics.note("\(output): \(file.count) bytes")
    return failures == 0 ? .done : .partial
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
