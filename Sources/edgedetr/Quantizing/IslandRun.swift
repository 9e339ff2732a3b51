import Evaluation
import FloatGraph
import Quantizer
import Vision

/// Chooses int16 islands under a budget, by running models on calibration photographs.
struct IslandRun {
  /// What islands may cost or what they must reach.
  struct Budget {
    /// Extra multiply-adds, as a share of the model's; nil for no limit.
    var cost: Double?
    /// Mean score difference to float on the calibration photographs.
    var scoreShift: Double?
  }

  let executor: FloatExecutor
  let calibration: Calibration
  let options: QuantizerOptions
  let files: [PhotographFile]
  let threads: Int

  struct Outcome {
    let search: IslandSearch
    let islands: [IslandSearch.Candidate]
    /// The score difference that was reached, where it is the budget.
    var scoreShift: Double?
  }

  /// Photographs that a candidate is measured on, at most.
  private static let photographs = 8
  /// Pixels of a picture that a candidate is measured on: enough to rank layers, and the same cost for
  /// all checkpoints' sizes.
  private static let pixels = 320 * 320
  /// Multiply-adds that measuring all candidates may take, where two photographs do not take more.
  private static let multiplyAdds = 4e12
  /// Photographs that the score difference is measured on, at most.
  private static let scoredPhotographs = 40

  func run(_ budget: Budget) throws -> Outcome {
    var search = try IslandSearch(
      graph: executor.graph,
      calibration: calibration,
      options: options
    )
    let pictures = try measuredPictures(candidates: search.candidates.count)
    var reference: [QueryAnswers] = []
    var progress = ProgressBar("measuring", total: search.candidates.count + 1, unit: "models")
    try search.measure { file in
      let answers = try ModelTrial(file).answers(pictures, threads: threads)
      if reference.isEmpty { reference = answers }
      progress.advance()
      return zip(reference, answers).reduce(0) { $0 + $1.0.squaredDifference(from: $1.1) }
        / Double(max(answers.count, 1))
    }
    progress.finish()
    let affordable = search.islands(costing: budget.cost ?? .greatestFiniteMagnitude)
    guard let limit = budget.scoreShift else { return Outcome(search: search, islands: affordable) }
    return try fewest(of: affordable, search, below: limit)
  }

  /// The fewest of the best islands with which the score difference stays below a limit; all where
  /// none are enough.
  private func fewest(
    of islands: [IslandSearch.Candidate],
    _ search: IslandSearch,
    below limit: Double
  ) throws -> Outcome {
    let scored = Array(files.prefix(Self.scoredPhotographs))
    let float = try detections(FloatDetector(graph: executor.graph, threads: threads), scored)
    func shift(_ count: Int) throws -> Double {
      let model = try search.quantized(islands: Set(islands[..<count].map(\.value)))
      let trial = try ModelTrial(model.file)
      let integer = try detections(TrialDetector(trial: trial, threads: threads), scored)
      return Agreement(float: float, integer: integer).all.scoreDifference ?? 0
    }
    var (low, high) = (0, islands.count)
    var reached = try shift(high)
    guard reached <= limit else {
      return Outcome(search: search, islands: islands, scoreShift: reached)
    }
    // `high` was measured to be enough.
    while low < high {
      let middle = (low + high) / 2
      let found = try shift(middle)
      if found <= limit { (high, reached) = (middle, found) } else { low = middle + 1 }
    }
    return Outcome(search: search, islands: Array(islands[..<high]), scoreShift: reached)
  }

  private func detections(
    _ detector: some ObjectDetector,
    _ files: [PhotographFile]
  ) throws -> [Detection] {
    var outcome = DetectionRun.Outcome()
    for file in files { outcome.found.append((file, try detector.detect(file.decoded()))) }
    return CategoryNumbers(labels: detector.labels, annotations: nil).detections(outcome)
  }

  /// Photographs spread over the list, no larger than needed.
  private func measuredPictures(candidates: Int) throws -> [Photograph] {
    let rule = executor.graph.preprocessing
    func picture(_ file: PhotographFile) throws -> Photograph {
      let photograph = Photograph(try file.decoded().image, preprocessing: rule)
      let (height, width) = (photograph.size.height, photograph.size.width)
      let share = (Double(Self.pixels) / Double(height * width)).squareRoot()
      guard share < 1 else { return photograph }
      var smaller = rule
      smaller.size = .fixed(
        height: max(Int(Double(height) * share), 1),
        width: max(Int(Double(width) * share), 1)
      )
      return Photograph(photograph.pixels, preprocessing: smaller)
    }
    guard let first = files.first else { return [] }
    let shapes = try executor.graph.shapes(for: picture(first).size)
    let cost = Double(executor.graph.multiplyAddCount(shapes: shapes)) * Double(max(candidates, 1))
    let count = min(max(Int(Self.multiplyAdds / cost), 2), Self.photographs, files.count)
    return try (0..<count).map { try picture(files[$0 * files.count / count]) }
  }
}
