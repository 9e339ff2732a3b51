import CheckedJSON

/// How well detections agree with annotations: COCO's twelve numbers, as pycocotools 2.0.11
/// computes them for boxes with its default parameters.
///
///     let annotations = try CocoAnnotations.read(path: "val.json")
///     let detections = try CocoDetections.read(path: "detections.json")
///     let evaluation = try CocoEvaluation(annotations: annotations, detections: detections)
///     print(evaluation[.averagePrecision])
///
/// Figures are shares of 1. A figure for which there is nothing to be found is -1. Detections of
/// classes that the annotations do not have are left out, as pycocotools does.
public struct CocoEvaluation: Sendable {
  /// The figures of one class.
  public struct CategoryFigures: Sendable {
    /// The class.
    public let category: CocoAnnotations.Category
    /// Precision averaged over overlaps 0.50:0.95 and recalls, or -1 without objects.
    public let averagePrecision: Double
    /// The same at overlap 0.50.
    public let averagePrecision50: Double
    /// The same at overlap 0.75.
    public let averagePrecision75: Double
  }

  /// The figures of each class, by rising id.
  public let categories: [CategoryFigures]

  /// The number of pictures.
  public let imageCount: Int

  // For the bootstrap: each class matched without regard to area.
  let matches: [CategoryMatches]

  private let figures: [CocoFigure: Double]

  /// Evaluates detections.
  ///
  /// - Parameters:
  ///   - annotations: what is there.
  ///   - detections: what was found; equal scores count in this order.
  /// - Throws: `EvaluationError.unknownImage`.
  public init(
    annotations: CocoAnnotations,
    detections: [Detection]
  ) throws(EvaluationError) {
    let imageIDs = Set(annotations.images.map(\.id)).sorted()
    let grouped = try Self.group(annotations, detections, imageIDs)
    imageCount = imageIDs.count

    var byFigure: [CocoFigure: [Double]] = [:]
    var categories: [CategoryFigures] = []
    var matches: [CategoryMatches] = []
    for (category, groups) in grouped {
      func add(_ figure: CocoFigure, _ value: Double?) {
        if let value { byFigure[figure, default: []].append(value) }
      }
      let all = CategoryMatches(groups, area: .all)
      let curve = PrecisionRecall(all, maximumDetections: 100)
      add(.averagePrecision, curve?.averagePrecision)
      add(.averagePrecision50, curve?.averagePrecision(at: CocoThresholds.half))
      add(.averagePrecision75, curve?.averagePrecision(at: CocoThresholds.threeQuarters))
      add(.averageRecall100, curve?.averageRecall)
      add(.averageRecall10, PrecisionRecall(all, maximumDetections: 10)?.averageRecall)
      add(.averageRecall1, PrecisionRecall(all, maximumDetections: 1)?.averageRecall)
      for (area, precision, recall) in [
        (AreaRange.small, CocoFigure.averagePrecisionSmall, CocoFigure.averageRecallSmall),
        (.medium, .averagePrecisionMedium, .averageRecallMedium),
        (.large, .averagePrecisionLarge, .averageRecallLarge),
      ] {
        let curve = PrecisionRecall(CategoryMatches(groups, area: area), maximumDetections: 100)
        add(precision, curve?.averagePrecision)
        add(recall, curve?.averageRecall)
      }
      categories.append(
        CategoryFigures(
          category: category,
          averagePrecision: curve?.averagePrecision ?? -1,
          averagePrecision50: curve?.averagePrecision(at: CocoThresholds.half) ?? -1,
          averagePrecision75: curve?.averagePrecision(at: CocoThresholds.threeQuarters) ?? -1
        )
      )
      matches.append(all)
    }
    self.categories = categories
    self.matches = matches
    figures = byFigure.mapValues { $0.reduce(0, +) / Double($0.count) }
  }

  /// One of the twelve numbers, or -1 when there is nothing of its kind to be found.
  ///
  /// - Parameter figure: which.
  public subscript(figure: CocoFigure) -> Double { figures[figure] ?? -1 }

  /// The figures for `--json`: `metrics` with the twelve, `per_category` by name or id.
  public var json: JSON {
    var metrics = JSON.Object()
    for figure in CocoFigure.allCases { metrics[figure.rawValue] = .double(self[figure]) }
    var perCategory = JSON.Object()
    for figures in categories {
      let name = figures.category.name
      let key =
        name.isEmpty || perCategory[name] != nil ? "\(figures.category.id)" : name
      perCategory[key] = [
        "AP": .double(figures.averagePrecision), "AP50": .double(figures.averagePrecision50),
        "AP75": .double(figures.averagePrecision75),
      ]
    }
    return ["metrics": .object(metrics), "per_category": .object(perCategory)]
  }

  /// Sorts objects and detections by class and picture.
  private static func group(
    _ annotations: CocoAnnotations,
    _ detections: [Detection],
    _ imageIDs: [Int]
  ) throws(EvaluationError) -> [(CocoAnnotations.Category, [CocoGroup])] {
    var images: [Int: Int32] = [:]
    for (position, id) in imageIDs.enumerated() { images[id] = Int32(position) }
    var categories: [Int: CocoAnnotations.Category] = [:]
    for category in annotations.categories { categories[category.id] = category }
    var groups: [Int: [Int32: CocoGroup]] = [:]
    for annotation in annotations.annotations {
      guard let image = images[annotation.imageID], categories[annotation.categoryID] != nil else {
        continue
      }
      groups[annotation.categoryID, default: [:]][image, default: CocoGroup(image: image)]
        .objects.append(annotation)
    }
    for (position, detection) in detections.enumerated() {
      guard let image = images[detection.imageID] else {
        throw .unknownImage(position: position, imageID: detection.imageID)
      }
      guard categories[detection.categoryID] != nil else { continue }
      groups[detection.categoryID, default: [:]][image, default: CocoGroup(image: image)]
        .detections.append(detection)
    }
    return categories.values.sorted { $0.id < $1.id }.map { category in
      let byImage = groups[category.id] ?? [:]
      return (category, byImage.values.sorted { $0.image < $1.image })
    }
  }
}
