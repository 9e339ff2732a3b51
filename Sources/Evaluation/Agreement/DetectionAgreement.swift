/// How well one set of detections agrees with another of the same pictures: which detections have a
/// partner of the same class, and how far scores and boxes of the partners differ.
///
/// In every picture and class all pairs of a reference detection and a tested one that overlap by at
/// least a half are sorted by overlap, the largest first (then by reference score, by tested score,
/// by the order of the lists), and a pair is taken when neither side is taken yet.
public struct DetectionAgreement: Sendable {
  /// Two detections that were taken as one object.
  public struct Pair: Hashable, Sendable {
    /// The position in the list of reference detections.
    public let reference: Int
    /// The position in the list of tested detections.
    public let tested: Int
    /// Their intersection over union.
    public let overlap: Double
  }

  /// The pairs, sorted by the position of the reference detection.
  public let pairs: [Pair]

  /// The positions of reference detections without a partner.
  public let unmatchedReferences: [Int]

  /// The positions of tested detections without a partner.
  public let unmatchedTested: [Int]

  /// The mean absolute difference of the scores of partners, 0 without pairs.
  public let scoreDifference: Double

  /// The mean intersection over union of partners, 1 without pairs.
  public let meanOverlap: Double

  /// The number of reference detections that took part.
  public var referenceCount: Int { pairs.count + unmatchedReferences.count }

  /// The number of tested detections that took part.
  public var testedCount: Int { pairs.count + unmatchedTested.count }

  /// The share of reference detections that have a partner, 1 when there are none.
  public var matchedShare: Double {
    referenceCount == 0 ? 1 : Double(pairs.count) / Double(referenceCount)
  }

  /// The share of tested detections that have no partner, 0 when there are none.
  public var extraShare: Double {
    testedCount == 0 ? 0 : Double(unmatchedTested.count) / Double(testedCount)
  }

  /// The least overlap of partners.
  public static let minimumOverlap = 0.5

  /// Matches two sets of detections.
  ///
  /// - Parameters:
  ///   - reference: for instance those of the float model.
  ///   - tested: for instance those of the integer model.
  ///   - referenceThreshold: reference detections with a lower score take no part.
  ///   - testedThreshold: tested detections with a lower score take no part.
  public init(
    reference: [Detection],
    tested: [Detection],
    referenceThreshold: Double = -.infinity,
    testedThreshold: Double = -.infinity
  ) {
    var groups: [Place: (reference: [Int], tested: [Int])] = [:]
    for (index, detection) in reference.enumerated() where detection.score >= referenceThreshold {
      groups[Place(detection), default: ([], [])].reference.append(index)
    }
    for (index, detection) in tested.enumerated() where detection.score >= testedThreshold {
      groups[Place(detection), default: ([], [])].tested.append(index)
    }
    var pairs: [Pair] = []
    var unmatchedReferences: [Int] = []
    var unmatchedTested: [Int] = []
    for group in groups.values {
      var candidates: [Pair] = []
      for one in group.reference {
        for other in group.tested {
          let overlap = reference[one].bbox.overlap(with: tested[other].bbox)
          if overlap >= Self.minimumOverlap {
            candidates.append(Pair(reference: one, tested: other, overlap: overlap))
          }
        }
      }
      candidates.sort { left, right in
        let one = (left.overlap, reference[left.reference].score, tested[left.tested].score)
        let other = (right.overlap, reference[right.reference].score, tested[right.tested].score)
        return one == other
          ? (left.reference, left.tested) < (right.reference, right.tested) : one > other
      }
      var takenReferences: Set<Int> = []
      var takenTested: Set<Int> = []
      for pair in candidates
      where !takenReferences.contains(pair.reference) && !takenTested.contains(pair.tested) {
        takenReferences.insert(pair.reference)
        takenTested.insert(pair.tested)
        pairs.append(pair)
      }
      unmatchedReferences += group.reference.filter { !takenReferences.contains($0) }
      unmatchedTested += group.tested.filter { !takenTested.contains($0) }
    }
    // The groups come in no fixed order; sums must not depend on it.
    pairs.sort { $0.reference < $1.reference }
    self.pairs = pairs
    self.unmatchedReferences = unmatchedReferences.sorted()
    self.unmatchedTested = unmatchedTested.sorted()
    let count = Double(max(pairs.count, 1))
    scoreDifference =
      pairs.reduce(0) { $0 + abs(reference[$1.reference].score - tested[$1.tested].score) } / count
    meanOverlap = pairs.isEmpty ? 1 : pairs.reduce(0) { $0 + $1.overlap } / count
  }

  private struct Place: Hashable {
    let imageID: Int
    let categoryID: Int

    init(_ detection: Detection) {
      imageID = detection.imageID
      categoryID = detection.categoryID
    }
  }
}
