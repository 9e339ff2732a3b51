import CheckedJSON
import Testing

@testable import Evaluation

@Suite("Figures of the blood cells", .enabled(if: SharedFolder.exists, "needs ../shared"))
struct BloodCellsTests {
  static let peers = [
    ("onnxruntime_minmax_default", "ONNX Runtime int8 QDQ, MinMax, default op types"),
    ("openvino_transformer", "OpenVINO + NNCF PTQ, model_type=TRANSFORMER"),
  ]

  // The figures were computed from this very file of detections, so its rounded coordinates and
  // scores cost nothing.
  @Test("the float detections have the figures of pycocotools")
  func floatDetections() throws {
    let evaluation = try CocoEvaluation(annotations: Self.annotations(), detections: Self.float())
    let expected = try JSON.open(path: SharedFolder.path("blood-cells/float_val_coco.json"))
    for metric in CocoMetric.allCases {
      let value = try expected["coco"][metric.rawValue].double
      #expect(abs(evaluation.metrics[metric] - value) <= 1e-9, "\(metric.rawValue)")
    }
    for category in evaluation.categories {
      let figures = expected["per_class"][category.name]
      #expect(abs(category.averagePrecision - (try figures["AP"].double)) <= 1e-9)
      #expect(abs(category.averagePrecision50 - (try figures["AP50"].double)) <= 1e-9)
      #expect(abs(category.averagePrecision75 - (try figures["AP75"].double)) <= 1e-9)
    }
  }

  @Test("the agreement of existing deployments is what was measured", arguments: peers)
  func agreement(file: String, title: String) throws {
    let path = "blood-cells/peers/\(file)_val_detections.json"
    let comparison = try Comparison(
      annotations: Self.annotations(),
      float: Self.float(),
      integer: DetectionFile(path: SharedFolder.path(path)).detections
    )
    let expected = try JSON.open(path: SharedFolder.path("blood-cells/peers/figures_val.json"))[
      title
    ]
    let report = comparison.agreement.json
    var names = [
      "float_detections", "float_detections_f60", "test_detections", "extra_share",
    ]
    for ending in ["", "_t30", "_f60"] {
      names += ["matched_share\(ending)", "mean_score_difference\(ending)", "mean_iou\(ending)"]
    }
    for name in names {
      let (found, value) = (try report[name].double, try expected[name].double)
      #expect(abs(found - value) <= 1e-9, "\(name): \(found), expected \(value)")
    }
    let drop = try #require(comparison.averagePrecisionDrop)
    #expect(abs(drop - (try expected["AP_drop"].double)) <= 1e-9)
    let precision50 = comparison.integer.metrics[.averagePrecision50]
    #expect(abs(precision50 - (try expected["AP50_test"].double)) <= 1e-9)
  }

  @Test("float detections agree with themselves wholly")
  func itself() throws {
    let agreement = Agreement(float: try Self.float(), integer: try Self.float())
    #expect(agreement.all.matchedShare == 1)
    #expect(agreement.all.scoreDifference == 0)
    #expect(agreement.extraShare == 0)
  }

  @Test("detections written and read again are the same")
  func roundTrip() throws {
    let detections = try Self.float()
    let text = String(decoding: try DetectionFile.encoded(detections), as: UTF8.self)
    #expect(try DetectionFile(text: text, source: "copy").detections == detections)
  }

  private static func annotations() throws -> CocoAnnotations {
    try CocoAnnotations(path: SharedFolder.path("blood-cells/val.json"))
  }

  private static func float() throws -> [Detection] {
    try DetectionFile(path: SharedFolder.path("blood-cells/float_val_detections.json")).detections
  }
}
