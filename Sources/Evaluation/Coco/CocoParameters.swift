/// The parameters of COCO's evaluation of boxes, which pycocotools has as defaults.
///
/// Source: `Params.setDetParams` of pycocotools 2.0.11.
enum CocoParameters {
  /// The thresholds of intersection over union, spaced as numpy's `linspace` rounds them: the ninth
  /// is the double below 0.9.
  static let intersectionThresholds: [Double] = linearSpace(from: 0.5, to: 0.95, count: 10)

  /// The position of the threshold 0.50.
  static let threshold50 = 0
  /// The position of the threshold 0.75.
  static let threshold75 = 5

  /// The recalls at which precision is read.
  static let recallThresholds: [Double] = linearSpace(from: 0, to: 1, count: 101)

  /// How many detections of a category in a photograph count, in rising order.
  static let detectionLimits = [1, 10, 100]

  /// The most detections of a category in a photograph that ever count.
  static let largestDetectionLimit = 100

  /// Ranges of area, both ends inside; ground truth outside is neither missed nor found.
  enum AreaRange: Int, CaseIterable {
    case all, small, medium, large

    /// The bounds in square pixels.
    var bounds: ClosedRange<Double> {
      switch self {
      case .all: 0...1e10
      case .small: 0...1024
      case .medium: 1024...9216
      case .large: 9216...1e10
      }
    }
  }

  /// Evenly spaced numbers with numpy's rounding: index times step, plus start; the end exactly.
  private static func linearSpace(from start: Double, to end: Double, count: Int) -> [Double] {
    let step = (end - start) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? end : Double($0) * step + start }
  }
}
