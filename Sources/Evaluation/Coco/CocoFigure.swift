/// The twelve numbers of COCO's detection evaluation, in pycocotools' order.
public enum CocoFigure: String, CaseIterable, Sendable {
  /// Precision averaged over overlaps 0.50:0.95, recalls and classes.
  case averagePrecision = "AP"
  /// The same at overlap 0.50.
  case averagePrecision50 = "AP50"
  /// The same at overlap 0.75.
  case averagePrecision75 = "AP75"
  /// Average precision of objects below 32² pixels.
  case averagePrecisionSmall = "AP_small"
  /// Average precision of objects of 32² to 96² pixels.
  case averagePrecisionMedium = "AP_medium"
  /// Average precision of objects above 96² pixels.
  case averagePrecisionLarge = "AP_large"
  /// Recall averaged over overlaps and classes, with one detection a picture and class.
  case averageRecall1 = "AR_1"
  /// The same with ten detections.
  case averageRecall10 = "AR_10"
  /// The same with a hundred detections.
  case averageRecall100 = "AR_100"
  /// Average recall of objects below 32² pixels.
  case averageRecallSmall = "AR_small"
  /// Average recall of objects of 32² to 96² pixels.
  case averageRecallMedium = "AR_medium"
  /// Average recall of objects above 96² pixels.
  case averageRecallLarge = "AR_large"
}

/// The sizes of objects that COCO tells apart, by area in pixels; both ends belong to each.
enum AreaRange: Int, CaseIterable {
  case all, small, medium, large

  var bounds: ClosedRange<Double> {
    switch self {
    case .all: 0...1e10
    case .small: 0...1024
    case .medium: 1024...9216
    case .large: 9216...1e10
    }
  }
}

/// The thresholds over which COCO averages, with the bits that numpy's `linspace` gives them.
enum CocoThresholds {
  static let overlaps: [Double] = linspace(0.5, 0.95, 10)
  static let recalls: [Double] = linspace(0, 1, 101)
  /// The positions of 0.50 and 0.75 among the overlaps.
  static let half = 0
  static let threeQuarters = 5
  static let maximumDetections = 100

  private static func linspace(_ start: Double, _ stop: Double, _ count: Int) -> [Double] {
    let step = (stop - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? stop : Double($0) * step + start }
  }
}
