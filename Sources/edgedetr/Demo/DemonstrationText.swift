import Evaluation

/// What a newcomer reads at the end of the demonstration: figures, files, and what to do next.
struct DemonstrationText {
  private let outcome: Demonstration.Outcome

  init(_ outcome: Demonstration.Outcome) { self.outcome = outcome }

  var text: String {
    [title, TextTable.aligned(figures, right: [1, 2]), agreement, speed, files, next]
      .joined(separator: "\n\n")
  }

  private var demonstration: Demonstration { outcome.demonstration }

  private var title: String {
    let millions = (Double(outcome.detector.parameterCount) / 1e6).formatted(digits: 2)
    return "\(demonstration.checkpoint): \(outcome.detector.configuration.family), "
      + "\(millions) million parameters, \(outcome.detector.graph.labels.count) classes; "
      + "\(demonstration.sceneCount) unseen scenes, \(outcome.seconds.formatted(digits: 0)) s"
  }

  private var figures: [[String]] {
    let accuracy = outcome.comparison.accuracy
    func of(_ metric: CocoMetric) -> [String] {
      [accuracy?.float, accuracy?.integer].map { results in
        guard let value = results?.metrics[metric], value >= 0 else { return "-" }
        return (value * 100).formatted(digits: 2)
      }
    }
    let milliseconds = [outcome.floatMilliseconds, outcome.integerMilliseconds]
    return [
      ["", "float", "int8"],
      ["AP, of 100"] + of(.averagePrecision),
      ["AP at IoU 0.5"] + of(.averagePrecision50),
      ["ms a scene, \(demonstration.threads) threads"]
        + milliseconds.map { $0.formatted(digits: 1) },
      ["file, MB"]
        + [outcome.sourceBytes, outcome.model.model.bytes.count].map { megabytes($0) },
    ]
  }

  private var agreement: String {
    var lines: [String] = []
    if let drop = outcome.comparison.accuracy?.averagePrecisionDrop,
      let interval = outcome.comparison.bootstrap?.interval
    {
      let figures = [drop, interval.lowerBound, interval.upperBound]
        .map { ($0 * 100).formatted(digits: 2) }
      lines.append("AP drop \(figures[0]), 95 %: \(figures[1]) to \(figures[2])")
    }
    let found = outcome.comparison.agreement
    func number(_ value: Double?) -> String { value?.formatted(digits: 4) ?? "-" }
    lines.append(
      "matched share (score 0.3 and above) \(number(found.aboveThreshold.matchedShare)), "
        + "score difference \(number(found.all.scoreDifference)), "
        + "mean IoU \(number(found.all.meanOverlap))"
    )
    return lines.joined(separator: "\n")
  }

  private var speed: String {
    let speed = outcome.speed
    let gigas = (speed.multiplyAdds / 1e9).formatted(digits: 2)
    let share = (speed.shares.median * 100).formatted(digits: 0)
    return "int8 on one thread: \(speed.milliseconds.median.formatted(digits: 1)) ms at "
      + "\(speed.height)x\(speed.width), \(gigas) GMAC, \(share) % of what \(speed.table.name) "
      + "reaches from registers\nmemory: \(megabytes(speed.arenaBytes)) MB of arena, and the file, "
      + "which is mapped"
  }

  private var files: String {
    let rows = [
      ["detections drawn", "\(demonstration.annotatedFolder)/*.png"],
      ["report page", demonstration.pagePath],
      ["model", demonstration.modelPath],
    ]
    return TextTable.aligned(rows)
  }

  private var next: String {
    """
    Next, with a checkpoint and photographs of your own:
      edgedetr inspect CHECKPOINT
      edgedetr quantize CHECKPOINT --images PHOTOGRAPHS -o model.edetr --report model.html
      edgedetr detect model.edetr PHOTOGRAPH --annotate out
      edgedetr compare CHECKPOINT model.edetr --images PHOTOGRAPHS --min-matched 0.97
      Tools/build-board aarch64
    """
  }

  private func megabytes(_ bytes: Int) -> String { (Double(bytes) / 1e6).formatted(digits: 1) }
}
