import CheckedJSON
import Evaluation
import Foundation

/// Everything that two sets of detections of the same photographs say about one another.
struct DetectionComparison {
  let agreement: Agreement
  let setAgreement: SetAgreement
  /// Against the annotations, where there are some.
  let accuracy: Comparison?
  let bootstrap: PairedBootstrap?

  init(
    float: [Detection],
    integer: [Detection],
    images: [CocoAnnotations.Image],
    annotations: CocoAnnotations?
  ) throws(JSONError) {
    agreement = Agreement(float: float, integer: integer)
    let sizes = try CocoAnnotations(images: images, categories: [], annotations: [])
    setAgreement = try SetAgreement(annotations: sizes, float: float, integer: integer)
    guard let annotations else {
      accuracy = nil
      bootstrap = nil
      return
    }
    let accuracy = try Comparison(annotations: annotations, float: float, integer: integer)
    self.accuracy = accuracy
    bootstrap = accuracy.bootstrap()
  }

  /// The figures, one a line.
  func text(first: String = "float", second: String = "integer") -> String {
    var lines: [String] = []
    if let accuracy {
      func percent(_ number: Double) -> String { (number * 100).formatted(digits: 2) }
      let values = [accuracy.float, accuracy.integer].map { $0.metrics[.averagePrecision] }
      let drop = accuracy.averagePrecisionDrop
      let figures = values.map { $0 < 0 ? "-" : percent($0) }
      lines.append(line("AP \(first)", figures[0], "of 100"))
      lines.append(line("AP \(second)", figures[1], "of 100"))
      lines.append(line("AP drop", drop.map(percent) ?? "-", interval(percent)))
    }
    lines.append(agreement.text(digits: 4, first: first, second: second))
    func number(_ value: Double?) -> String { value?.formatted(digits: 4) ?? "-" }
    let pairs = "set matching of \(setAgreement.pairCount) pairs"
    lines.append(line("same category", number(setAgreement.sameCategoryShare), pairs))
    lines.append(line("box L1 distance", number(setAgreement.meanDistance), pairs))
    lines.append(line("generalised IoU", number(setAgreement.meanGeneralizedOverlap), pairs))
    lines.append(line("matching cost", number(setAgreement.meanCost), pairs))
    return lines.joined(separator: "\n")
  }

  private func interval(_ percent: (Double) -> String) -> String {
    guard let bootstrap else { return "no interval: no annotated object" }
    let bounds = bootstrap.interval
    return "95 % of \(bootstrap.differences.count) paired draws of photographs: "
      + "\(percent(bounds.lowerBound)) to \(percent(bounds.upperBound))"
  }

  private func line(_ name: String, _ figure: String, _ note: String) -> String {
    name.padding(toLength: 28, withPad: " ", startingAt: 0)
      + String(repeating: " ", count: max(0, 8 - figure.count)) + figure + "  " + note
  }

  var json: JSON {
    var report = JSON.Object()
    if let accuracy {
      report["AP_drop"] = accuracy.averagePrecisionDrop.map(JSON.double) ?? .null
      report["AP_drop_bootstrap"] = bootstrap?.json ?? .null
      report["float"] = accuracy.float.json
      report["integer"] = accuracy.integer.json
    }
    report["agreement"] = agreement.json
    report["set_matching"] = setAgreement.json
    return .object(report)
  }
}
