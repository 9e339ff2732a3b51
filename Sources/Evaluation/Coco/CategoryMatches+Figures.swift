extension CategoryMatches {
  /// Average precision at one threshold, over photographs that count a given number of times.
  ///
  /// A photograph that counts twice is one that comes twice, its detections side by side.
  ///
  /// - Parameters:
  ///   - range: the area range.
  ///   - threshold: the position of the threshold.
  ///   - positives: the number of objects, each as often as its photograph counts; more than 0.
  ///   - curve: memory to work in.
  ///   - weight: how often the photograph at a position counts.
  /// - Returns: average precision, 0…1.
  @inline(__always)
  func averagePrecision(
    _ range: CocoParameters.AreaRange,
    threshold: Int,
    positives: Int,
    curve: inout PrecisionCurve,
    weight: (Int) -> Int
  ) -> Double {
    let bit: UInt16 = 1 << UInt16(threshold)
    var right = 0
    var wrong = 0
    curve.removeAll()
    for detection in detections {
      let weight = weight(detection.image)
      guard weight > 0, detection.ignored[range.rawValue] & bit == 0 else { continue }
      if detection.matched[range.rawValue] & bit != 0 {
        right += weight
        curve.append(truePositives: right, falsePositives: wrong)
      } else {
        wrong += weight
      }
    }
    return curve.average(positives: positives)
  }

  /// Average precision at each threshold.
  ///
  /// - Parameter range: the area range.
  /// - Returns: ten numbers, or `nil` without objects of the range.
  func averagePrecisions(_ range: CocoParameters.AreaRange) -> [Double]? {
    let positives = positiveCount(range)
    guard positives > 0 else { return nil }
    var curve = PrecisionCurve()
    return CocoParameters.intersectionThresholds.indices.map { threshold in
      averagePrecision(range, threshold: threshold, positives: positives, curve: &curve) { _ in 1 }
    }
  }

  /// The share of the objects that are found, as a mean over the thresholds.
  ///
  /// - Parameters:
  ///   - range: the area range.
  ///   - limit: how many of a photograph's detections count.
  /// - Returns: average recall, 0…1, or `nil` without objects of the range.
  func averageRecall(_ range: CocoParameters.AreaRange, limit: Int) -> Double? {
    let positives = positiveCount(range)
    guard positives > 0 else { return nil }
    var found = 0
    for detection in detections where detection.rank < limit {
      let isRight = detection.matched[range.rawValue] & ~detection.ignored[range.rawValue]
      found += isRight.nonzeroBitCount
    }
    return Double(found) / Double(positives * CocoParameters.intersectionThresholds.count)
  }
}
