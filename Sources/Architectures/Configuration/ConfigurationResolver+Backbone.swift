extension ConfigurationResolver {
  /// Stages beyond this would leave no pixel of any picture; their tensors are unexplained.
  static let largestStageCount = 16

  /// Resolves the backbone: block kind, depths and widths from the tensors.
  mutating func resolveBackbone() throws(ArchitectureError) -> ResNetConfiguration {
    let isHybrid = family == .rtDETR || family == .rtDETRv2
    let stem = try reader.shape(isHybrid ? .hybrid(.stem(2)) : .stem)
    let stemWidth = try table.settle(
      "backbone stem",
      tensors: Stated(stem.value.first ?? 0, at: stem.place),
      file: stated.backbone.stemWidth,
      paper: 64
    )
    var depths: [Int] = []
    var widths: [Int] = []
    let isBottleneck = reader.has(.convolution(stage: 0, block: 0, index: 2))
    let block: ResNetConfiguration.Block = isBottleneck ? .bottleneck : .basic
    var place = stem.place
    while depths.count < Self.largestStageCount {
      let blocks = reader.count(.blocks(stage: depths.count))
      if blocks.value == 0 { break }
      let last = Module.convolution(stage: depths.count, block: 0, index: isBottleneck ? 2 : 1)
      let shape = try reader.shape(last)
      depths.append(blocks.value)
      widths.append(shape.value.first ?? 0)
      place = shape.place
    }
    if depths.isEmpty { _ = try reader.shape(.convolution(stage: 0, block: 0, index: 0)) }
    _ = try table.settle(
      "backbone block",
      tensors: Stated(block, at: place),
      file: stated.backbone.block,
      paper: .bottleneck
    )
    _ = try table.settle(
      "backbone depths",
      tensors: Stated(depths, at: place),
      file: stated.backbone.depths,
      paper: [3, 4, 6, 3]
    )
    _ = try table.settle(
      "backbone widths",
      tensors: Stated(widths, at: place),
      file: stated.backbone.widths,
      paper: [256, 512, 1024, 2048]
    )
    return ResNetConfiguration(
      block: block,
      stemWidth: stemWidth,
      depths: depths,
      widths: widths,
      outputs: try resolveOutputs(stages: depths.count),
      stridesFirst: stated.backbone.stridesFirst?.value ?? false,
      stridesFirstStage: stated.backbone.stridesFirstStage?.value ?? false,
      outputStride: try resolveOutputStride(),
      readsBlueFirst: stated.backbone.readsBlueFirst?.value ?? false,
      hasDeepStem: isHybrid
    )
  }

  /// DETR reads the last map; Deformable DETR as many of the last ones as there are 1×1 projections, RT-DETR
  /// one for each projection.
  private mutating func resolveOutputs(stages: Int) throws(ArchitectureError) -> [Int] {
    var count = 1
    if family == .deformableDETR {
      let levels = try reader.shape(.levelEmbedding).value.first ?? 0
      count = 0
      while count < levels {
        let kernel = try reader.shape(.inputProjection(level: count)).value.last ?? 0
        if kernel != 1 { break }
        count += 1
      }
    }
    if family == .rtDETR || family == .rtDETRv2 {
      count = 0
      while count < stages, reader.has(.inputProjection(level: count)) { count += 1 }
    }
    let place = try reader.shape(.inputProjection(level: 0)).place
    guard count > 0, count <= stages else {
      throw .unsupported(
        place: place,
        found: "\(count) maps of a backbone of \(stages) stages",
        supported: "at least one map and no more than stages"
      )
    }
    guard let file = stated.backbone.outputs else { return Array(stages - count..<stages) }
    // DETR's configuration names maps that it never reads.
    let read = family.readsOneMap ? Array(file.value.suffix(1)) : file.value
    let outputs = read.map { $0 < 0 ? stages + $0 : $0 }
    guard outputs.count == count, outputs.allSatisfy({ 0..<stages ~= $0 }),
      outputs == outputs.sorted()
    else {
      throw .contradiction(
        place: file.place,
        found: file.value.map { String($0 < 0 ? $0 : $0 + 1) }.joined(separator: ", "),
        other: place,
        expected: "\(count) of \(stages) stages"
      )
    }
    return outputs
  }

  private mutating func resolveOutputStride() throws(ArchitectureError) -> Int {
    let file = stated.backbone.outputStride
    let option = options.dilation.map { Stated($0 ? 16 : 32, at: "--dilation") }
    for stride in [file, option] {
      if let stride, ![8, 16, 32].contains(stride.value) {
        throw .unsupported(
          place: stride.place,
          found: "\(stride.value)",
          supported: "8, 16 or 32"
        )
      }
    }
    return try table.settle(
      "output stride",
      file: file.map { Stated(OutputStride(value: $0.value), at: $0.place) },
      option: option.map { Stated(OutputStride(value: $0.value), at: $0.place) },
      paper: OutputStride(value: 32)
    ).value
  }
}

/// Prints a stride with what it means.
private struct OutputStride: Equatable, CustomStringConvertible {
  let value: Int
  var description: String { value < 32 ? "\(value) (dilated)" : "\(value) (not dilated)" }
}
