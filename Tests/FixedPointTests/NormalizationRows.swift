/// Rows that provoke what a normalisation can get wrong: extremes, outliers, hardly any variance.
enum NormalizationRows {
  static func rows(counts: [Int], seed: UInt64) -> [[Int16]] {
    var generator = SeededGenerator(seed: seed)
    var rows: [[Int16]] = []
    for count in counts {
      rows.append([Int16](repeating: 0, count: count))
      rows.append([Int16](repeating: .min, count: count))
      rows.append((0..<count).map { $0 % 2 == 0 ? .min : .max })
      rows.append((0..<count).map { $0 == count / 2 ? .max : .min })
      rows.append((0..<count).map { $0 == count - 1 ? 1 : 0 })
      rows.append((0..<count).map { $0 == 0 ? .max - 1 : .max })
      for deviation in [1.0, 20, 700, 9000, 60000] {
        let mean = Double.random(in: -3 * deviation...3 * deviation, using: &generator)
        rows.append(
          (0..<count).map { _ in
            // The sum of four uniform numbers is near enough to a normal one.
            let uniform = (0..<4).reduce(0.0) { sum, _ in
              sum + Double.random(in: -1...1, using: &generator)
            }
            return Int16(clamping: Int((mean + uniform * deviation * 0.87).rounded()))
          }
        )
      }
    }
    return rows
  }
}

/// The statistics of integers as real numbers: exact sums, one rounding at the end.
struct ExactStatistics {
  let count: Double
  let sum: Int128
  /// n²·variance + n²·ε
  let radicand: Double

  init(_ values: [Int32], scaledEpsilon: UInt64) {
    let n = Int128(values.count)
    sum = values.reduce(Int128(0)) { $0 + Int128($1) }
    let squares = values.reduce(Int128(0)) { $0 + Int128($1) * Int128($1) }
    count = Double(values.count)
    radicand = Double(n * squares - sum * sum + Int128(scaledEpsilon))
  }

  func standardScore(_ value: Int32) -> Double {
    let centred = Int128(count) * Int128(value) - sum
    return centred == 0 ? 0 : Double(centred) / radicand.squareRoot()
  }

  /// In input units.
  var deviation: Double { radicand.squareRoot() / count }
}
