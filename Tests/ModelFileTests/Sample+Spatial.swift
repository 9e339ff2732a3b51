import FixedPoint

@testable import ModelFile

extension Sample {
  private static var rescale: Rescale { Rescale(multiplier: 1 << 30, shift: 40) }

  /// Attention over the pixels of `map`, 2 heads of 4 channels, without a Gaussian.
  mutating func spatialAttention() -> SpatialAttention {
    SpatialAttention(
      query: shorts,
      key: shorts,
      value: shorts,
      output: value(.int16, 8),
      heads: 2,
      sharesKeys: false,
      map: bytes,
      scoreRescale: Self.rescale,
      outputRescale: Self.rescale,
      gaussian: nil
    )
  }

  /// A Gaussian for it around references of two coordinates a head.
  func gaussian(scales: Int) -> SpatialAttention.Gaussian {
    SpatialAttention.Gaussian(
      references: words,
      scales: scales == 0 ? nil : shorts,
      offsets: nil,
      scaleCount: scales,
      pictureDivisor: 32,
      isHalfPixel: true,
      unitFactor: 7,
      scaleRescale: Rescale(multiplier: 5, shift: 6),
      offsetRescale: Rescale(multiplier: 8, shift: 9)
    )
  }

  mutating func positionSum() -> PositionSum {
    PositionSum(
      position: words,
      output: value(.uint8, 4),
      levels: [bytes],
      bias: writer.blob([Int32](1...4)),
      multipliers: writer.blob([Int32](5...8)),
      shift: 30,
      lowest: 0,
      highest: 255
    )
  }

  mutating func regionPooling() -> RegionPooling {
    RegionPooling(
      map: shorts,
      boxes: words,
      output: value(.uint8, 8 * 9),
      bins: 3,
      bias: writer.blob([Int32](1...8)),
      rescale: Self.rescale
    )
  }

  mutating func regionSampling() -> RegionSampling {
    RegionSampling(
      map: shorts,
      boxes: words,
      places: words,
      output: value(.int16, 16),
      bins: 3,
      rescale: Self.rescale
    )
  }

  mutating func gate() -> SigmoidGate {
    SigmoidGate(
      input: shorts,
      gates: shorts,
      output: value(.int16, 4),
      rows: 2,
      table: writer.blob([Int32](0...256)),
      rescale: Self.rescale
    )
  }

  /// One of each, attention with and without a Gaussian.
  mutating func appendSpatialOperations() {
    append(.spatialAttention(spatialAttention()))
    var modulated = spatialAttention()
    modulated.gaussian = gaussian(scales: 0)
    append(.spatialAttention(modulated))
    append(.positionSum(positionSum()))
    append(.regionPooling(regionPooling()))
    append(.regionSampling(regionSampling()))
    append(
      .pointsInBoxes(PointsInBoxes(boxes: words, places: words, output: value(.int32, 4)))
    )
    append(.gate(gate()))
  }
}
