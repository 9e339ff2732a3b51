import CheckedJSON

/// How well an integer model's detections agree with the float model's by DETR's own set matching.
///
/// In each photograph the float detections with a score of at least 0.3 are the targets, all integer
/// detections the predictions. Unlike `Agreement` a pair may be of different categories and need not
/// overlap: every target gets a partner, and what that partner lacks shows in the means.
public struct SetAgreement: Sendable {
  /// The number of pairs over all photographs.
  public let pairCount: Int
  /// The number of float detections with a score of at least 0.3.
  public let targetCount: Int
  /// The share of the targets whose partner has their category; `nil` without targets.
  public let sameCategoryShare: Double?
  /// The mean L1 distance of the boxes of a pair, centre and size in 0…1; `nil` without pairs.
  public let meanDistance: Double?
  /// The mean generalised intersection over union of a pair; `nil` without pairs.
  public let meanGeneralizedOverlap: Double?
  /// The mean cost of a pair; `nil` without pairs.
  public let meanCost: Double?

  /// Compares two sets of detections of the same photographs.
  ///
  /// - Parameters:
  ///   - annotations: the photographs' sizes.
  ///   - float: the float model's detections, without a threshold.
  ///   - integer: the integer model's detections, without a threshold.
  ///   - cost: the weights of the matcher.
  /// - Throws: `JSONError.missing` or `.notAllowed` where a photograph has no size.
  public init(
    annotations: CocoAnnotations,
    float: [Detection],
    integer: [Detection],
    cost: SetMatching.Cost = .detr
  ) throws(JSONError) {
    let confident = float.filter { $0.score >= Agreement.scoreThreshold }
    let targets = Dictionary(grouping: confident, by: \.imageID)
    let predictions = Dictionary(grouping: integer, by: \.imageID)
    var pairs: [SetMatching.Pair] = []
    var targetCount = 0
    var sameCategoryCount = 0
    for (index, image) in annotations.images.enumerated() {
      guard let own = targets[image.id] else { continue }
      targetCount += own.count
      guard let others = predictions[image.id] else { continue }
      func side(_ length: Int?, _ name: String) throws(JSONError) -> Int {
        let (source, path) = (annotations.source, "images[\(index)].\(name)")
        let expected = "a positive number of pixels"
        guard let length else { throw .missing(source: source, path: path, expected: expected) }
        if length > 0 { return length }
        throw .notAllowed(source: source, path: path, expected: expected, found: "\(length)")
      }
      let matching = SetMatching(
        predictions: others,
        targets: own,
        imageWidth: try side(image.width, "width"),
        imageHeight: try side(image.height, "height"),
        cost: cost
      )
      pairs += matching.pairs
      for pair in matching.pairs
      where others[pair.prediction].categoryID == own[pair.target].categoryID {
        sameCategoryCount += 1
      }
    }
    func average(_ figure: (SetMatching.Pair) -> Double) -> Double? {
      pairs.isEmpty ? nil : mean(pairs.map(figure))
    }
    pairCount = pairs.count
    self.targetCount = targetCount
    sameCategoryShare = targetCount == 0 ? nil : Double(sameCategoryCount) / Double(targetCount)
    meanDistance = average(\.distance)
    meanGeneralizedOverlap = average(\.generalizedOverlap)
    meanCost = average(\.cost)
  }

  /// The report for `--json`; a figure that nothing stands behind is `null`.
  public var json: JSON {
    [
      "targets": JSON(targetCount),
      "pairs": JSON(pairCount),
      "same_category_share": sameCategoryShare.map(JSON.double) ?? .null,
      "mean_l1": meanDistance.map(JSON.double) ?? .null,
      "mean_giou": meanGeneralizedOverlap.map(JSON.double) ?? .null,
      "mean_cost": meanCost.map(JSON.double) ?? .null,
    ]
  }
}
