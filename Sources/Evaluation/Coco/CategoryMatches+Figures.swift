extension CategoryMatches {
  /// Average precision at each threshold.
  ///
  /// - Parameter range: the area range.
  /// - Returns: ten numbers, or `nil` without objects of the range.
  func averagePrecisions(_ range: CocoParameters.AreaRange) -> [Double]? {
    let positives = positiveCount(range)
    guard positives > 0 else { return nil }
    var curve = PrecisionCurve()
    return CocoParameters.intersectionThresholds.indices.map { threshold in
      let bit: UInt16 = 1 << UInt16(threshold)
      var right = 0
      var wrong = 0
      curve.removeAll()
      for detection in detections where detection.ignored[range.rawValue] & bit == 0 {
        if detection.matched[range.rawValue] & bit != 0 {
          right += 1
          curve.append(truePositives: right, falsePositives: wrong)
        } else {
          wrong += 1
        }
      }
      return curve.average(positives: positives)
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
