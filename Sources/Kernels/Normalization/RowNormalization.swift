import FixedPoint

/// Layer normalisation of rows: `layerNormRow` of `FixedPoint` on each.
///
/// The output may be the input itself where it is int16 too.
public struct RowNormalization {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (RowNormalization) -> Void

  /// Rows of `channels` elements one after the other.
  public var input: UnsafePointer<Int16>
  public var rows: Int
  /// 1…65536.
  public var channels: Int
  /// `FixedPoint.scaledEpsilon` for this number of channels.
  public var scaledEpsilon: UInt64
  /// Output units per standard deviation with `fractionBits` fraction bits, [channels].
  public var gain: UnsafePointer<Int32>
  /// Output units, the zero point included, with `fractionBits` fraction bits, [channels].
  public var bias: UnsafePointer<Int32>
  public var fractionBits: Int32
  public var output: UnsafeMutableRawPointer
  /// int16 or uint8.
  public var outputElement: KernelElement

  public init(
    input: UnsafePointer<Int16>,
    rows: Int,
    channels: Int,
    scaledEpsilon: UInt64,
    gain: UnsafePointer<Int32>,
    bias: UnsafePointer<Int32>,
    fractionBits: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.input = input
    self.rows = rows
    self.channels = channels
    self.scaledEpsilon = scaledEpsilon
    self.gain = gain
    self.bias = bias
    self.fractionBits = fractionBits
    self.output = output
    self.outputElement = outputElement
  }
}

/// The reference.
@export(interface)
public func scalarRowNormalization(_ call: RowNormalization) {
  var row = 0
  while row < call.rows {
    let start = row &* call.channels
    if call.outputElement == .int16 {
      layerNormRow(
        input: call.input + start,
        count: call.channels,
        scaledEpsilon: call.scaledEpsilon,
        gamma: call.gain,
        beta: call.bias,
        outputShift: call.fractionBits,
        output: call.output.assumingMemoryBound(to: Int16.self) + start
      )
    } else {
      layerNormRow(
        input: call.input + start,
        count: call.channels,
        scaledEpsilon: call.scaledEpsilon,
        gamma: call.gain,
        beta: call.bias,
        outputShift: call.fractionBits,
        output: call.output.assumingMemoryBound(to: UInt8.self) + start
      )
    }
    row &+= 1
  }
}

/// The normalisation of a row with these statistics, for tables whose modules must not hold code of their
/// own for it.
@export(interface)
@inline(never)
public func rowNormalizationFactors(
  _ statistics: NormalizationStatistics,
  scaledEpsilon: UInt64
) -> LayerNormalization {
  LayerNormalization(statistics, scaledEpsilon: scaledEpsilon)
}
