import FloatGraph
import Quantizer

extension IslandRun.Outcome {
  /// The model with the islands.
  func quantized(provenance: [(name: String, text: String)]) throws -> Quantizer.Result {
    let names = islands.map(\.name).joined(separator: ", ")
    return try search.quantized(
      islands: Set(islands.map(\.value)),
      provenance: provenance + (islands.isEmpty ? [] : [("measured int16 islands", names)])
    )
  }

  /// Every island with what 8 bits would cost there and what 16 do, and what all cost together.
  ///
  /// - Parameters:
  ///   - result: the model with the islands.
  ///   - size: the input for which costs are stated.
  /// - Returns: one line an island and a summary.
  /// - Throws: errors of quantizing and planning.
  func text(_ result: Quantizer.Result, size: InputSize) throws -> String {
    let plain = try search.quantized(islands: [])
    let (with, without) = try (ModelTrial(result.file), ModelTrial(plain.file))
    let arenas = try (with.arenaByteCount(for: size), without.arenaByteCount(for: size))
    let total = Double(search.multiplyAdds)
    let whole = search.candidates.reduce(0) { $0 + $1.error }
    func percent(_ part: Double, _ all: Double) -> String {
      let text = (all > 0 ? part / all * 100 : 0).formatted(digits: 2)
      return String(repeating: " ", count: max(0, 6 - text.count)) + text + " %"
    }
    var lines = [
      "int16 islands: \(islands.count) of \(search.candidates.count) activations",
      "  8-bit error  multiply-adds  activation: layers that read it",
    ]
    for island in islands {
      lines.append(
        "     \(percent(island.error, whole))       \(percent(Double(island.multiplyAdds), total))"
          + "  \(island.name): \(island.products.joined(separator: ", "))"
      )
    }
    let error = islands.reduce(0) { $0 + $1.error }
    let cost = islands.reduce(0) { $0 + $1.multiplyAdds }
    lines.append(
      "  together \(percent(error, whole)) of the error of 8-bit inputs for"
        + " \(percent(Double(cost), total)) of \(search.multiplyAdds) multiply-adds"
        + " at \(size.height)x\(size.width)"
    )
    lines.append(
      "  arena \(arenas.0) bytes, \(arenas.1) without; file \(result.file.count) bytes,"
        + " \(plain.file.count) without"
    )
    if let scoreShift {
      lines.append(
        "  score difference to float on the calibration photographs "
          + scoreShift.formatted(digits: 4)
      )
    }
    return lines.joined(separator: "\n")
  }

  /// The budget that was missed, one line.
  func misses(_ budget: IslandRun.Budget) -> [String] {
    guard let limit = budget.scoreShift, let scoreShift, scoreShift > limit else { return [] }
    return [
      "gate missed: score difference on the calibration photographs is "
        + "\(scoreShift.formatted(digits: 4)) with all \(islands.count) islands, "
        + "expected at most \(limit) (--max-score-shift)"
    ]
  }
}
