import Kernels
import ModelFile

/// How much working memory the step of an operation needs.
struct ScratchNeed {
  let model: Model
  let shapes: [ValueShape]
  let table: KernelTable

  /// Bytes of one thread, a multiple of 64, or of all together where the memory is shared.
  func bytes(_ operation: Operation) -> (bytes: Int64, isShared: Bool) {
    switch operation {
    case .convolution(let it): (product(it).byteCount, false)
    case .maxPool(let it): (pool(it).byteCount, false)
    case .groupNorm(let it):
      (
        GroupScratch.layout(groups: it.groups, channels: model[it.input].channels).byteCount, false
      )
    case .attention(let it): (Int64(attention(it)), false)
    case .deformableAttention(let it): (sampling(it).byteCount, false)
    case .topRows(let it): (Int64(it.count) * 8, true)
    case .averagePool: (AveragePoolStep.scratchBytes, false)
    case .spatialAttention(let it): (spatialAttention(it).byteCount, false)
    case .regionPooling(let it): (region(it.map, bins: it.bins).byteCount, false)
    case .regionSampling(let it): (region(it.map, bins: it.bins).byteCount, false)
    default: (0, false)
    }
  }

  func product(_ it: Convolution) -> ProductStep.Layout {
    let panels = Convolution.panels(
      window: it.window,
      inputs: model[it.input].channels,
      outputs: model[it.output].channels
    )
    return ProductStep.Layout(
      runs: panels.runs,
      runLength: panels.runLength,
      elementBytes: model[it.input].element.byteCount,
      hasPatches: it.readsPictureRows(model),
      hasPositions: it.position != nil,
      table: table
    )
  }

  func pool(_ it: MaxPool) -> PoolStep.Layout {
    PoolStep.Layout(
      taps: it.window.kernel * it.window.kernel,
      channels: model[it.input].channels,
      elementBytes: model[it.input].element.byteCount
    )
  }

  /// The pieces of valid keys: how many, how long, how far apart.
  func keySegments(_ it: Attention) -> (count: Int, length: Int, stride: Int) {
    guard let map = it.keyGrid, let grid = shapes[map.index].grid, grid.isPadded else {
      let keys = shapes[it.key.index].rows
      return (1, keys, keys)
    }
    return (grid.validHeight, grid.validWidth, grid.width)
  }

  func attention(_ it: Attention) -> Int {
    let segments = keySegments(it)
    let bytes = table.attentionScratch(
      segments.count * segments.length,
      model[it.query].channels / it.heads,
      model[it.value].channels / it.heads
    )
    return (bytes + 63) / 64 * 64
  }

  func spatialAttention(_ it: SpatialAttention) -> SpatialAttentionStep.Layout {
    let grid = shapes[it.map.index].grid!
    let keyChannels = model[it.key].channels
    let biasRows =
      it.gaussian.map { $0.scaleCount == 3 ? grid.validHeight : 1 } ?? 0
    return SpatialAttentionStep.Layout(
      segments: grid.validHeight,
      length: grid.validWidth,
      biasRows: biasRows,
      kernelBytes: table.attentionScratch(
        grid.validHeight * grid.validWidth,
        it.sharesKeys ? keyChannels : keyChannels / it.heads,
        model[it.value].channels / it.heads
      )
    )
  }

  func region(_ map: ValueIndex, bins: Int) -> RegionGeometry.Layout {
    RegionGeometry.Layout(bins: bins, grid: shapes[map.index].grid!)
  }

  func sampling(_ it: DeformableAttention) -> SamplingStep.Layout {
    SamplingStep.Layout(
      levels: it.levels.count,
      kernelBytes: table.samplingScratch(it.levels.count * it.points)
    )
  }
}
