import Architectures
import CheckedJSON
import Checkpoints
import FloatGraph
import Foundation
import Quantizer

/// Photographs through the float graph, or the statistics of an earlier run.
struct CalibrationRun {
  let detector: LoadedDetector
  /// What the command line calls the checkpoint.
  let checkpoint: String
  let executor: FloatExecutor
  let files: [PhotographFile]

  struct Outcome {
    var calibration: Calibration
    /// The photographs that could be used.
    var used: [PhotographFile] = []
    var failures = 0
  }

  /// Calibrates, or reads statistics where there is such a file, and writes them where there is none.
  ///
  /// - Parameter path: the file of statistics; none by default.
  /// - Returns: the statistics.
  /// - Throws: ``CalibrationFileError`` where the file is of something else.
  func run(statistics path: String? = nil) throws -> Outcome {
    guard let path else { return try calibrated() }
    let origin = try origin()
    if FileManager.default.fileExists(atPath: path) {
      let calibration = try CalibrationFile.read(path: path, graph: detector.graph, origin: origin)
      Diagnostics.note("\(path): statistics of \(calibration.photographs) photographs reused")
      return Outcome(calibration: calibration, used: files)
    }
    let outcome = try calibrated()
    guard outcome.failures == 0, outcome.calibration.photographs > 0 else {
      Diagnostics.note("\(path): not written, for some photographs could not be used")
      return outcome
    }
    let bytes = CalibrationFile.encoded(outcome.calibration, origin: origin)
    try AtomicFile.write(bytes, to: path)
    Diagnostics.note("\(path): \(bytes.count) bytes")
    return outcome
  }

  private func calibrated() throws -> Outcome {
    let rule = detector.graph.preprocessing
    var outcome = Outcome(calibration: Calibration(graph: detector.graph))
    var progress = ProgressBar("calibrating", total: files.count)
    for file in files {
      do {
        let photograph = Photograph(try file.decoded().image, preprocessing: rule)
        try outcome.calibration.add(
          picture: photograph.normalized(rule),
          size: photograph.size,
          executor: executor
        )
        outcome.used.append(file)
      } catch let error as InputError {
        Diagnostics.error("\(error)")
        outcome.failures += 1
      }
      progress.advance()
    }
    progress.finish()
    return outcome
  }

  /// What the statistics are of: SHA-256 of the checkpoint's files and of how they are read, and of
  /// the photographs' files in their order.
  private func origin() throws -> CalibrationOrigin {
    let configuration = Array("\(detector.configuration)".utf8)
    return CalibrationOrigin(
      checkpoint: try digest(of: CheckpointFiles(checkpoint).paths, after: configuration),
      preprocessing: "\(detector.graph.preprocessing)",
      photographs: CalibrationDigest(files).text
    )
  }

  private func digest(of paths: [String], after first: [UInt8]) throws(FileError) -> String {
    var whole = SHA256()
    whole.add(first)
    for path in paths {
      var digest = SHA256()
      digest.add(try MappedFile.open(path: path))
      whole.add(digest.bytes)
    }
    return "sha256:\(whole.text)"
  }
}
