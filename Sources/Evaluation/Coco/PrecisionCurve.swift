/// Precision over recall, gathered from detections in the order of their scores.
///
/// One value serves for many curves in turn and keeps its memory.
///
/// Source: `COCOeval.accumulate` of pycocotools 2.0.11. Its curve has a point for each detection; here
/// it has one for each right detection, which is the same: recall rises nowhere else, and precision
/// after a wrong detection is below that before it.
struct PrecisionCurve {
  private var truePositives: [Int] = []
  private var precisions: [Double] = []

  /// Forgets all points.
  mutating func removeAll() {
    truePositives.removeAll(keepingCapacity: true)
    precisions.removeAll(keepingCapacity: true)
  }

  /// Adds the point after a right detection.
  ///
  /// - Parameters:
  ///   - truePositives: the right detections so far, this one included.
  ///   - falsePositives: the wrong detections so far.
  mutating func append(truePositives: Int, falsePositives: Int) {
    self.truePositives.append(truePositives)
    let count = Double(falsePositives) + Double(truePositives)
    precisions.append(Double(truePositives) / (count + Double.ulpOfOne))
  }

  /// The mean over 101 recalls of the highest precision that is reached there or further on.
  ///
  /// - Parameter positives: the number of objects, more than 0.
  /// - Returns: average precision, 0…1.
  mutating func average(positives: Int) -> Double {
    for index in precisions.indices.dropFirst().reversed()
    where precisions[index] > precisions[index - 1] {
      precisions[index - 1] = precisions[index]
    }
    var sum = 0.0
    var point = 0
    for recall in CocoParameters.recallThresholds {
      while point < precisions.count, Double(truePositives[point]) / Double(positives) < recall {
        point += 1
      }
      guard point < precisions.count else { break }
      sum += precisions[point]
    }
    return sum / Double(CocoParameters.recallThresholds.count)
  }
}
