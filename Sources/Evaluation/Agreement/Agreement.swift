/// How well an integer model's detections agree with those of the float model it was made from.
///
///     let agreement = Agreement(float: floatDetections, integer: integerDetections)
///     agreement.all.matchedShare       // share of the float detections found again
///     agreement.all.scoreDifference    // mean shift of their scores
///
/// Needs no ground truth, and is much steadier than a difference of average precision: each
/// detection is compared with its own counterpart. It says nothing about whether the detections are
/// right. Time and memory grow with the square of the detections of one category in one photograph: meant
/// for the hundreds that a DETR gives.
public struct Agreement: Sendable {
  /// Float detections count from this score on.
  public static let scoreThreshold = 0.3
  /// Float detections are confident from this score on.
  public static let confidentScoreThreshold = 0.6
  /// Two detections are a pair from this intersection over union on.
  public static let overlapThreshold = 0.5

  /// Float detections with a score of at least 0.3 against all integer detections.
  public let all: DetectionMatching
  /// The same against integer detections with a score of at least 0.3: stricter, and without the
  /// low-score duplicates that can stand in for a lost detection.
  public let aboveThreshold: DetectionMatching
  /// Float detections with a score of at least 0.6 against all integer detections.
  public let confident: DetectionMatching

  /// Integer detections with a score of at least 0.3 without a partner among all float detections,
  /// as indices, rising.
  public let extra: [Int]
  /// The number of integer detections with a score of at least 0.3.
  public let integerCount: Int

  /// Compares two sets of detections of the same photographs.
  ///
  /// - Parameters:
  ///   - float: the float model's detections, without a threshold.
  ///   - integer: the integer model's detections, without a threshold.
  public init(float: [Detection], integer: [Detection]) {
    func match(floatScore: Double?, integerScore: Double?) -> DetectionMatching {
      DetectionMatching(float, integer, floatScore: floatScore, integerScore: integerScore)
    }
    let threshold = Self.scoreThreshold
    all = match(floatScore: threshold, integerScore: nil)
    aboveThreshold = match(floatScore: threshold, integerScore: threshold)
    confident = match(floatScore: Self.confidentScoreThreshold, integerScore: nil)
    let backward = match(floatScore: nil, integerScore: threshold)
    extra = backward.unmatchedInteger
    integerCount = backward.pairs.count + backward.unmatchedInteger.count
  }

  /// The share of the integer detections with a score of at least 0.3 that have no partner among all
  /// float detections; `nil` where there are none.
  public var extraShare: Double? {
    integerCount == 0 ? nil : Double(extra.count) / Double(integerCount)
  }
}
