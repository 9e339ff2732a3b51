import CheckedJSON
import Evaluation
import Foundation
import Testing

@Suite struct AgreementTests {
  private func found(
    _ x: Double,
    _ score: Double,
    width: Double = 10,
    image: Int = 1,
    category: Int = 1
  ) -> Detection {
    Detection(imageID: image, categoryID: category, bbox: box(x, width), score: score)
  }

  @Test("the pair with the larger overlap is taken first")
  func greedy() {
    // Reference 0 overlaps both; tested 1 fits it better, tested 0 is left to reference 1.
    let agreement = DetectionAgreement(
      reference: [found(0, 0.9), found(2, 0.8)],
      tested: [found(1, 0.5), found(0, 0.7)]
    )
    #expect(agreement.pairs.map(\.tested) == [1, 0])
    #expect(agreement.matchedShare == 1)
    #expect(abs(agreement.scoreDifference - 0.25) < 1e-12)
    #expect(abs(agreement.meanOverlap - (1 + 9.0 / 11) / 2) < 1e-12)
  }

  @Test("equal overlaps go to the higher reference score, then the higher tested score")
  func ties() {
    let first = DetectionAgreement(
      reference: [found(0, 0.5), found(0, 0.9)],
      tested: [found(0, 0.1)]
    )
    #expect(first.pairs.map(\.reference) == [1])
    #expect(first.unmatchedReferences == [0])
    let second = DetectionAgreement(
      reference: [found(0, 0.5)],
      tested: [found(0, 0.1), found(0, 0.2), found(0, 0.2)]
    )
    #expect(second.pairs.map(\.tested) == [1])
    #expect(second.unmatchedTested == [0, 2])
    #expect(second.extraShare == 2.0 / 3)
  }

  @Test("pictures, classes, thresholds and the least overlap keep detections apart")
  func apart() {
    let reference = [found(0, 0.9), found(0, 0.29), found(100, 0.9)]
    let tested = [
      found(0, 0.9, image: 2), found(0, 0.9, category: 2), found(0, 0.2), found(106, 0.9),
    ]
    let agreement = DetectionAgreement(
      reference: reference,
      tested: tested,
      referenceThreshold: 0.3,
      testedThreshold: 0.3
    )
    #expect(agreement.pairs.isEmpty)
    #expect(agreement.referenceCount == 2)
    #expect(agreement.testedCount == 3)
    #expect(agreement.matchedShare == 0)
    let all = DetectionAgreement(reference: reference, tested: tested, referenceThreshold: 0.3)
    #expect(all.pairs.map(\.reference) == [0])
    let none = DetectionAgreement(reference: [], tested: [])
    #expect(none.matchedShare == 1)
    #expect(none.extraShare == 0)
  }
}

@Suite(.enabled(if: SharedFolder.exists, "no ../shared"))
struct PeerTests {
  let folder: URL
  let annotations: CocoAnnotations
  let float: [Detection]

  init() throws {
    folder = try #require(SharedFolder.url).appending(path: "blood-cells")
    annotations = try CocoAnnotations.read(path: folder.appending(path: "val.json").path)
    float = try CocoDetections.read(
      path: folder.appending(path: "float_val_detections.json").path
    )
  }

  @Test(
    "the peers' detections give the figures of their table",
    arguments: [
      ("onnxruntime_minmax_default", "ONNX Runtime int8 QDQ, MinMax, default op types"),
      ("openvino_transformer", "OpenVINO + NNCF PTQ, model_type=TRANSFORMER"),
    ]
  )
  func peers(file: String, name: String) throws {
    let integer = try CocoDetections.read(
      path: folder.appending(path: "peers/\(file)_val_detections.json").path
    )
    let figures = try JSON.open(path: folder.appending(path: "peers/figures_val.json").path)[name]
    let report = AgreementReport(float: float, integer: integer)
    func expect(
      _ key: String,
      _ value: Double,
      within tolerance: Double = 1e-9,
      location: SourceLocation = #_sourceLocation
    ) throws {
      let difference = abs(value - (try figures[key].double))
      #expect(difference <= tolerance, "\(key): off by \(difference)", sourceLocation: location)
    }
    #expect(report.all.referenceCount == (try figures["float_detections"].int))
    #expect(report.confident.referenceCount == (try figures["float_detections_f60"].int))
    #expect(report.surplus.testedCount == (try figures["test_detections"].int))
    try expect("matched_share", report.all.matchedShare)
    try expect("mean_score_difference", report.all.scoreDifference)
    try expect("mean_iou", report.all.meanOverlap)
    try expect("matched_share_t30", report.thresholded.matchedShare)
    try expect("mean_score_difference_t30", report.thresholded.scoreDifference)
    try expect("mean_iou_t30", report.thresholded.meanOverlap)
    try expect("matched_share_f60", report.confident.matchedShare)
    try expect("mean_score_difference_f60", report.confident.scoreDifference)
    try expect("mean_iou_f60", report.confident.meanOverlap)
    try expect("extra_share", report.surplus.extraShare)
    let lower = DetectionAgreement(
      reference: float,
      tested: integer,
      referenceThreshold: 0.3,
      testedThreshold: 0.15
    )
    try expect("matched_share_t15", lower.matchedShare)

    let evaluation = try CocoEvaluation(annotations: annotations, detections: integer)
    let reference = try CocoEvaluation(annotations: annotations, detections: float)
    try expect("AP_test", evaluation[.averagePrecision])
    try expect("AP50_test", evaluation[.averagePrecision50])
    let bootstrap = PairedBootstrap(reference: reference, tested: evaluation, draws: 400)
    try expect("AP_drop", bootstrap.difference)
    #expect(bootstrap.interval.contains(bootstrap.difference))
  }

  @Test("a run agrees with itself wholly")
  func itself() throws {
    let report = AgreementReport(float: float, integer: float)
    #expect(report.all.matchedShare == 1)
    #expect(report.all.scoreDifference == 0)
    #expect(report.all.meanOverlap == 1)
    #expect(report.surplus.extraShare == 0)
    #expect(try report.json["t30"]["matched_share"].double == 1)
    let evaluation = try CocoEvaluation(annotations: annotations, detections: float)
    let bootstrap = PairedBootstrap(reference: evaluation, tested: evaluation, draws: 20)
    #expect(bootstrap.interval == 0...0)
    #expect(bootstrap.standardDeviation == 0)
  }
}
