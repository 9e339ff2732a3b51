import CheckedJSON
import Foundation
import Kernels
import ModelFile
import Runtime

/// `edgedetr bench`: how long a model takes, as a share of what the processor could do.
enum BenchCommand: Command {
  static let description = CommandDescription(
    name: "bench",
    summary: "Measure a model's speed, as a share of this processor's peak, and its memory.",
    operands: "M.edetr",
    operandCount: 1...1,
    options: [
      .init("size", "HxW", "size of the network's input, default the model's or 800x1066", .size),
      .init("threads", "N", "only N threads; default: 1 to one a processor", .integer(1...256)),
      .isa,
      .init("runs", "N", "measured runs, default: 10 s of them, at least 5", .integer(1...10000)),
      .init("layers", nil, "where the time goes: by kind and by operation"),
      .init("scaling", nil, "time and memory at seven sizes, 240x320 to 1200x1600"),
      .releaseWeights, .json,
    ],
    example: "edgedetr bench detr.edetr --size 800x1066 --threads 1 --layers",
    notes: [
      "The peak is what multiply-adds of the same kernels reach from registers, measured on as",
      "many threads before and after every run. Shares are medians over the runs.",
    ]
  )

  static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.checkOperands()
    let file = try MappedModel(path: arguments.operands[0])
    let table = try arguments.kernelTable()
    if arguments.has("scaling") {
      guard !arguments.has("size") else {
        throw UsageError(description, "--scaling takes the place of --size")
      }
      return try scale(file, table, arguments)
    }
    let size = arguments.size("size") ?? defaultSize(file)
    var results: [SpeedMeasurement] = []
    let counts = arguments.integer("threads").map { [$0] } ?? Array(1...arguments.threads)
    for threads in counts {
      let result = try SpeedMeasurement(
        file,
        height: size.height,
        width: size.width,
        threads: threads,
        table: table,
        runs: arguments.integer("runs"),
        releasesWeights: arguments.has("release-weights")
      )
      results.append(result)
    }
    print(SpeedReport.text(results, size: size))
    if arguments.has("layers"), let last = results.last {
      print("\n\(LayerTimes(last, file).text)")
    }
    if let path = arguments.text("json"), let last = results.last {
      let json = SpeedReport.json(last, all: results, LayerTimes(last, file))
      try AtomicFile.write(Array(try json.encoded(pretty: true)), to: path)
    }
    return .done
  }

  /// The one size of models that have one, else what Deformable DETR makes of most photographs.
  private static func defaultSize(_ file: MappedModel) -> (height: Int, width: Int) {
    if case .fixed(let height, let width) = file.model.information.sizeRule {
      return (height, width)
    }
    return (800, 1066)
  }

  private static let sizes = [
    (240, 320), (360, 480), (480, 640), (600, 800), (800, 1066), (960, 1280), (1200, 1600),
  ]

  private static func scale(
    _ file: MappedModel,
    _ table: KernelTable,
    _ arguments: Arguments
  ) throws -> ExitCode {
    var results: [SpeedMeasurement] = []
    for (height, width) in sizes {
      let result = try SpeedMeasurement(
        file,
        height: height,
        width: width,
        threads: arguments.integer("threads") ?? 1,
        table: table,
        runs: arguments.integer("runs") ?? 5,
        releasesWeights: arguments.has("release-weights")
      )
      results.append(result)
    }
    print(SpeedReport.scaling(results))
    if let path = arguments.text("json") {
      let rows = results.map { SpeedReport.json($0) }
      try AtomicFile.write(Array(try JSON.array(rows).encoded(pretty: true)), to: path)
    }
    return .done
  }
}
