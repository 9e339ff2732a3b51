/// One of the twelve numbers of a COCO evaluation of boxes, in pycocotools' order.
///
/// All lie in 0…1; −1 stands where there is no ground truth of that kind.
public enum CocoMetric: String, CaseIterable, Hashable, Sendable {
  /// Average precision over the ten thresholds 0.50, 0.55, … 0.95 of intersection over union.
  case averagePrecision = "AP"
  /// Average precision at an intersection over union of 0.50.
  case averagePrecision50 = "AP50"
  /// Average precision at an intersection over union of 0.75.
  case averagePrecision75 = "AP75"
  /// Average precision for objects of at most 32² pixels.
  case averagePrecisionSmall = "AP_small"
  /// Average precision for objects of 32² to 96² pixels.
  case averagePrecisionMedium = "AP_medium"
  /// Average precision for objects of at least 96² pixels.
  case averagePrecisionLarge = "AP_large"
  /// Average recall with the one best detection of a category in a photograph.
  case averageRecall1 = "AR_1"
  /// Average recall with the ten best detections of a category in a photograph.
  case averageRecall10 = "AR_10"
  /// Average recall with the hundred best detections of a category in a photograph.
  case averageRecall100 = "AR_100"
  /// Average recall for objects of at most 32² pixels.
  case averageRecallSmall = "AR_small"
  /// Average recall for objects of 32² to 96² pixels.
  case averageRecallMedium = "AR_medium"
  /// Average recall for objects of at least 96² pixels.
  case averageRecallLarge = "AR_large"
}

/// The twelve numbers of a COCO evaluation of boxes.
public struct CocoMetrics: Hashable, Sendable {
  private var values: [Double]

  /// Makes the numbers of a function that computes each.
  init(_ value: (CocoMetric) -> Double) {
    values = CocoMetric.allCases.map(value)
  }

  /// One of the numbers, 0…1, or −1 where there is no ground truth of that kind.
  ///
  /// - Parameter metric: which.
  public subscript(metric: CocoMetric) -> Double {
    values[CocoMetric.allCases.firstIndex(of: metric)!]
  }
}
