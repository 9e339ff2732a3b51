import FixedPoint
import Foundation
import ModelFile

extension ModelSimulation {
  /// The output of an attention, and how far the integers may be from each element.
  struct Attended {
    var output: Integers
    var tolerance: [Double]
  }

  /// Weights are real and add up to one; only the output is rounded.
  ///
  /// The integer model's weights are `w = 2¹⁵ p + δ` with |δ| ≤ 1 + n/65536 for n keys (`softmaxRow` in
  /// `FixedPoint`) and it divides by their sum W ≥ 2¹⁵ − n/2 − 1, so that its average of the values v is
  /// off from v̄ = Σ p v by `Σ δ (v − v̄) / W`, plus one unit for the two roundings.
  func attention(_ it: Attention, _ inputs: (ValueIndex) -> Integers) -> Attended {
    let (query, key, value) = (inputs(it.query), inputs(it.key), inputs(it.value))
    let queryWidth = channels(it.query) / it.heads
    let valueWidth = channels(it.value) / it.heads
    let (queryChannels, outputs) = (channels(it.query), channels(it.output))
    let keys = validKeys(it)
    let octaves = it.scoreRescale.factor * powerOfTwo(-FractionBits.octaves)
    let factor = it.outputRescale.factor * powerOfTwo(FractionBits.attention)
    let range = OutputRange(model[it.output])
    let weightError =
      (1 + Double(keys.count) / 65536) / (32768 - Double(keys.count) / 2 - 1) * factor

    var tolerance = [Double](repeating: 0, count: count(it.output))
    let output = tolerance.withUnsafeMutableBufferPointer { buffer in
      // Each thread writes rows of its own.
      nonisolated(unsafe) let tolerance = buffer
      return filledRows(rows(it.output), outputs, threads: threads) { rows, result in
        var weights = [Double](repeating: 0, count: keys.count)
        for row in rows {
          for head in 0..<it.heads {
            let queryStart = row * queryChannels + head * queryWidth
            for (place, other) in keys.enumerated() {
              let keyStart = other * queryChannels + head * queryWidth
              var score = 0.0
              for channel in 0..<queryWidth {
                score += Double(query[queryStart + channel]) * Double(key[keyStart + channel])
              }
              weights[place] = score * octaves
            }
            softmaxOfOctaves(&weights)
            for channel in 0..<valueWidth {
              let column = head * valueWidth + channel
              var average = 0.0
              for (place, other) in keys.enumerated() {
                average += weights[place] * Double(value[other * outputs + column])
              }
              var spread = 0.0
              for other in keys { spread += abs(Double(value[other * outputs + column]) - average) }
              result[row * outputs + column] = range.integer(average * factor)
              tolerance[row * outputs + column] = 1 + spread * weightError
            }
          }
        }
      }
    }
    return Attended(output: output, tolerance: tolerance)
  }

  /// The keys that are no padding.
  private func validKeys(_ it: Attention) -> [Int] {
    let keys = Array(0..<rows(it.key))
    guard let grid = it.keyGrid.map({ self.grid($0) }), grid.isPadded else { return keys }
    return keys.filter {
      $0 / grid.width < grid.validHeight && $0 % grid.width < grid.validWidth
    }
  }
}

/// Replaces scores in powers of two by their softmax.
func softmaxOfOctaves(_ scores: inout [Double]) {
  let greatest = scores.max() ?? 0
  var sum = 0.0
  for index in scores.indices {
    scores[index] = exp2(scores[index] - greatest)
    sum += scores[index]
  }
  for index in scores.indices { scores[index] /= sum }
}
