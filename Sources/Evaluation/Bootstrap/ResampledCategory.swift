/// One category's detections in the form in which photographs can be drawn again and again.
///
/// How many detections come before a right one is the same for all thresholds, but for those that are
/// ignored. So a draw adds up the weights of all detections once and then visits, for each threshold,
/// only the right and the ignored ones, of which there are few.
struct ResampledCategory: Sendable {
  private struct Event: Sendable {
    var rank: Int
    var isRight: Bool
  }

  // The photograph of each detection, best first.
  private let images: [Int]
  // The photograph of each object that is to be found.
  private let positiveImages: [Int]
  // For each threshold the right and the ignored detections, best first.
  private let events: [[Event]]

  /// Prepares a category for the area range of all sizes.
  ///
  /// - Parameter matches: what became of its detections.
  init(_ matches: CategoryMatches) {
    let range = CocoParameters.AreaRange.all.rawValue
    images = matches.detections.map(\.image)
    positiveImages = matches.positives.filter { $0.ranges >> UInt8(range) & 1 == 1 }.map(\.image)
    events = CocoParameters.intersectionThresholds.indices.map { threshold in
      let bit: UInt16 = 1 << UInt16(threshold)
      return matches.detections.enumerated().compactMap { rank, detection in
        if detection.ignored[range] & bit != 0 { return Event(rank: rank, isRight: false) }
        return detection.matched[range] & bit != 0 ? Event(rank: rank, isRight: true) : nil
      }
    }
  }

  /// Memory that draws work in.
  struct Workspace {
    fileprivate var countBefore: [Int] = []
    fileprivate var curve = PrecisionCurve()
  }

  /// Average precision over the thresholds, each photograph counted as often as it was drawn.
  ///
  /// - Parameters:
  ///   - weights: how often each photograph was drawn.
  ///   - workspace: memory to work in.
  /// - Returns: average precision, 0…1, or `nil` where no object was drawn.
  func averagePrecision(_ weights: [Int], workspace: inout Workspace) -> Double? {
    let positives = positiveImages.reduce(0) { $0 + weights[$1] }
    guard positives > 0 else { return nil }
    workspace.countBefore.removeAll(keepingCapacity: true)
    workspace.countBefore.reserveCapacity(images.count)
    var count = 0
    for image in images {
      workspace.countBefore.append(count)
      count += weights[image]
    }
    var sum = 0.0
    for events in events {
      var right = 0
      var ignored = 0
      workspace.curve.removeAll()
      for event in events {
        let weight = weights[images[event.rank]]
        guard weight > 0 else { continue }
        guard event.isRight else {
          ignored += weight
          continue
        }
        let wrong = workspace.countBefore[event.rank] - ignored - right
        right += weight
        workspace.curve.append(truePositives: right, falsePositives: wrong)
      }
      sum += workspace.curve.average(positives: positives)
    }
    return sum / Double(events.count)
  }
}
