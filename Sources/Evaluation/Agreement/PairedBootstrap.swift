/// How far a difference of average precision may be chance: both sets of detections are evaluated
/// over the same resampled pictures, many times.
///
/// Each draw takes as many pictures as there are, with replacement (Efron 1979). Matching does not
/// depend on which pictures are drawn, so it is done once and a draw only adds up weights.
public struct PairedBootstrap: Sendable {
  /// AP(reference) - AP(tested) over all pictures, each once.
  public let difference: Double

  /// The mean of the difference over the draws.
  public let mean: Double

  /// The standard deviation of the difference over the draws.
  public let standardDeviation: Double

  /// The interval that holds the middle 95 % of the draws.
  public let interval: ClosedRange<Double>

  /// The standard deviation of AP(reference) itself over the draws.
  public let referenceStandardDeviation: Double

  /// The number of draws.
  public let draws: Int

  /// Draws pictures.
  ///
  /// - Parameters:
  ///   - reference: the evaluation of one set of detections.
  ///   - tested: the evaluation of the other over the same annotations.
  ///   - draws: how often to draw, at least 2.
  ///   - seed: the same seed gives the same draws on every machine.
  public init(
    reference: CocoEvaluation,
    tested: CocoEvaluation,
    draws: Int = 1000,
    seed: UInt64 = 1
  ) {
    precondition(draws >= 2, "two draws at least")
    precondition(
      reference.imageCount == tested.imageCount
        && reference.categories.map(\.category.id) == tested.categories.map(\.category.id),
      "both evaluations must be over the same annotations"
    )
    self.draws = draws
    difference = reference[.averagePrecision] - tested[.averagePrecision]
    let count = reference.imageCount
    var generator = SplitMix64(seed: seed)
    var differences: [Double] = []
    var references: [Double] = []
    for _ in 0..<draws {
      var weights = [Int](repeating: 0, count: count)
      for _ in 0..<count { weights[generator.index(below: count)] += 1 }
      guard let one = reference.averagePrecision(weights),
        let other = tested.averagePrecision(weights)
      else { continue }
      differences.append(one - other)
      references.append(one)
    }
    (mean, standardDeviation) = Self.moments(differences)
    referenceStandardDeviation = Self.moments(references).standardDeviation
    let sorted = differences.sorted()
    interval =
      sorted.isEmpty
      ? difference...difference
      : Self.quantile(sorted, 0.025)...Self.quantile(sorted, 0.975)
  }

  private static func moments(_ values: [Double]) -> (mean: Double, standardDeviation: Double) {
    guard values.count >= 2 else { return (values.first ?? 0, 0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }

  /// The value below which a share of sorted values lies, between two of them on the line through
  /// them.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
  }
}

extension CocoEvaluation {
  /// The average precision when each picture counts as often as its weight says.
  ///
  /// - Parameter weights: one for each picture, by rising id.
  /// - Returns: the mean over the classes that have objects then, or `nil` when none has.
  func averagePrecision(_ weights: [Int]) -> Double? {
    let values = matches.compactMap { category in
      PrecisionRecall(
        category,
        maximumDetections: CocoThresholds.maximumDetections,
        weights: weights
      )?
      .averagePrecision
    }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// The generator of Steele, Lea and Flood (2014), the same on every machine.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below a bound, each equally likely up to 2^-64 times the bound.
  ///
  /// - Parameter bound: at least 1.
  /// - Returns: 0 up to, not including, the bound.
  mutating func index(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
