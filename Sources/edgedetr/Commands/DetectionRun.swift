import Foundation

/// What `float`, `detect` and `eval` share: photographs go through a detector, results come out.
struct DetectionRun {
  let detector: any ObjectDetector
  /// Least score to print and to draw.
  let threshold: Double
  let annotator: Annotator?
  let maskFolder: MaskFolder?
  /// Whether every object gets its mask, whatever its score.
  var wantsAllMasks = false

  init(detector: any ObjectDetector, arguments: Arguments) throws {
    self.detector = detector
    threshold = arguments.number("threshold") ?? 0.3
    annotator =
      if let folder = arguments.text("annotate") {
        try Annotator(folder: folder, threshold: threshold)
      } else {
        nil
      }
    if let folder = arguments.text("masks") {
      guard (detector as? any MaskingDetector)?.givesMasks == true else {
        throw InputError(
          path: arguments.operands.first ?? "",
          reason: "has no mask head; --masks is for DETR with masks"
        )
      }
      maskFolder = try MaskFolder(folder: folder, threshold: threshold)
    } else {
      maskFolder = nil
    }
  }

  struct Outcome {
    var found: [(file: PhotographFile, objects: [FoundObject])] = []
    var failures = 0
    /// Seconds in the detector, without decoding the pictures.
    var seconds = 0.0

    var exitCode: ExitCode { failures == 0 ? .done : found.isEmpty ? .input : .partial }
  }

  /// Detects on every photograph; one that cannot be used is named and skipped.
  func run(_ files: [PhotographFile], label: String) throws -> Outcome {
    var outcome = Outcome()
    var progress = ProgressBar(label, total: files.count)
    for file in files {
      do {
        let photograph = try file.decoded()
        let start = ContinuousClock.now
        let objects = try detect(photograph)
        outcome.seconds += (ContinuousClock.now - start).seconds
        outcome.found.append((file, objects))
        try annotator?.write(photograph, objects: objects, detector: detector)
      } catch let error as InputError {
        Diagnostics.error("\(error)")
        outcome.failures += 1
      }
      progress.advance()
    }
    progress.finish()
    return outcome
  }

  private func detect(_ photograph: DecodedPhotograph) throws -> [FoundObject] {
    guard maskFolder != nil || wantsAllMasks, let masking = detector as? any MaskingDetector,
      masking.givesMasks
    else { return try detector.detect(photograph) }
    let least = wantsAllMasks ? 0 : threshold
    var (objects, masks) = try masking.detectWithMasks(photograph, threshold: least)
    try maskFolder?.write(photograph, objects: objects, masks: masks, detector: detector)
    for (query, map) in masks {
      objects[query].mask = map.mask(
        height: photograph.image.height,
        width: photograph.image.width
      )
    }
    return objects
  }

  /// One line a detection: `image  label  score  x y w h`.
  func printLines(_ outcome: Outcome) {
    for (file, objects) in outcome.found {
      for object in objects where object.score >= threshold {
        let box = [object.x, object.y, object.width, object.height]
          .map { $0.formatted(digits: 1) }.joined(separator: " ")
        print(
          "\(file.path)  \(detector.name(of: object.label))  \(object.score.formatted(digits: 4))  "
            + box
        )
      }
    }
  }
}
