/// The weights of one axis of Pillow's antialiased bilinear resize, in fixed point.
///
/// Pillow places a triangle over the source for each destination sample. With `n` source and `m`
/// destination samples, `D = max(n, m)`, the destination sample `j` has its centre at
/// `(2 j + 1) n / 2 m`, the triangle reaches `D / m` to both sides, and the source sample `i` has
/// the weight
///
///     W(i) = 2 D - |(2 i + 1) m - (2 j + 1) n|      where that is positive
///
/// in units of `1 / 2 D`. All of these are integers. The coefficient is `W(i) / sum of W`, rounded
/// to the nearest multiple of 2^-22, halves upwards: `(2^23 W + S) / 2 S` in integers.
///
/// Pillow computes the same quotient in `double` before it rounds. Its error there is about
/// `m n 2^-30 m / 4 n^2` of one unit of 2^-22 while a quotient that is no tie is at least
/// `m / 4 n^2` away from one (`1 / 4 m` when enlarging), so that both agree wherever
/// `m n < 2^28`; the tests compare them densely.
///
/// Example: from 2 to 3 samples, `j = 1` lies in the middle of both: `W = (3, 3)`, weights
/// `(2^21, 2^21)`.
struct ResizeWeights: Sendable {
  /// The number of fraction bits of a weight.
  static let fractionBits: Int32 = 22

  /// The number of weights that are stored for each destination sample, the largest needed.
  let taps: Int
  /// The first source sample of each destination sample.
  private(set) var starts: [Int32]
  /// The number of source samples of each destination sample, 1 to `taps`.
  private(set) var counts: [Int32]
  /// `taps` weights for each destination sample, zeros behind the first `counts` of them.
  private(set) var weights: [Int32]

  /// - Precondition: both lengths are in 1...65 535.
  init(sourceLength: Int, length: Int) {
    precondition((1...65_535).contains(sourceLength) && (1...65_535).contains(length))
    let axis = TriangleAxis(source: Int64(sourceLength), destination: Int64(length))
    var taps = 1
    for index in 0..<length {
      taps = max(taps, axis.window(of: Int64(index)).count)
    }
    self.taps = taps
    starts = [Int32](repeating: 0, count: length)
    counts = [Int32](repeating: 0, count: length)
    weights = [Int32](repeating: 0, count: length * taps)

    for index in 0..<length {
      let window = axis.window(of: Int64(index))
      var sum: Int64 = 0
      for sample in window {
        sum += axis.weight(of: sample, for: Int64(index))
      }
      starts[index] = Int32(window.lowerBound)
      counts[index] = Int32(window.count)
      for (tap, sample) in window.enumerated() {
        let weight = axis.weight(of: sample, for: Int64(index))
        weights[index * taps + tap] = Int32((weight << 23 + sum) / (2 * sum))
      }
    }
  }
}

extension ResizeWeights {
  /// The source samples that destination sample `index` looks at.
  func window(of index: Int) -> Range<Int> {
    Int(starts[index])..<Int(starts[index] + counts[index])
  }
}

/// The triangle filter between two lengths, in integers.
private struct TriangleAxis {
  let source: Int64
  let destination: Int64

  /// `D` of ``ResizeWeights``.
  var reach: Int64 { max(source, destination) }

  /// The source samples with a positive weight.
  ///
  /// `W(i) > 0` means `c - 2 D < (2 i + 1) m < c + 2 D` with `c = (2 j + 1) n`; the sample under
  /// the centre always fulfils it.
  func window(of index: Int64) -> Range<Int64> {
    let center = (2 * index + 1) * source
    // The smallest i with (2 i + 1) m >= center - 2 D + 1, and with >= center + 2 D.
    let first = firstSample(notBelow: center - 2 * reach + 1)
    let end = firstSample(notBelow: center + 2 * reach)
    return max(0, first)..<min(source, end)
  }

  private func firstSample(notBelow bound: Int64) -> Int64 {
    // i >= (bound - m) / 2 m, rounded up; Swift's division truncates towards zero, which is
    // upwards for a negative quotient.
    let numerator = bound - destination
    let divisor = 2 * destination
    return numerator > 0 ? (numerator + divisor - 1) / divisor : numerator / divisor
  }

  func weight(of sample: Int64, for index: Int64) -> Int64 {
    let distance = (2 * sample + 1) * destination - (2 * index + 1) * source
    return 2 * reach - abs(distance)
  }
}
