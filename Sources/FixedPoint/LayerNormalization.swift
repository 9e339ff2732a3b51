/// The normalisation of one row: the map from a value to its standard score.
///
///     x̂ = (x − mean) / √(variance + ε) = (n·x − S) / √(n·Q − S² + n²·ε)
///
/// after Ba, Kiros, Hinton, "Layer Normalization" (2016), multiplied by n above and below the line
/// so that numerator and radicand are exact integers and nothing is divided. The inverse root is
/// computed once per row as R · 2^-r; a standard score then is one product and one rounding shift.
@frozen
public struct LayerNormalization: Equatable, Sendable {
  /// The number of values in the row, n.
  public var count: Int32

  /// The sum of the row, S.
  public var sum: Int64

  /// The mantissa R of the inverse root, 2^30 − 1 … 2^31.
  public var multiplier: UInt32

  /// The shift that takes (n·x − S) · R to Q9.22, r − 22, 9…40.
  public var shift: Int32

  /// The fraction bits of a standard score: Q9.22.
  @inlinable public static var fractionBits: Int32 { 22 }

  /// Prepares a row of `Int16` values.
  ///
  /// Range: 1 … 65536 values, scaledEpsilon ≤ 2^62 (``scaledEpsilon(_:count:)``). The radicand then
  /// is below 2^63. A row of equal values with ε = 0, whose radicand would be 0, is given 1; its
  /// scores are 0.
  ///
  /// Error: the radicand is exact, and 1/√radicand = `multiplier · 2^-(shift + 22)` relative at most
  /// 2^-29.1, that of ``InverseSquareRoot``.
  @inlinable
  public init(_ statistics: NormalizationStatistics, scaledEpsilon: UInt64) {
    let variance = UInt64(truncatingIfNeeded: statistics.scaledVariance)
    let inverse = InverseSquareRoot(of: max(variance &+ scaledEpsilon, 1))
    count = Int32(bitPattern: statistics.count)
    sum = statistics.sum
    multiplier = inverse.mantissa
    shift = inverse.shift &- LayerNormalization.fractionBits
  }

  /// Returns the standard score of a value of the row, rounded half up.
  ///
  /// Range: a value of the row. |n·x − S| ≤ 65535·n is below 2^32, and for n ≤ 2^15 below 2^31, so
  /// that vector lanes of 32 bits hold it; times R it stays below 2^63. As |x̂| ≤ √(n − 1), the
  /// result is within ±2^30.
  ///
  /// Error: half a unit of 2^-22, and relative 2^-29.1 of the inverse root, |x̂| · 2^-29.1.
  ///
  /// Worked number: in the row 1, 2, 6 with ε = 0 the value 6 has (3·6 − 9) / √42 = 1.388730,
  /// 5824756 in Q9.22.
  @inlinable @inline(__always)
  public func standardScore(_ value: Int32) -> Int32 {
    let centred = Int64(count) &* Int64(value) &- sum
    let half = Int64(1) &<< Int64(shift &- 1)
    return Int32(truncatingIfNeeded: (centred &* Int64(multiplier) &+ half) &>> Int64(shift))
  }

  /// Returns x̂ · γ + β in output units, rounded half up, not yet clamped to the output's type.
  ///
  /// `gamma` and `beta` are the layer's parameters divided by the output's scale, both with
  /// `outputShift` fraction bits; `beta` also holds the output's zero point where there is one.
  ///
  ///     result = (x̂ · gamma + beta · 2^22 + 2^(21 + outputShift)) >> (22 + outputShift)
  ///
  /// Range: outputShift 0…24; gamma and beta of any size. The sum stays below 2^61 + 2^53 + 2^45;
  /// the result fits `Int64` always and is meant to be clamped.
  ///
  /// Error: against exact arithmetic on the same integers at most ½ + |γ| · 2^-23 + |x̂·γ| ·
  /// 2^-29.1 output units, with γ in output units per standard deviation. For γ ≤ 2^15 and results
  /// that `Int16` holds (|x̂·γ| ≤ 2^16 with β) this is below 0.505.
  ///
  /// Worked number: x̂ = 1.388730 as above, γ = 100 (gamma 6553600, outputShift 16), β = −1
  /// (−65536): 137.873 gives 138.
  @inlinable @inline(__always)
  public func output(_ value: Int32, gamma: Int32, beta: Int32, outputShift: Int32) -> Int64 {
    let scaled = Int64(standardScore(value)) &* Int64(gamma)
    let shift = Int64(LayerNormalization.fractionBits &+ outputShift)
    let offset = (Int64(beta) &<< 22) &+ (Int64(1) &<< (shift &- 1))
    return (scaled &+ offset) &>> shift
  }
}

/// Writes the layer normalisation of a row of 16-bit integers as 16-bit integers.
///
/// `gamma` and `beta` are in output units with `outputShift` fraction bits, one pair per position;
/// `scaledEpsilon` is ε in squared input units times count², see ``scaledEpsilon(_:count:)``.
/// Results beyond the output's range are clamped. `output` may be `input`.
///
/// Range: count 1…65536, outputShift 0…24, scaledEpsilon ≤ 2^62.
///
/// Error: below 0.505 output units for |γ| ≤ 2^15 output units; see
/// ``LayerNormalization/output(_:gamma:beta:outputShift:)``. What rounding of gamma and beta to
/// `outputShift` bits adds, (|x̂| + 1) · 2^-(outputShift + 1), is the quantizer's.
///
/// Worked number: the row 1, 2, 6 with ε = 0, γ = 100, β = 0 gives −93, −46, 139.
@inlinable
public func layerNormRow(
  input: UnsafePointer<Int16>,
  count: Int,
  scaledEpsilon: UInt64,
  gamma: UnsafePointer<Int32>,
  beta: UnsafePointer<Int32>,
  outputShift: Int32,
  output: UnsafeMutablePointer<Int16>
) {
  var statistics = NormalizationStatistics()
  statistics.add(input, count: count)
  let row = LayerNormalization(statistics, scaledEpsilon: scaledEpsilon)
  var index = 0
  while index < count {
    let value = row.output(
      Int32(input[index]),
      gamma: gamma[index],
      beta: beta[index],
      outputShift: outputShift
    )
    output[index] = Int16(truncatingIfNeeded: min(max(value, -32768), 32767))
    index &+= 1
  }
}

/// Writes the layer normalisation of a row of 16-bit integers as unsigned bytes.
///
/// As the 16-bit form, with its error; `beta` includes the output's zero point, and results are
/// clamped to 0…255.
///
/// Worked number: the row 1, 2, 6 with ε = 0, γ = 100, β = 128 gives 35, 82, 255.
@inlinable
public func layerNormRow(
  input: UnsafePointer<Int16>,
  count: Int,
  scaledEpsilon: UInt64,
  gamma: UnsafePointer<Int32>,
  beta: UnsafePointer<Int32>,
  outputShift: Int32,
  output: UnsafeMutablePointer<UInt8>
) {
  var statistics = NormalizationStatistics()
  statistics.add(input, count: count)
  let row = LayerNormalization(statistics, scaledEpsilon: scaledEpsilon)
  var index = 0
  while index < count {
    let value = row.output(
      Int32(input[index]),
      gamma: gamma[index],
      beta: beta[index],
      outputShift: outputShift
    )
    output[index] = UInt8(truncatingIfNeeded: min(max(value, 0), 255))
    index &+= 1
  }
}
