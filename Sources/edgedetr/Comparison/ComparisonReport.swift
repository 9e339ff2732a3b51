import CheckedJSON
import Evaluation

/// What `compare` prints and writes.
struct ComparisonReport {
  /// Integer against float: what gates look at.
  let detections: DetectionComparison
  /// Simulation against float, and integer against simulation.
  private let scales: DetectionComparison?
  private let arithmetic: DetectionComparison?
  private let layers: LayerComparison
  private let photographs: Int
  private let threads: Int
  /// Milliseconds a photograph.
  private let times: [(name: String, value: Double)]

  init(
    _ outcome: PairedRun.Outcome,
    categories: CategoryNumbers,
    annotations: CocoAnnotations?,
    layers: LayerComparison,
    threads: Int
  ) throws(JSONError) {
    func compare(
      _ first: DetectionRun.Outcome,
      _ second: DetectionRun.Outcome
    ) throws(JSONError) -> DetectionComparison {
      try DetectionComparison(
        float: categories.detections(first),
        integer: categories.detections(second),
        images: outcome.images,
        annotations: annotations
      )
    }
    detections = try compare(outcome.float, outcome.integer)
    var runs = [("float", outcome.float), ("integer", outcome.integer)]
    if outcome.simulation.found.isEmpty {
      scales = nil
      arithmetic = nil
    } else {
      scales = try compare(outcome.float, outcome.simulation)
      arithmetic = try compare(outcome.simulation, outcome.integer)
      runs.append(("simulation", outcome.simulation))
    }
    times = runs.map { ($0, $1.seconds / Double(max($1.found.count, 1)) * 1000) }
    photographs = outcome.images.count
    self.layers = layers
    self.threads = threads
  }

  func text(layerLimit: Int) -> String {
    let milliseconds = times.map { "\($0.name) \($0.value.formatted(digits: 1)) ms" }
    var parts = [
      "\(photographs) photographs, \(threads) threads\n"
        + "time a photograph without decoding: \(milliseconds.joined(separator: ", "))",
      "integer against float\n" + detections.text(),
    ]
    if let scales, let arithmetic {
      parts += [
        "scales alone: simulation against float\n" + scales.text(second: "simulation"),
        "arithmetic alone: integer against simulation\n" + arithmetic.text(first: "simulation"),
      ]
    }
    parts.append(layers.text(limit: layerLimit))
    if let arithmetic = layers.arithmetic { parts.append(arithmetic.text) }
    parts.append(layers.sparsity.text)
    return parts.joined(separator: "\n\n")
  }

  func json(misses: [String]) -> JSON {
    var report = JSON.Object()
    report["photographs"] = JSON(photographs)
    report["threads"] = JSON(threads)
    for (name, value) in times { report["\(name)_ms"] = .double(value) }
    report["detections"] = detections.json
    report["scales_detections"] = scales?.json
    report["arithmetic_detections"] = arithmetic?.json
    report["layer_photographs"] = JSON(layers.photographs)
    report["layers"] = layers.json
    report["arithmetic"] = layers.arithmetic?.json
    report["attention_sparsity"] = layers.sparsity.json
    report["missed"] = .array(misses.map(JSON.string))
    return .object(report)
  }
}
