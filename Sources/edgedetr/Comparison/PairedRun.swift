import CheckedJSON
import Evaluation

/// The float model and the integer model on the same photographs.
struct PairedRun {
  let float: FloatDetector
  let integer: IntegerDetector
  /// The integer model in floating point, where that is wanted.
  let simulation: SimulatedDetector?

  /// - Throws: ``InputError`` where the model cannot have been made from the checkpoint.
  init(float: FloatDetector, integer: IntegerDetector, simulates: Bool) throws {
    self.float = float
    self.integer = integer
    simulation =
      simulates
      ? SimulatedDetector(graph: float.graph, file: integer.file, threads: integer.threads)
      : nil
    let model = integer.model
    if let logits = float.graph.logits {
      let expected = float.graph[logits].channels
      let found = model[model.information.logits].channels
      guard found == expected else {
        throw InputError(
          path: integer.file.path,
          reason: "not made from this checkpoint: expected \(expected) class logits, found \(found)"
        )
      }
    }
  }

  struct Outcome {
    var float = DetectionRun.Outcome()
    var integer = DetectionRun.Outcome()
    var simulation = DetectionRun.Outcome()
    /// The photographs that both models have seen, with their sizes.
    var images: [CocoAnnotations.Image] = []

    var exitCode: ExitCode { float.exitCode }
  }

  /// Detects with both on every photograph; one that cannot be used is named and left out of both.
  ///
  /// - Parameters:
  ///   - files: the photographs.
  ///   - visit: sees each photograph with its place in the list and what the integer model found.
  /// - Returns: what both found.
  /// - Throws: what `visit` throws but for ``InputError``, and ``ShapeError``.
  func run(
    _ files: [PhotographFile],
    visit: (Int, DecodedPhotograph, [FoundObject]) throws -> Void = { _, _, _ in }
  ) throws -> Outcome {
    var outcome = Outcome()
    var progress = ProgressBar("comparing", total: files.count)
    for file in files {
      do {
        let photograph = try file.decoded()
        let start = ContinuousClock.now
        let floatObjects = try float.detect(photograph)
        let middle = ContinuousClock.now
        let integerObjects = try integer.detect(photograph)
        outcome.integer.seconds += (ContinuousClock.now - middle).seconds
        outcome.float.seconds += (middle - start).seconds
        let before = ContinuousClock.now
        let simulated = try simulation?.detect(photograph)
        outcome.simulation.seconds += (ContinuousClock.now - before).seconds
        try visit(outcome.images.count, photograph, integerObjects)
        outcome.float.found.append((file, floatObjects))
        outcome.integer.found.append((file, integerObjects))
        if let simulated { outcome.simulation.found.append((file, simulated)) }
        outcome.images.append(
          CocoAnnotations.Image(
            id: file.imageID,
            fileName: file.name,
            width: photograph.image.width,
            height: photograph.image.height
          )
        )
      } catch let error as InputError {
        Diagnostics.error("\(error)")
        outcome.float.failures += 1
        outcome.integer.failures += 1
      }
      progress.advance()
    }
    progress.finish()
    return outcome
  }
}
