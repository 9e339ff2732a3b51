/// Pairs of detections, one of each of two sets, that stand for the same object.
///
/// Within each photograph and category, all pairs with an intersection over union of at least 0.5
/// are taken in the order of that overlap, highest first, each as long as both sides are free. Among
/// equal overlaps the higher float score comes first, then the higher integer score, then the order of
/// the lists.
public struct DetectionMatching: Sendable {
  /// Two detections that stand for the same object.
  public struct Pair: Hashable, Sendable {
    /// The index among the float detections.
    public var float: Int
    /// The index among the integer detections.
    public var integer: Int
    /// Their intersection over union.
    public var overlap: Double
    /// The integer score minus the float score.
    public var scoreShift: Double
  }

  /// The pairs, by photograph and category, then in the order in which they were taken.
  public let pairs: [Pair]
  /// Float detections that count and have no partner, as indices, rising.
  public let unmatchedFloat: [Int]
  /// Integer detections that count and have no partner, as indices, rising.
  public let unmatchedInteger: [Int]

  /// The number of float detections that count.
  public var floatCount: Int { pairs.count + unmatchedFloat.count }

  /// The share of the float detections that have a partner; `nil` where there are none.
  public var matchedShare: Double? {
    floatCount == 0 ? nil : Double(pairs.count) / Double(floatCount)
  }

  /// The mean over the pairs of the absolute difference of their scores; `nil` without pairs.
  public var scoreDifference: Double? {
    pairs.isEmpty ? nil : mean(pairs.map { abs($0.scoreShift) })
  }

  /// The mean over the pairs of their intersection over union; `nil` without pairs.
  public var meanOverlap: Double? {
    pairs.isEmpty ? nil : mean(pairs.map(\.overlap))
  }

  /// Matches two sets.
  ///
  /// - Parameters:
  ///   - float: the float model's detections.
  ///   - integer: the integer model's detections.
  ///   - floatScore: the score from which float detections count; all when `nil`.
  ///   - integerScore: the score from which integer detections count; all when `nil`.
  init(
    _ float: [Detection],
    _ integer: [Detection],
    floatScore: Double?,
    integerScore: Double?
  ) {
    let floatGroups = Self.groups(float, from: floatScore)
    let integerGroups = Self.groups(integer, from: integerScore)
    var pairs: [Pair] = []
    var isFloatFree = Array(repeating: true, count: float.count)
    var isIntegerFree = Array(repeating: true, count: integer.count)
    for group in floatGroups.keys.sorted() {
      guard let others = integerGroups[group], let own = floatGroups[group] else { continue }
      for pair in Self.candidates(float, own, integer, others)
      where isFloatFree[pair.float] && isIntegerFree[pair.integer] {
        isFloatFree[pair.float] = false
        isIntegerFree[pair.integer] = false
        pairs.append(pair)
      }
    }
    self.pairs = pairs
    unmatchedFloat = floatGroups.values.joined().filter { isFloatFree[$0] }.sorted()
    unmatchedInteger = integerGroups.values.joined().filter { isIntegerFree[$0] }.sorted()
  }

  private struct Group: Hashable, Comparable {
    var image: Int
    var category: Int

    static func < (left: Group, right: Group) -> Bool {
      (left.image, left.category) < (right.image, right.category)
    }
  }

  private static func groups(_ detections: [Detection], from score: Double?) -> [Group: [Int]] {
    var groups: [Group: [Int]] = [:]
    for (index, detection) in detections.enumerated()
    where score.map({ detection.score >= $0 }) ?? true {
      let group = Group(image: detection.imageID, category: detection.categoryID)
      groups[group, default: []].append(index)
    }
    return groups
  }

  private static func candidates(
    _ float: [Detection],
    _ floatIndices: [Int],
    _ integer: [Detection],
    _ integerIndices: [Int]
  ) -> [Pair] {
    var candidates: [Pair] = []
    for one in floatIndices {
      for other in integerIndices {
        let overlap = float[one].box.intersectionOverUnion(with: integer[other].box)
        guard overlap >= Agreement.overlapThreshold else { continue }
        let shift = integer[other].score - float[one].score
        candidates.append(Pair(float: one, integer: other, overlap: overlap, scoreShift: shift))
      }
    }
    candidates.sort { left, right in
      if left.overlap != right.overlap { return left.overlap > right.overlap }
      let (one, other) = (float[left.float].score, float[right.float].score)
      if one != other { return one > other }
      let (own, opposite) = (integer[left.integer].score, integer[right.integer].score)
      if own != opposite { return own > opposite }
      return (left.float, left.integer) < (right.float, right.integer)
    }
    return candidates
  }
}
