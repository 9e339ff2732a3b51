import CheckedJSON
import Foundation

extension Agreement {
  /// The report for `--json`; a figure that nothing stands behind is `null`.
  ///
  /// Names without an ending are those of `all`, with `_t30` those of `aboveThreshold`, with `_f60`
  /// those of `confident`.
  public var json: JSON {
    var report = JSON.Object()
    report["float_detections"] = JSON(all.floatCount)
    Self.add(all, "", to: &report)
    Self.add(aboveThreshold, "_t30", to: &report)
    report["float_detections_f60"] = JSON(confident.floatCount)
    Self.add(confident, "_f60", to: &report)
    report["test_detections"] = JSON(integerCount)
    report["extra_share"] = extraShare.map(JSON.double) ?? .null
    return .object(report)
  }

  /// The figures, one a line: name, value, what it is of.
  ///
  /// - Parameters:
  ///   - digits: how many digits follow the point.
  ///   - first: what to call the side that is compared with.
  ///   - second: what to call the side that is compared.
  /// - Returns: lines joined by line feeds, without one at the end.
  public func text(
    digits: Int = 4,
    first: String = "float",
    second: String = "integer"
  ) -> String {
    let rows: [(String, Double?, String)] = [
      ("matched share", all.matchedShare, "of \(all.floatCount) \(first) detections from 0.3 on"),
      ("score difference", all.scoreDifference, "mean over \(all.pairs.count) pairs"),
      ("mean IoU", all.meanOverlap, "mean over \(all.pairs.count) pairs"),
      ("matched share (T >= 0.3)", aboveThreshold.matchedShare, "of \(all.floatCount)"),
      (
        "matched share (F >= 0.6)", confident.matchedShare,
        "of \(confident.floatCount) \(first) detections from 0.6 on"
      ),
      (
        "score difference (F >= 0.6)", confident.scoreDifference,
        "mean over \(confident.pairs.count) pairs"
      ),
      ("mean IoU (F >= 0.6)", confident.meanOverlap, "mean over \(confident.pairs.count) pairs"),
      ("extra share", extraShare, "of \(integerCount) \(second) detections from 0.3 on"),
    ]
    return rows.map { name, value, note in
      let figure = value.map { String(format: "%.\(digits)f", $0) } ?? "-"
      let space = String(repeating: " ", count: max(0, 8 - figure.count))
      return name.padded(to: 28) + space + figure + "  " + note
    }.joined(separator: "\n")
  }

  private static func add(
    _ matching: DetectionMatching,
    _ ending: String,
    to report: inout JSON.Object
  ) {
    report["matched_share\(ending)"] = matching.matchedShare.map(JSON.double) ?? .null
    report["mean_score_difference\(ending)"] = matching.scoreDifference.map(JSON.double) ?? .null
    report["mean_iou\(ending)"] = matching.meanOverlap.map(JSON.double) ?? .null
  }
}
