import Evaluation

/// COCO's definition written out as plainly as it can be: every area range, limit and threshold on
/// its own, a point of the curve for each detection. Slow, and the measure of the fast one.
struct DirectCocoEvaluation {
  var metrics: [CocoMetric: Double] = [:]
  var categoryPrecision: [Int: Double] = [:]

  private struct Found {
    var score: Double
    var isRight: Bool
    var isIgnored: Bool
  }

  private static let thresholds: [Double] = {
    let step: Double = (0.95 - 0.5) / 9
    return (0..<9).map { (index: Int) -> Double in Double(index) * step + 0.5 } + [0.95]
  }()
  private static let areas: [(Double, Double)] = [(0, 1e10), (0, 1024), (1024, 9216), (9216, 1e10)]

  init(_ annotations: CocoAnnotations, _ detections: [Detection]) {
    let images = annotations.images.map(\.id).sorted()
    let categories = annotations.categories.map(\.id).sorted()
    func mean(_ numbers: [Double]) -> Double {
      numbers.isEmpty ? -1 : numbers.reduce(0, +) / Double(numbers.count)
    }
    func figures(_ area: Int, _ limit: Int, _ thresholds: Range<Int>) -> ([Double], [Double]) {
      var (precisions, recalls): ([Double], [Double]) = ([], [])
      for category in categories {
        var (own, ownRecalls): ([Double], [Double]) = ([], [])
        for threshold in thresholds {
          guard
            let (precision, recall) = Self.curve(
              annotations.annotations.filter { $0.categoryID == category },
              detections.filter { $0.categoryID == category },
              images,
              Self.areas[area],
              limit,
              Self.thresholds[threshold]
            )
          else { continue }
          own.append(precision)
          ownRecalls.append(recall)
        }
        if area == 0, limit == 100, thresholds.count == 10 {
          categoryPrecision[category] = mean(own)
        }
        precisions += own
        recalls += ownRecalls
      }
      return (precisions, recalls)
    }
    metrics[.averagePrecision] = mean(figures(0, 100, 0..<10).0)
    metrics[.averagePrecision50] = mean(figures(0, 100, 0..<1).0)
    metrics[.averagePrecision75] = mean(figures(0, 100, 5..<6).0)
    metrics[.averagePrecisionSmall] = mean(figures(1, 100, 0..<10).0)
    metrics[.averagePrecisionMedium] = mean(figures(2, 100, 0..<10).0)
    metrics[.averagePrecisionLarge] = mean(figures(3, 100, 0..<10).0)
    metrics[.averageRecall1] = mean(figures(0, 1, 0..<10).1)
    metrics[.averageRecall10] = mean(figures(0, 10, 0..<10).1)
    metrics[.averageRecall100] = mean(figures(0, 100, 0..<10).1)
    metrics[.averageRecallSmall] = mean(figures(1, 100, 0..<10).1)
    metrics[.averageRecallMedium] = mean(figures(2, 100, 0..<10).1)
    metrics[.averageRecallLarge] = mean(figures(3, 100, 0..<10).1)
  }

  private static func curve(
    _ annotations: [CocoAnnotations.Annotation],
    _ detections: [Detection],
    _ images: [Int],
    _ area: (Double, Double),
    _ limit: Int,
    _ threshold: Double
  ) -> (precision: Double, recall: Double)? {
    var found: [Found] = []
    var positives = 0
    for image in images {
      let objects = annotations.filter { $0.imageID == image }
      let own = detections.filter { $0.imageID == image }
      let best = stable(own) { $0.score > $1.score }.prefix(100)
      found += match(Array(best), objects, area, threshold).prefix(limit)
      positives += objects.filter { counts($0, area) }.count
    }
    guard positives > 0 else { return nil }
    var (right, wrong) = (0.0, 0.0)
    var (recalls, precisions): ([Double], [Double]) = ([], [])
    for one in stable(found, by: { $0.score > $1.score }) {
      if !one.isIgnored {
        if one.isRight { right += 1 } else { wrong += 1 }
      }
      recalls.append(right / Double(positives))
      precisions.append(right / (wrong + right + 0x1p-52))
    }
    var sum = 0.0
    for index in 0...100 {
      let recall = index == 100 ? 1 : Double(index) * 0.01
      guard let first = recalls.firstIndex(where: { $0 >= recall }) else { continue }
      sum += precisions[first...].max() ?? 0
    }
    return (sum / 101, recalls.last ?? 0)
  }

  private static func match(
    _ detections: [Detection],
    _ objects: [CocoAnnotations.Annotation],
    _ area: (Double, Double),
    _ threshold: Double
  ) -> [Found] {
    let ordered = objects.filter { counts($0, area) } + objects.filter { !counts($0, area) }
    var isTaken = Array(repeating: false, count: ordered.count)
    return detections.map { detection in
      var best = threshold
      var choice: Int?
      for (index, object) in ordered.enumerated() {
        if isTaken[index] && !object.isCrowd { continue }
        if let choice, counts(ordered[choice], area), !counts(object, area) { break }
        let overlap = overlap(detection, object)
        if overlap < best { continue }
        best = overlap
        choice = index
      }
      guard let choice else {
        let size = detection.width * detection.height
        return Found(
          score: detection.score,
          isRight: false,
          isIgnored: size < area.0 || size > area.1
        )
      }
      isTaken[choice] = true
      let isIgnored = !counts(ordered[choice], area)
      return Found(score: detection.score, isRight: true, isIgnored: isIgnored)
    }
  }

  private static func counts(
    _ object: CocoAnnotations.Annotation,
    _ area: (Double, Double)
  ) -> Bool {
    !object.isCrowd && object.area >= area.0 && object.area <= area.1
  }

  private static func overlap(
    _ detection: Detection,
    _ object: CocoAnnotations.Annotation
  ) -> Double {
    let box = object.box
    let width = min(detection.x + detection.width, box.x + box.width) - max(detection.x, box.x)
    let height = min(detection.y + detection.height, box.y + box.height) - max(detection.y, box.y)
    guard width > 0, height > 0 else { return 0 }
    let shared = width * height
    let own = detection.width * detection.height
    return shared / (object.isCrowd ? own : own + box.width * box.height - shared)
  }

  /// Insertion sort, which keeps the order of equal elements.
  private static func stable<Element>(
    _ elements: [Element],
    by comesBefore: (Element, Element) -> Bool
  ) -> [Element] {
    var sorted: [Element] = []
    for element in elements {
      let place = sorted.lastIndex { !comesBefore(element, $0) }.map { $0 + 1 } ?? 0
      sorted.insert(element, at: place)
    }
    return sorted
  }
}
