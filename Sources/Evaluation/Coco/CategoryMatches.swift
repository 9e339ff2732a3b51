/// What became of each detection of one category, over all photographs, for each area range and
/// threshold: all that precision and recall need.
struct CategoryMatches: Sendable {
  /// A detection that counts: one of the hundred best of its photograph.
  struct RankedDetection: Sendable {
    /// The confidence.
    var score: Double
    /// The photograph's position among the sorted ids.
    var image: Int
    /// The position among the photograph's detections of this category, best first.
    var rank: Int32
    /// For each area range, a bit for each threshold: set where the detection found an object.
    var matched: SIMD4<UInt16>
    /// For each area range, a bit for each threshold: set where it is neither right nor wrong.
    var ignored: SIMD4<UInt16>
  }

  /// An object that is to be found.
  struct Positive: Sendable {
    /// The photograph's position among the sorted ids.
    var image: Int
    /// A bit for each area range that the object belongs to.
    var ranges: UInt8
  }

  /// The detections, highest score first; among equal scores by photograph, then by the file's order.
  private(set) var detections: [RankedDetection] = []
  /// The objects that are no crowds, by photograph.
  private(set) var positives: [Positive] = []

  /// Adds a photograph; they come in the order of their ids.
  mutating func append(_ image: ImageMatches, position: Int) {

    for rank in image.scores.indices {
      detections.append(
        RankedDetection(
          score: image.scores[rank],
          image: position,
          rank: Int32(rank),
          matched: image.matched[rank],
          ignored: image.ignored[rank]
        )
      )
    }
    for ranges in image.positiveRanges {
      positives.append(Positive(image: position, ranges: ranges))
    }
  }

  /// Brings the detections into the order of their scores, after the last photograph.
  mutating func rank() {
    detections.sort { left, right in
      // Photographs were added in rising order, so this is the order of a stable sort.
      left.score != right.score
        ? left.score > right.score
        : (left.image, left.rank) < (right.image, right.rank)
    }
  }

  /// The number of objects of an area range.
  func positiveCount(_ range: CocoParameters.AreaRange) -> Int {
    positives.reduce(0) { $0 + Int($1.ranges >> UInt8(range.rawValue) & 1) }
  }
}
