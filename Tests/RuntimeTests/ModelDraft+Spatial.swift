import FixedPoint
import Foundation
import ModelFile

extension ModelDraft {
  /// Attention over a map; with a Gaussian of `scales` scales a head where that is not nil.
  mutating func spatialAttention(
    _ query: ValueIndex,
    _ key: ValueIndex,
    _ value: ValueIndex,
    heads: Int,
    map: ValueIndex,
    sharesKeys: Bool,
    gaussian: SpatialAttention.Gaussian? = nil,
    to element: Element
  ) -> ValueIndex {
    let output = self.value(element, channels(value))
    let width = Double(channels(query) / (sharesKeys ? 1 : heads))
    let octaves = 4 * 65536 / (width.squareRoot() * spread(query) * spread(key))
    writer.operations.append(
      .spatialAttention(
        SpatialAttention(
          query: query,
          key: key,
          value: value,
          output: output,
          heads: heads,
          sharesKeys: sharesKeys,
          map: map,
          scoreRescale: rescale(octaves),
          outputRescale: rescale(spread(output) / (spread(value) * 20000)),
          gaussian: gaussian
        )
      )
    )
    return output
  }

  /// Gaussians a few pixels wide around references and offsets of a few pixels.
  func gaussian(
    references: ValueIndex,
    scales: ValueIndex?,
    offsets: ValueIndex?,
    heads: Int,
    divisor: Int
  ) -> SpatialAttention.Gaussian {
    SpatialAttention.Gaussian(
      references: references,
      scales: scales,
      offsets: offsets,
      scaleCount: scales.map { channels($0) / heads } ?? 0,
      pictureDivisor: divisor,
      isHalfPixel: divisor == 0,
      unitFactor: 445_289,
      scaleRescale: rescale(445_289 / 8000),
      offsetRescale: rescale(2 * 65536 / 4000)
    )
  }

  mutating func positionSum(
    _ table: ValueIndex,
    _ levels: [ValueIndex],
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(table))
    let common = rescale(spread(output) / spread(table))
    let count = channels(table)
    let multipliers: [Int32] = integers(count, common.multiplier / 2...common.multiplier)
    writer.operations.append(
      .positionSum(
        PositionSum(
          position: table,
          output: output,
          levels: levels,
          bias: writer.blob(integers(count, Int32(-9_000_000)...9_000_000)),
          multipliers: writer.blob(multipliers),
          shift: common.shift,
          lowest: writer.values[output.index].zeroPoint,
          highest: element.highest
        )
      )
    )
    return output
  }

  mutating func regionPooling(
    _ map: ValueIndex,
    _ boxes: ValueIndex,
    bins: Int,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(map) * bins * bins)
    writer.operations.append(
      .regionPooling(
        RegionPooling(
          map: map,
          boxes: boxes,
          output: output,
          bins: bins,
          bias: writer.blob(integers(channels(map), Int32(-90_000_000)...90_000_000)),
          rescale: rescale(spread(output) / spread(map) / 20000)
        )
      )
    )
    return output
  }

  mutating func regionSampling(
    _ map: ValueIndex,
    _ boxes: ValueIndex,
    _ places: ValueIndex,
    bins: Int,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(map) * channels(places) / 2)
    writer.operations.append(
      .regionSampling(
        RegionSampling(
          map: map,
          boxes: boxes,
          places: places,
          output: output,
          bins: bins,
          rescale: rescale(spread(output) / spread(map) / 20000)
        )
      )
    )
    return output
  }

  mutating func pointsInBoxes(_ boxes: ValueIndex, _ places: ValueIndex) -> ValueIndex {
    let output = value(.int32, channels(places))
    writer.operations.append(
      .pointsInBoxes(PointsInBoxes(boxes: boxes, places: places, output: output))
    )
    return output
  }

  mutating func gate(
    _ input: ValueIndex,
    _ gates: ValueIndex,
    rows: Int,
    to element: Element
  ) -> ValueIndex {
    let output = value(element, channels(input) / rows)
    let table = (0...256).map { entry in
      Int32((32768 / (1 + exp(-Double(256 * entry - 32768) / 4000))).rounded())
    }
    writer.operations.append(
      .gate(
        SigmoidGate(
          input: input,
          gates: gates,
          output: output,
          rows: rows,
          table: writer.blob(table),
          rescale: rescale(spread(output) / spread(input) / 20000)
        )
      )
    )
    return output
  }
}

extension ModelDraft {
  /// A cross-attention like those of SAM-DETR and SMCA-DETR, its kind drawn by the seed.
  mutating func aligned(
    _ queries: ValueIndex,
    map: ValueIndex,
    boxes: ValueIndex,
    logits: ValueIndex,
    seed: Int
  ) -> ValueIndex {
    let places = sigmoid(logits)
    let heads = channels(places) / 2
    let points = pointsInBoxes(boxes, places)
    let bins = regionPooling(
      convolution(map, to: .int16, 5),
      boxes,
      bins: 3 + seed % 3,
      to: seed % 2 == 0 ? .int16 : .uint8
    )
    let content = regionSampling(map, boxes, places, bins: 3 + seed % 3, to: .int16)
    let gates = convolution(bins, to: .int16, channels(content))
    let sharesKeys = seed % 2 == 0
    let gated = gate(content, gates, rows: heads, to: seed % 4 < 2 ? .int16 : .uint8)
    let width = 16
    let positions = sinePosition([map], features: 8)
    let codes = positionSum(
      convolution(positions, to: .int32, width),
      [map],
      to: seed % 3 == 0 ? .uint8 : .int16
    )
    let count = seed % 4
    let hasOffsets = seed % 3 == 0
    let references = hasOffsets ? slice(boxes, first: 0, count: 2) : points
    let scales = count == 0 ? nil : convolution(queries, to: .int16, count * heads)
    let offsets = hasOffsets ? convolution(queries, to: .int16, 2 * heads) : nil
    let gaussian: SpatialAttention.Gaussian? =
      seed % 5 == 0
      ? nil
      : self.gaussian(
        references: references,
        scales: scales,
        offsets: offsets,
        heads: heads,
        divisor: hasOffsets ? 7 : 0
      )
    let keyWidth = sharesKeys ? width : heads * width
    return spatialAttention(
      convolution(sharesKeys ? gated : queries, to: .int16, keyWidth, spread: 600),
      convolution(codes, to: .int16, keyWidth, spread: 600),
      convolution(map, to: .int16, heads * (4 + seed % 13), spread: 3000),
      heads: heads,
      map: map,
      sharesKeys: sharesKeys,
      gaussian: gaussian,
      to: .int16
    )
  }
}
