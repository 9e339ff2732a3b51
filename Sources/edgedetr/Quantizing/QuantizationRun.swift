import Architectures
import FloatGraph
import ModelFile
import Quantizer

/// The way from a checkpoint and photographs to a model file, and to its report page where one is wanted.
struct QuantizationRun {
  let detector: LoadedDetector
  /// What the command line calls the checkpoint.
  let checkpoint: String
  let executor: FloatExecutor
  /// The photographs to calibrate on.
  let files: [PhotographFile]
  let threads: Int
  var preset = QuantizerOptions.Preset.balanced
  var options = QuantizerOptions(.balanced)
  /// What measured islands of 16 bits may cost; none are wanted without.
  var islandBudget: IslandRun.Budget?
  /// A file of calibration statistics to read, or to write where it is missing.
  var statistics: String?
  /// A photograph to keep as the model's self-test.
  var selfTest: String?
  /// Where the report page goes.
  var page: String?

  struct Outcome {
    /// Photographs that could not be used.
    let failures: Int
    /// What the budget of islands did not reach, one line each.
    let misses: [String]
  }

  func run(to path: String) throws -> Outcome {
    let outcome = try CalibrationRun(
      detector: detector,
      checkpoint: checkpoint,
      executor: executor,
      files: files
    ).run(statistics: statistics)
    let source = try CheckpointFiles(checkpoint)
    let provenance = try Provenance(
      detector,
      source,
      options,
      preset: preset.rawValue,
      photographs: outcome.used
    ).facts

    var stopwatch = Stopwatch()
    let (result, misses) = try quantized(outcome, provenance)
    var bytes = try ModelBytes(result.file).stating(arenaFor: outcome.calibration.largestInput)
    stopwatch.note("quantized")
    if let selfTest {
      let photograph = try PhotographFile(path: selfTest, imageID: 0).decoded()
      bytes = try SelfTestSample(photograph.image, of: bytes).add(to: bytes, path: selfTest)
      stopwatch.note("self-test added")
    }
    try AtomicFile.write(bytes, to: path)
    Diagnostics.note("\(path): \(bytes.count) bytes")
    if let page {
      try QuantizationReport(
        graph: detector.graph,
        calibration: outcome.calibration,
        observers: result.observers,
        options: options,
        sourceBytes: source.byteCount,
        preset: preset.rawValue
      ).write(
        MappedModel(path: path),
        photographs: outcome.used,
        executor: executor,
        threads: threads,
        to: page
      )
    }
    return Outcome(failures: outcome.failures, misses: misses)
  }

  /// The model, with measured islands where there is a budget for them.
  private func quantized(
    _ outcome: CalibrationRun.Outcome,
    _ provenance: [(name: String, text: String)]
  ) throws -> (Quantizer.Result, misses: [String]) {
    let calibration = outcome.calibration
    guard let islandBudget else {
      let result = try Quantizer.quantize(
        detector.graph,
        calibration: calibration,
        options: options,
        provenance: provenance
      )
      return (result, [])
    }
    let islands = try IslandRun(
      executor: executor,
      calibration: calibration,
      options: options,
      files: outcome.used,
      threads: threads
    ).run(islandBudget)
    let result = try islands.quantized(provenance: provenance)
    print(try islands.text(result, size: calibration.largestInput))
    return (result, islands.misses(islandBudget))
  }
}
