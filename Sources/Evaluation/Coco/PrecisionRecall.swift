/// Precision over recall of one class, as `COCOeval.accumulate` of pycocotools computes it.
struct PrecisionRecall {
  /// For each overlap threshold, precision averaged over the 101 recalls.
  private(set) var precisions: [Double] = []
  /// For each overlap threshold, the recall reached with all detections.
  private(set) var recalls: [Double] = []

  /// Precision averaged over overlaps and recalls.
  var averagePrecision: Double { precisions.reduce(0, +) / Double(precisions.count) }

  /// Recall averaged over overlaps.
  var averageRecall: Double { recalls.reduce(0, +) / Double(recalls.count) }

  /// Precision averaged over recalls at one overlap.
  ///
  /// - Parameter threshold: its position among the thresholds.
  /// - Returns: the average.
  func averagePrecision(at threshold: Int) -> Double { precisions[threshold] }

  /// Follows the detections of a class by falling score; `nil` when there is nothing to be found.
  ///
  /// - Parameters:
  ///   - matches: the class.
  ///   - maximumDetections: how many detections of each picture count.
  ///   - weights: how often each picture counts, by position; once where it is `nil`. A picture that
  ///     counts n times gives the same result as n copies of it: only the last of a run of equal
  ///     detections can be the largest precision at its recall or beyond.
  init?(_ matches: CategoryMatches, maximumDetections: Int, weights: [Int]? = nil) {
    let positives = matches.positives.reduce(0) { sum, entry in
      sum + entry.count * (weights?[Int(entry.image)] ?? 1)
    }
    guard positives > 0 else { return nil }
    // Where nothing was found yet, precision is 0 divided by this and not by 0, as in numpy's
    // spacing(1).
    let spacing = 1.0.ulp
    // Only a right detection raises the recall, and every other precision is below that of the
    // right detection before it, so the curve is wanted at right detections only.
    var precision: [Double] = []
    var recall: [Double] = []
    for threshold in CocoThresholds.overlaps.indices {
      let bit = UInt16(1) << UInt16(threshold)
      precision.removeAll(keepingCapacity: true)
      recall.removeAll(keepingCapacity: true)
      var right = 0
      var wrong = 0
      for detection in matches.detections
      where detection.ignored & bit == 0 && detection.rank < maximumDetections {
        let weight = weights?[Int(detection.image)] ?? 1
        if detection.matched & bit == 0 {
          wrong += weight
        } else if weight > 0 {
          right += weight
          recall.append(Double(right) / Double(positives))
          precision.append(Double(right) / (Double(wrong) + Double(right) + spacing))
        }
      }
      for index in precision.indices.dropFirst().reversed() {
        precision[index - 1] = max(precision[index - 1], precision[index])
      }
      var sum = 0.0
      var index = 0
      for wanted in CocoThresholds.recalls {
        while index < recall.count, recall[index] < wanted { index += 1 }
        if index == recall.count { break }
        sum += precision[index]
      }
      precisions.append(sum / Double(CocoThresholds.recalls.count))
      recalls.append(recall.last ?? 0)
    }
  }
}
