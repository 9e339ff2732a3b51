import FloatGraph

extension GraphBuilder {
  /// Adds the backbone up to the last stage that is read.
  ///
  /// The stem is a 7×7 convolution and a 3×3 maximum, both of stride 2. The first block of each
  /// later stage halves the map; where that would exceed the output stride, the stage is dilated
  /// instead: its first block still has the dilation of the stage before, as in torchvision and timm.
  ///
  /// - Returns: the maps after the last ReLU of each stage, from the first one on.
  mutating func backbone() throws(ArchitectureError) -> [Value] {
    let resNet = configuration.backbone
    var map = try resNet.hasDeepStem ? deepStem() : stem()
    map = graph.append(
      .maxPool(.init(kernel: 3, stride: 2, padding: 1)),
      inputs: [map],
      name: "backbone.pool"
    )
    var maps: [Value] = []
    var totalStride = 4
    var dilation = 1
    for stage in 0...(resNet.outputs.max() ?? 0) {
      var stride = stage > 0 || resNet.stridesFirstStage ? 2 : 1
      let earlierDilation = dilation
      if resNet.outputStride < 32, totalStride >= resNet.outputStride {
        dilation *= stride
        stride = 1
      }
      totalStride *= stride
      for block in 0..<resNet.depths[stage] {
        map = try residualBlock(
          map,
          stage: stage,
          block: block,
          stride: block == 0 ? stride : 1,
          firstDilation: block == 0 ? earlierDilation : dilation,
          dilation: dilation
        )
      }
      maps.append(map)
      graph.landmarks.append((name: "C\(stage + 2)", value: map))
    }
    return maps
  }

  private mutating func stem() throws(ArchitectureError) -> Value {
    let resNet = configuration.backbone
    var stem = try reader.foldedConvolution(
      .stem,
      outputs: resNet.stemWidth,
      inputs: 3,
      kernel: 7
    )
    if resNet.readsBlueFirst { stem = stem.reversingInputs() }
    return graph.append(
      .convolution(stem, .init(kernel: 7, stride: 2, padding: 3), .relu),
      inputs: [graph.picture],
      name: Module.stem.name
    )
  }

  /// The stem of ResNet-D: three 3×3 convolutions, of which the first halves the picture.
  private mutating func deepStem() throws(ArchitectureError) -> Value {
    var map = graph.picture
    for index in 0..<3 {
      let module = Module.hybrid(.stem(index))
      let width =
        index < 2 ? try reader.shape(module).value.first ?? 0 : configuration.backbone.stemWidth
      let window = FloatOperation.Window(kernel: 3, stride: index == 0 ? 2 : 1, padding: 1)
      map = try convolution(module, map, width, window, .relu)
    }
    return map
  }

  private mutating func residualBlock(
    _ input: Value,
    stage: Int,
    block: Int,
    stride: Int,
    firstDilation: Int,
    dilation: Int
  ) throws(ArchitectureError) -> Value {
    let resNet = configuration.backbone
    let width = resNet.widths[stage]
    let inputWidth = graph[input].channels
    func part(_ index: Int) -> Module { .convolution(stage: stage, block: block, index: index) }
    func window(_ stride: Int, _ dilation: Int) -> FloatOperation.Window {
      .init(kernel: 3, stride: stride, padding: dilation, dilation: dilation)
    }

    var value: Value
    switch resNet.block {
    case .basic:
      value = try convolution(part(0), input, width, window(stride, firstDilation), .relu)
      value = try convolution(part(1), value, width, window(1, dilation), .none)
    case .bottleneck:
      let inner = try reader.shape(part(0)).value.first ?? 0
      let strides = resNet.stridesFirst ? (stride, 1) : (1, stride)
      value = try convolution(part(0), input, inner, .init(kernel: 1, stride: strides.0), .relu)
      value = try convolution(part(1), value, inner, window(strides.1, firstDilation), .relu)
      value = try convolution(part(2), value, width, .init(kernel: 1), .none)
    }
    var shortcut = input
    let pooled = Module.hybrid(.pooledShortcut(stage: stage, block: block))
    let module = Module.shortcut(stage: stage, block: block)
    if reader.has(pooled) {
      shortcut = try pooledShortcut(pooled, input, width, stride: stride)
    } else if stride != 1 || inputWidth != width || reader.has(module) {
      shortcut = try convolution(module, input, width, .init(kernel: 1, stride: stride), .none)
    }
    return graph.append(
      .add(.relu),
      inputs: [value, shortcut],
      name: "backbone.stages.\(stage).blocks.\(block)"
    )
  }

  /// The shortcut of ResNet-D: the mean of 2×2 pixels, then a 1×1 convolution.
  private mutating func pooledShortcut(
    _ module: Module,
    _ input: Value,
    _ width: Int,
    stride: Int
  ) throws(ArchitectureError) -> Value {
    guard stride == 2 else {
      throw .unsupported(
        place: try reader.shape(module).place,
        found: "an average pool in a block of stride \(stride)",
        supported: "stride 2"
      )
    }
    let pooled = graph.append(
      .averagePool(size: 2),
      inputs: [input],
      name: "\(module.name).pool"
    )
    return try convolution(module, pooled, width, .init(kernel: 1), .none)
  }

  private mutating func convolution(
    _ module: Module,
    _ input: Value,
    _ outputs: Int,
    _ window: FloatOperation.Window,
    _ activation: FloatOperation.Activation
  ) throws(ArchitectureError) -> Value {
    let weights = try reader.foldedConvolution(
      module,
      outputs: outputs,
      inputs: graph[input].channels,
      kernel: window.kernel
    )
    return graph.append(
      .convolution(weights, window, activation),
      inputs: [input],
      name: module.name
    )
  }
}

extension FloatOperation.Weights {
  /// The same map for inputs in the opposite order.
  fileprivate func reversingInputs() -> FloatOperation.Weights {
    FloatOperation.Weights(
      outputs: outputs,
      inputs: inputs,
      values: values.indices.map { index in
        values[index - index % inputs + (inputs - 1 - index % inputs)]
      },
      bias: bias
    )
  }
}
