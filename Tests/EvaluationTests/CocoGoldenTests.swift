import CheckedJSON
import Testing

@testable import Evaluation

@Suite("COCO figures against pycocotools", .enabled(if: SharedFolder.exists, "needs ../shared"))
struct CocoGoldenTests {
  static let cases = ["plain", "ties", "crowd", "areas", "max-dets", "missing", "empty"]

  @Test("the twelve numbers are those of pycocotools", arguments: cases)
  func twelveNumbers(name: String) throws {
    let (evaluation, expected) = try Self.evaluate(name)
    let tolerance = try expected["tolerance"].double
    for metric in CocoMetric.allCases {
      let reference = try expected["metrics"][metric.rawValue].double
      #expect(abs(evaluation.metrics[metric] - reference) <= tolerance, "\(metric.rawValue)")
    }
  }

  @Test("average precision of each category is that of pycocotools", arguments: cases)
  func categories(name: String) throws {
    let (evaluation, expected) = try Self.evaluate(name)
    let tolerance = try expected["tolerance"].double
    let reference = try expected["ap_per_category"].members
    #expect(reference.count == evaluation.categories.count)
    for category in evaluation.categories {
      let value = try expected["ap_per_category"]["\(category.id)"].double
      #expect(abs(category.averagePrecision - value) <= tolerance, "category \(category.id)")
    }
  }

  private static func evaluate(_ name: String) throws -> (CocoEvaluation, JSON.Located) {
    let folder = "golden/coco-eval/\(name)"
    let annotations = try CocoAnnotations(path: SharedFolder.path("\(folder)/annotations.json"))
    let file = try DetectionFile(path: SharedFolder.path("\(folder)/detections.json"))
    let evaluation = try CocoEvaluation(
      annotations: annotations,
      detections: file.detections,
      source: file.source
    )
    return (evaluation, try JSON.open(path: SharedFolder.path("\(folder)/expected.json")))
  }
}
