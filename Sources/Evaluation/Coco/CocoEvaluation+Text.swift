import CheckedJSON
import Foundation

extension CocoEvaluation {
  /// The twelve lines that pycocotools prints.
  ///
  ///      Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.569
  ///
  /// - Parameter digits: how many digits follow the point; pycocotools prints 3.
  /// - Returns: lines with a leading space, joined by line feeds, without one at the end.
  public func text(digits: Int = 3) -> String {
    CocoMetric.allCases.map { metric in
      let (isPrecision, thresholds, area, limit) = metric.subject
      let title = isPrecision ? "Average Precision  (AP)" : "Average Recall     (AR)"
      let value = String(format: "%.\(digits)f", metrics[metric])
      return " \(title) @[ IoU=\(thresholds.padded(to: 9)) | area=\("\(area)".aligned(to: 6)) | "
        + "maxDets=\("\(limit)".aligned(to: 3)) ] = \(value)"
    }.joined(separator: "\n")
  }

  /// The twelve lines with three digits, exactly as pycocotools prints them.
  public var summary: String { text() }

  /// A table of the categories: name, AP, AP50, AP75, number of objects; `-` without objects.
  ///
  /// - Parameter digits: how many digits follow the point.
  /// - Returns: a heading and a line a category, joined by line feeds, without one at the end.
  public func categoryText(digits: Int = 3) -> String {
    let names = categories.map { onOneLine($0.name, limit: 40) }
    let nameWidth = max(8, names.map(\.count).max() ?? 0)
    let width = digits + 4
    func line(_ name: String, _ cells: [String], _ objects: String) -> String {
      name.padded(to: nameWidth) + cells.map { $0.aligned(to: width) }.joined()
        + objects.aligned(to: 9)
    }
    let heading = line("category", ["AP", "AP50", "AP75"], "objects")
    let rows = zip(names, categories).map { name, category in
      let figures = [
        category.averagePrecision, category.averagePrecision50, category.averagePrecision75,
      ]
      let cells = figures.map { $0 < 0 ? "-" : String(format: "%.\(digits)f", $0) }
      return line(name, cells, "\(category.objectCount)")
    }
    return ([heading] + rows).joined(separator: "\n")
  }

  /// The report for `--json`: `metrics` by pycocotools' names, `categories` with id, name, objects,
  /// AP, AP50 and AP75, and the counts of images and detections; −1 where there is no ground truth.
  public var json: JSON {
    var values = JSON.Object()
    for metric in CocoMetric.allCases { values[metric.rawValue] = .double(metrics[metric]) }
    let rows: [JSON] = categories.map { category in
      [
        "id": JSON(category.id),
        "name": .string(category.name),
        "objects": JSON(category.objectCount),
        "AP": .double(category.averagePrecision),
        "AP50": .double(category.averagePrecision50),
        "AP75": .double(category.averagePrecision75),
      ]
    }
    return [
      "metrics": .object(values),
      "categories": .array(rows),
      "images": JSON(imageIDs.count),
      "detections": JSON(detectionCount),
    ]
  }
}

extension CocoMetric {
  /// What the number is about, as pycocotools prints it.
  fileprivate var subject:
    (isPrecision: Bool, thresholds: String, area: CocoParameters.AreaRange, limit: Int)
  {
    let every = "0.50:0.95"
    return switch self {
    case .averagePrecision: (true, every, .all, 100)
    case .averagePrecision50: (true, "0.50", .all, 100)
    case .averagePrecision75: (true, "0.75", .all, 100)
    case .averagePrecisionSmall: (true, every, .small, 100)
    case .averagePrecisionMedium: (true, every, .medium, 100)
    case .averagePrecisionLarge: (true, every, .large, 100)
    case .averageRecall1: (false, every, .all, 1)
    case .averageRecall10: (false, every, .all, 10)
    case .averageRecall100: (false, every, .all, 100)
    case .averageRecallSmall: (false, every, .small, 100)
    case .averageRecallMedium: (false, every, .medium, 100)
    case .averageRecallLarge: (false, every, .large, 100)
    }
  }
}
