/// The normalisation of one group of channels: mean and inverse standard deviation.
///
/// After Wu, He, "Group Normalization" (2018). A group spans a map, so the statistics come first,
/// in a pass of their own; the second pass applies one line per channel, y = x · slope + offset,
/// which this type prepares (``affine(gamma:beta:outputShift:)``).
///
///     1/σ = n / √(n·Q − S² + n²·ε),  mean = S / n = integer part + fraction · 2^-31
///
/// Worked number: the values 1, 2, 6 with ε = 0 have 1/σ = 3 / √42 = 0.462910 and the mean 3.
@frozen
public struct GroupNormalization: Equatable, Sendable {
  /// The mantissa of 1/σ, 2^30 … 2^31 − 1, to be shifted right by ``inverseDeviationShift``.
  public var inverseDeviation: UInt32

  /// The shift of 1/σ, 19…51; σ lies between 2^(shift − 31) and 2^(shift − 30).
  public var inverseDeviationShift: Int32

  /// The mean, rounded down.
  public var meanInteger: Int32

  /// What the mean has above its integer part, in units of 2^-31, rounded: 0…2^31.
  public var meanFraction: UInt32

  /// Prepares a group.
  ///
  /// Range: 1…2^22 values, scaledEpsilon < 2^18 · n² (see ``scaledEpsilon(_:count:)``). The
  /// radicand is given at least n/2: the exact one without ε is 0 or at least n − 1, and where it
  /// is 0 all values equal the mean and the slope does not matter; so 1/σ exceeds 2^11.5 by no
  /// more than its error.
  ///
  /// Error: 1/σ relative at most 2^-28.5 (2^-29.1 of the inverse root and 2^-30 of the cut to 31
  /// bits), the mean at most 2^-32.
  @inlinable
  public init(_ statistics: NormalizationStatistics, scaledEpsilon: UInt64) {
    let count = UInt64(statistics.count)
    let radicand = statistics.scaledVariance &+ UInt128(scaledEpsilon)
    let inverse = InverseSquareRoot(of: max(radicand, UInt128((count &+ 1) &>> 1)))
    let product = count &* UInt64(inverse.mantissa)
    let zeros = Int32(truncatingIfNeeded: product.leadingZeroBitCount)
    inverseDeviation = UInt32(
      truncatingIfNeeded: (product &<< UInt64(truncatingIfNeeded: zeros)) &>> 33
    )
    inverseDeviationShift = inverse.shift &+ zeros &- 33

    let divisor = Int64(statistics.count)
    var quotient = statistics.sum / divisor
    var remainder = statistics.sum &- quotient &* divisor
    if remainder < 0 {
      quotient &-= 1
      remainder &+= divisor
    }
    meanInteger = Int32(truncatingIfNeeded: quotient)
    meanFraction = UInt32(
      truncatingIfNeeded: (UInt64(bitPattern: remainder) &<< 31 &+ count &>> 1) / count
    )
  }

  /// Returns the line that takes a channel's values to its outputs.
  ///
  /// `gamma` and `beta` are the channel's parameters in output units with `outputShift` fraction
  /// bits; `beta` also holds the output's zero point where there is one. The slope is gamma · 1/σ
  /// rounded to an integer with `shift` = outputShift + inverseDeviationShift − 31 fraction bits;
  /// the offset, β − mean · slope and the half of the rounding, uses that rounded slope, so that
  /// its error acts on x − mean only.
  ///
  /// Range: outputShift 13…24, gamma and beta of any size. Result: shift 1…44, |offset| < 2^53.
  ///
  /// Worked number: 1/σ = 0.462910, the mean 3, γ = 100 and β = 0 with outputShift 16 give a slope
  /// of 46.2910; the value 6 comes out as 138.87, 139.
  @inlinable
  public func affine(gamma: Int32, beta: Int32, outputShift: Int32) -> ChannelAffine {
    let shift = outputShift &+ inverseDeviationShift &- 31
    let slope = (Int64(gamma) &* Int64(inverseDeviation) &+ (Int64(1) &<< 30)) &>> 31
    let meanOffset =
      Int64(meanInteger) &* slope
      &+ (Int64(meanFraction) &* slope &+ (Int64(1) &<< 30)) &>> 31
    let raise = inverseDeviationShift &- 31
    let offset: Int64
    if raise >= 0 {
      offset = Int64(beta) &<< Int64(raise)
    } else {
      offset = (Int64(beta) &+ (Int64(1) &<< Int64(-1 &- raise))) &>> Int64(0 &- raise)
    }
    return ChannelAffine(
      slope: Int32(truncatingIfNeeded: slope),
      shift: shift,
      offset: offset &- meanOffset &+ (Int64(1) &<< Int64(shift &- 1))
    )
  }
}

/// A line with rounding: `(x · slope + offset) >> shift`.
///
/// It is what a group normalisation applies to the values of one channel; the channels of a group
/// share the shift.
@frozen
public struct ChannelAffine: Equatable, Sendable {
  /// Output units per input unit, with `shift` fraction bits.
  public var slope: Int32

  /// The fraction bits, 1…44.
  public var shift: Int32

  /// The output for x = 0, with `shift` fraction bits, and half an output unit for the rounding.
  public var offset: Int64

  /// Creates a line.
  @inlinable @inline(__always)
  public init(slope: Int32, shift: Int32, offset: Int64) {
    self.slope = slope
    self.shift = shift
    self.offset = offset
  }

  /// Returns the output for a value, rounded half up, not yet clamped to the output's type.
  ///
  /// Range: |x| < 2^20; the sum stays below 2^54.
  ///
  /// Error: against exact arithmetic on the integers gamma, beta and x, in output units: ½ of the
  /// last rounding; |x̂| · 2^-outputShift of the rounded slope (|x − mean| · 2^-shift / 2, and
  /// 2^-shift is at most 2^(1 - outputShift) / σ); |x̂·γ| · 2^-28.5 of 1/σ; 1.5 · 2^-shift of the
  /// offset. With outputShift 16, |x̂| ≤ 256, σ ≥ 2^-6 input units and outputs within `Int16` this
  /// is below 0.51.
  ///
  /// Worked number: slope 3, shift 1, offset 1 take the value 5 to (15 + 1) >> 1 = 8, 7.5 rounded
  /// up.
  @inlinable @inline(__always)
  public func apply(_ value: Int32) -> Int64 {
    (Int64(value) &* Int64(slope) &+ offset) &>> Int64(shift)
  }
}

/// Writes one pixel's channels, each through its channel's line, clamped to 16 bits.
///
/// `output` may be `input`. Error: that of ``ChannelAffine/apply(_:)``.
@inlinable
public func channelAffineRow(
  input: UnsafePointer<Int16>,
  count: Int,
  channels: UnsafePointer<ChannelAffine>,
  output: UnsafeMutablePointer<Int16>
) {
  var index = 0
  while index < count {
    let value = channels[index].apply(Int32(input[index]))
    output[index] = Int16(truncatingIfNeeded: min(max(value, -32768), 32767))
    index &+= 1
  }
}

/// Writes one pixel's channels, each through its channel's line, clamped to 0…255.
///
/// Error: that of ``ChannelAffine/apply(_:)``.
@inlinable
public func channelAffineRow(
  input: UnsafePointer<Int16>,
  count: Int,
  channels: UnsafePointer<ChannelAffine>,
  output: UnsafeMutablePointer<UInt8>
) {
  var index = 0
  while index < count {
    let value = channels[index].apply(Int32(input[index]))
    output[index] = UInt8(truncatingIfNeeded: min(max(value, 0), 255))
    index &+= 1
  }
}
