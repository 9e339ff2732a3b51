import CheckedJSON

/// COCO's evaluation of detected boxes, with the results of pycocotools 2.0.11 and its defaults.
///
///     let evaluation = try CocoEvaluation(annotations: annotations, detections: detections)
///     evaluation.metrics[.averagePrecision]                  // 0.5693182…
///     print(evaluation.text())                               // the twelve lines of pycocotools
///
/// Ten thresholds of intersection over union from 0.50 to 0.95, 101 recalls, at most 100 detections of
/// a category in a photograph, area ranges with borders at 32² and 96² pixels. Crowds are neither
/// missed nor found. Detections of categories that the annotations do not list are not counted.
///
/// Masks are evaluated in the same way, with the overlap of pixels in place of that of boxes. Not for key points, nor
/// for other thresholds.
public struct CocoEvaluation: Sendable {
  /// What is compared.
  public enum Subject: Sendable {
    case boxes
    /// Pixels; a detection without a mask has none.
    case masks
  }

  /// The figures of one category.
  public struct Category: Sendable {
    /// The category's id.
    public var id: Int
    /// The category's name.
    public var name: String
    /// The number of objects to be found: annotations that are no crowds.
    public var objectCount: Int
    /// Average precision at each of the ten thresholds, 0.50 first; `nil` without objects.
    public var averagePrecisions: [Double]?

    /// Average precision over the ten thresholds; −1 without objects.
    public var averagePrecision: Double { averagePrecisions.map(mean) ?? -1 }
    /// Average precision at 0.50; −1 without objects.
    public var averagePrecision50: Double { averagePrecisions?[CocoParameters.threshold50] ?? -1 }
    /// Average precision at 0.75; −1 without objects.
    public var averagePrecision75: Double { averagePrecisions?[CocoParameters.threshold75] ?? -1 }
  }

  /// The twelve numbers.
  public let metrics: CocoMetrics
  /// The figures of each category, by rising id.
  public let categories: [Category]
  /// The ids of the photographs, rising.
  public let imageIDs: [Int]
  /// The number of detections that were given, counted or not.
  public let detectionCount: Int

  /// What became of each detection, for each category.
  let matches: [CategoryMatches]

  /// Evaluates detections.
  ///
  /// - Parameters:
  ///   - annotations: the ground truth.
  ///   - detections: the detections; their order decides between equal scores.
  ///   - source: the name of the file that the detections are from, for errors.
  ///   - subject: what is compared.
  /// - Throws: `JSONError.notAllowed` for a detection in a photograph that the annotations do not
  ///   list, and for numbers that are not finite.
  public init(
    annotations: CocoAnnotations,
    detections: [Detection],
    source: String = "detections",
    subject: Subject = .boxes
  ) throws(JSONError) {
    let imageIDs = annotations.images.map(\.id).sorted()
    let categories = annotations.categories.sorted { $0.id < $1.id }
    let positions = PositionTable(imageIDs: imageIDs, categoryIDs: categories.map(\.id))
    try Self.check(detections, source: source, against: annotations, positions)
    let masks =
      subject == .masks ? try MaskPairs(annotations, detections, source: source) : nil
    let matches = Self.match(annotations.annotations, detections, positions, masks)

    self.imageIDs = imageIDs
    self.matches = matches
    detectionCount = detections.count
    let precisions = CocoParameters.AreaRange.allCases.map { range in
      matches.map { $0.averagePrecisions(range) }
    }
    self.categories = zip(categories, matches).enumerated().map { index, pair in
      Category(
        id: pair.0.id,
        name: pair.0.name,
        objectCount: pair.1.positiveCount(.all),
        averagePrecisions: precisions[CocoParameters.AreaRange.all.rawValue][index]
      )
    }
    metrics = CocoMetrics { Self.value(of: $0, precisions, matches) }
  }

  private static func check(
    _ detections: [Detection],
    source: String,
    against annotations: CocoAnnotations,
    _ positions: PositionTable
  ) throws(JSONError) {
    for (index, detection) in detections.enumerated() {
      guard positions.image(detection.imageID) != nil else {
        throw .notAllowed(
          source: source,
          path: "[\(index)].image_id",
          expected: "the id of an image in \(annotations.source)",
          found: "\(detection.imageID)"
        )
      }
      let box = detection.box
      for number in [detection.score, box.x, box.y, box.width, box.height]
      where !number.isFinite {
        throw .notAllowed(
          source: source,
          path: "[\(index)]",
          expected: "finite numbers",
          found: "\(number)"
        )
      }
    }
  }

  private static func match(
    _ annotations: [CocoAnnotations.Annotation],
    _ detections: [Detection],
    _ positions: PositionTable,
    _ masks: MaskPairs?
  ) -> [CategoryMatches] {
    let objects = GroupedIndices(annotations, positions) { ($0.imageID, $0.categoryID) }
    let chosen = GroupedIndices(detections, positions) { ($0.imageID, $0.categoryID) }
    var image = ImageMatches(masks: masks)
    return (0..<positions.categoryCount).map { category in
      var matches = CategoryMatches()
      var ownObjects = objects.indices(category: category)
      var ownDetections = chosen.indices(category: category)
      while let position = lesser(
        ownObjects.first.map(objects.image),
        ownDetections.first.map(chosen.image)
      ) {
        image.match(
          detections,
          ownDetections.removePrefix { chosen.image($0) == position },
          annotations,
          ownObjects.removePrefix { objects.image($0) == position }
        )
        matches.append(image, position: position)
      }
      matches.rank()
      return matches
    }
  }

  private static func value(
    of metric: CocoMetric,
    _ precisions: [[[Double]?]],
    _ matches: [CategoryMatches]
  ) -> Double {
    func precision(_ range: CocoParameters.AreaRange, _ figure: ([Double]) -> Double) -> Double {
      let present = precisions[range.rawValue].compactMap { $0.map(figure) }
      return present.isEmpty ? -1 : mean(present)
    }
    func recall(_ range: CocoParameters.AreaRange, limit: Int = 100) -> Double {
      let present = matches.compactMap { $0.averageRecall(range, limit: limit) }
      return present.isEmpty ? -1 : mean(present)
    }
    return switch metric {
    case .averagePrecision: precision(.all, mean)
    case .averagePrecision50: precision(.all) { $0[CocoParameters.threshold50] }
    case .averagePrecision75: precision(.all) { $0[CocoParameters.threshold75] }
    case .averagePrecisionSmall: precision(.small, mean)
    case .averagePrecisionMedium: precision(.medium, mean)
    case .averagePrecisionLarge: precision(.large, mean)
    case .averageRecall1: recall(.all, limit: 1)
    case .averageRecall10: recall(.all, limit: 10)
    case .averageRecall100: recall(.all)
    case .averageRecallSmall: recall(.small)
    case .averageRecallMedium: recall(.medium)
    case .averageRecallLarge: recall(.large)
    }
  }
}

/// The lesser of two numbers of which either may be absent.
private func lesser(_ one: Int?, _ other: Int?) -> Int? {
  guard let one, let other else { return one ?? other }
  return min(one, other)
}

/// The arithmetic mean.
///
/// - Parameter numbers: at least one.
/// - Returns: their sum divided by their count.
func mean(_ numbers: [Double]) -> Double {
  numbers.reduce(0, +) / Double(numbers.count)
}
