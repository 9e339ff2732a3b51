import Foundation

/// Writes the indices of the rows with the highest value in one column, highest first.
///
/// Ties go to the lower index; not-a-number counts as lowest.
///
/// - Parameters:
///   - input: `[rows, columns]`.
///   - rows: the number of rows.
///   - columns: the number of columns.
///   - column: the column that decides.
///   - count: how many indices are written, at most `rows`.
///   - output: `[count, 1]` indices, exact in a float below 2²⁴.
func writeTopRows(
  _ input: UnsafePointer<Float>,
  rows: Int,
  columns: Int,
  column: Int,
  count: Int,
  _ output: UnsafeMutablePointer<Float>
) {
  let scores = (0..<rows).map { row in
    let score = input[row * columns + column]
    return score.isNaN ? -Float.infinity : score
  }
  let order = scores.indices.sorted { left, right in
    scores[left] != scores[right] ? scores[left] > scores[right] : left < right
  }
  for index in 0..<count { output[index] = Float(order[index]) }
}

/// Writes `sigmoid(delta + inverseSigmoid(reference))`; references of two numbers move centres only.
///
/// - Parameters:
///   - deltas: `[rows, 4]`.
///   - references: `[rows, coordinates]` in 0…1.
///   - coordinates: 2 or 4.
///   - rows: the number of boxes.
///   - output: `[rows, 4]`.
func writeRefinedBoxes(
  deltas: UnsafePointer<Float>,
  references: UnsafePointer<Float>,
  coordinates: Int,
  rows: Int,
  _ output: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    for index in 0..<4 {
      var logit = Double(deltas[row * 4 + index])
      if index < coordinates {
        let reference = min(max(Double(references[row * coordinates + index]), 0), 1)
        logit += log(max(reference, 1e-5) / max(1 - reference, 1e-5))
      }
      output[row * 4 + index] = Float(1 / (1 + exp(-logit)))
    }
  }
}

/// Writes the sine embedding of every column, `2π · x` at falling frequencies.
///
/// - Parameters:
///   - input: `[rows, columns]` in 0…1.
///   - rows: the number of rows.
///   - columns: the number of columns.
///   - features: the numbers that one column becomes.
///   - temperature: the ratio of the highest and (nearly) the lowest frequency.
///   - output: `[rows, columns · features]`.
func writeBoxSine(
  _ input: UnsafePointer<Float>,
  rows: Int,
  columns: Int,
  features: Int,
  temperature: Double,
  _ output: UnsafeMutablePointer<Float>
) {
  for index in 0..<rows * columns {
    let sines = PositionTables.sines(
      Double(input[index]) * 2 * .pi,
      features: features,
      temperature: temperature
    )
    for (feature, sine) in sines.enumerated() { output[index * features + feature] = sine }
  }
}
