import FixedPoint
import Kernels
import ModelFile

/// The steps of attention modulated in space and of what is sampled from boxes.
extension ProgramBuilder {
  func spatialAttention(_ it: SpatialAttention, _ index: Int) -> SpatialAttentionStep {
    let grid = grid(it.map)
    let scratch = scratch(operation: index)
    let isSplit = it.gaussian != nil || grid.isPadded
    let gaussian = it.gaussian.map { gaussianBias($0, heads: it.heads, grid: grid) }
    let call = AttentionHead(
      query: shorts(it.query),
      queryStride: it.sharesKeys ? it.heads * channels(it.query) : channels(it.query),
      queryCount: rows(it.output),
      key: shorts(it.key),
      keyStride: channels(it.key),
      value: shorts(it.value),
      valueStride: channels(it.value),
      segments: isSplit ? grid.validHeight : 1,
      segmentLength: isSplit ? grid.validWidth : rows(it.key),
      segmentStride: isSplit ? grid.width : rows(it.key),
      channels: it.sharesKeys ? channels(it.key) : channels(it.key) / it.heads,
      scoreRescale: it.scoreRescale,
      outputRescale: it.outputRescale,
      zeroPoint: zeroPoint(it.output),
      output: output(it.output),
      outputElement: element(it.output),
      outputStride: channels(it.output),
      scratch: scratch.base,
      valueChannels: channels(it.value) / it.heads,
      columnBiasRows: gaussian?.columnRows ?? 1
    )
    return SpatialAttentionStep(
      heads: it.heads,
      sharesKeys: it.sharesKeys,
      call: call,
      gaussian: gaussian,
      scratch: scratch,
      layout: need.spatialAttention(it)
    )
  }

  private func gaussianBias(
    _ it: SpatialAttention.Gaussian,
    heads: Int,
    grid: ValueShape.Grid
  ) -> GaussianBias {
    let isOfMap = it.pictureDivisor == 0
    return GaussianBias(
      heads: heads,
      references: integers(it.references),
      referenceChannels: channels(it.references),
      scales: it.scales.map { shorts($0) },
      scaleCount: it.scaleCount,
      offsets: it.offsets.map { shorts($0) },
      height: grid.validHeight,
      width: grid.validWidth,
      extentHeight: isOfMap ? grid.validHeight : plan.size.validHeight,
      extentWidth: isOfMap ? grid.validWidth : plan.size.validWidth,
      divisor: isOfMap ? 1 : it.pictureDivisor,
      firstPixel: it.isHalfPixel ? 1 << 15 : 0,
      unitFactor: UInt32(it.unitFactor),
      scaleRescale: it.scaleRescale,
      offsetRescale: it.offsetRescale
    )
  }

  func positionSum(_ it: PositionSum) -> PositionSumStep {
    PositionSumStep(
      table: integers(it.position),
      channels: channels(it.output),
      pyramid: pyramid(it.levels, isMasked: !ignoresPadding(it.position)),
      rows: rows(it.output),
      bias: plan.model.elements(it.bias, as: Int32.self),
      multipliers: plan.model.elements(it.multipliers, as: Int32.self),
      shift: it.shift,
      zeroPoint: zeroPoint(it.output),
      lowest: it.lowest,
      highest: it.highest,
      output: output(it.output),
      element: element(it.output)
    )
  }

  func regionPooling(_ it: RegionPooling, _ index: Int) -> RegionPoolingStep {
    RegionPoolingStep(
      geometry: regionGeometry(it.map, boxes: it.boxes, bins: it.bins, index),
      boxes: rows(it.boxes),
      call: regionSum(
        it.map,
        to: it.output,
        bias: plan.model.elements(it.bias, as: Int32.self),
        it.rescale,
        lowest: zeroPoint(it.output)
      )
    )
  }

  func regionSampling(_ it: RegionSampling, _ index: Int) -> RegionSamplingStep {
    RegionSamplingStep(
      geometry: regionGeometry(it.map, boxes: it.boxes, bins: it.bins, index),
      boxes: rows(it.boxes),
      places: integers(it.places),
      points: channels(it.places) / 2,
      call: regionSum(
        it.map,
        to: it.output,
        bias: nil,
        it.rescale,
        lowest: element(it.output).lowest
      )
    )
  }

  private func regionGeometry(
    _ map: ValueIndex,
    boxes: ValueIndex,
    bins: Int,
    _ index: Int
  ) -> RegionGeometry {
    RegionGeometry(
      boxes: integers(boxes),
      bins: bins,
      grid: grid(map),
      scratch: scratch(operation: index),
      layout: RegionGeometry.Layout(bins: bins, grid: grid(map))
    )
  }

  private func regionSum(
    _ map: ValueIndex,
    to output: ValueIndex,
    bias: UnsafePointer<Int32>?,
    _ rescale: Rescale,
    lowest: Int32
  ) -> RegionSum {
    let values = shorts(map)
    return RegionSum(
      value: values,
      pixelStride: channels(map),
      rowStride: channels(map) * grid(map).width,
      // The step sets the weights of each rectangle.
      rowWeights: UnsafeRawPointer(values).assumingMemoryBound(to: Int32.self),
      rows: 0,
      columnWeights: UnsafeRawPointer(values).assumingMemoryBound(to: Int32.self),
      columns: 0,
      channels: channels(map),
      bias: bias,
      rescale: rescale,
      zeroPoint: zeroPoint(output),
      lowest: lowest,
      highest: element(output).highest,
      output: self.output(output),
      outputElement: element(output)
    )
  }

  func pointsInBoxes(_ it: PointsInBoxes) -> PointsInBoxesStep {
    PointsInBoxesStep(
      boxes: integers(it.boxes),
      places: integers(it.places),
      rows: rows(it.places),
      channels: channels(it.places),
      output: output(it.output).assumingMemoryBound(to: Int32.self)
    )
  }

  func gate(_ it: SigmoidGate) -> GateStep {
    GateStep(
      call: GatedRows(
        input: shorts(it.input),
        gates: shorts(it.gates),
        count: count(it.input),
        table: plan.model.elements(it.table, as: Int32.self),
        rescale: it.rescale,
        zeroPoint: zeroPoint(it.output),
        output: output(it.output),
        outputElement: element(it.output)
      )
    )
  }
}
