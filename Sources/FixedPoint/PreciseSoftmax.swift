/// A softmax of many scores whose results are in units of their own, as most of them are far below one.
///
///     e_i = powerOfTwo(minusOctaves: octaves from score_i to the maximum)        Q1.31, the distance in Q6.26
///     p_i = ⌊(e_i · unit + ⌊T / 2⌋) / T⌋,   T = Σ e_i
///
/// The sum is exact and the quotient one division of 64 bits.
///
/// Range: 1 … 65536 scores, unit 1…2³¹ − 1, a rescale to ``FractionBits/preciseOctaves``.
///
/// Error: the exponentials make (count + 15) · 2^-31 of one, as derived at
/// ``preciseSoftmaxRow(scores:count:toOctaves:probabilities:)``, the division half a unit: p_i is within
/// `unit · (count + 15) · 2^-31 + 0.5` of its real value.
///
/// Worked number: two equal scores and the unit 1000 give 500 each.
@frozen
public struct PreciseSoftmax {
  /// The greatest score.
  public let maximum: Int32
  /// The sum of all exponentials, at least 2³¹.
  public let total: UInt64
  private let scale: OctaveScale
  private let unit: UInt64

  /// Adds up the exponentials of some scores; those that are `Int32.min` do not exist.
  ///
  /// - Parameters:
  ///   - scores: `count` scores, one of them at least above `Int32.min`.
  ///   - count: how many.
  ///   - toOctaves: from scores to octaves.
  ///   - unit: what one becomes.
  public init(scores: UnsafePointer<Int32>, count: Int, toOctaves: Rescale, unit: Int32) {
    let scale = OctaveScale(toOctaves)
    let maximum = rowMaximum(scores, count: count)
    var total: UInt64 = 0
    var index = 0
    while index < count {
      if scores[index] > Int32.min {
        total &+= UInt64(powerOfTwo(minusOctaves: scale.octaves(from: scores[index], to: maximum)))
      }
      index &+= 1
    }
    self.scale = scale
    self.maximum = maximum
    self.total = max(total, 1)
    self.unit = UInt64(unit)
  }

  /// The result for one of the scores.
  public func callAsFunction(_ score: Int32) -> Int32 {
    guard score > Int32.min else { return 0 }
    let exponential = UInt64(powerOfTwo(minusOctaves: scale.octaves(from: score, to: maximum)))
    return Int32(truncatingIfNeeded: (exponential &* unit &+ total / 2) / total)
  }
}
