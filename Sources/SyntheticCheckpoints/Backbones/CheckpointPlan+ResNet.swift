extension CheckpointPlan {
  /// Adds a ResNet whose batch norms hold the statistics of what flows through them.
  ///
  /// Pictures pass through the network while it is built: the mean and the variance of each norm
  /// are those of its own input, so that what leaves a norm has the norm's bias as its mean and its
  /// gain as its deviation. Blocks add to their shortcut with gains of `0.8 / √depth`: a stage of
  /// any depth adds about as much variance as it receives.
  ///
  /// - Parameters:
  ///   - resNet: the shape and the names.
  ///   - pictures: normalised pictures.
  /// - Returns: the maps that leave the four stages.
  mutating func addResNet(_ resNet: SyntheticResNet, pictures: FeatureMaps) -> [FeatureMaps] {
    let names = ResNetNames(naming: resNet.naming)
    var maps = addStem(resNet, names, pictures)
    maps = maps.maxPooled()
    var stages: [FeatureMaps] = []
    for stage in 0..<4 {
      let isDilated = stage == 3 && resNet.dilatesLastStage
      for block in 0..<resNet.depths[stage] {
        // The first block of a dilated stage still has the dilation of the stage before.
        maps = addBlock(
          resNet,
          names,
          maps,
          stage: stage,
          block: block,
          stride: stage > 0 && block == 0 && !isDilated ? 2 : 1,
          dilations: isDilated ? (block == 0 ? 1 : 2, 2) : (1, 1)
        )
      }
      stages.append(maps)
    }
    return stages
  }

  /// Adds a convolution of 7×7, or the three of ResNet-D, of which the first halves the picture.
  private mutating func addStem(
    _ resNet: SyntheticResNet,
    _ names: ResNetNames,
    _ pictures: FeatureMaps
  ) -> FeatureMaps {
    guard resNet.naming == .rtDETR else {
      var maps = addConvolution(
        names.stem,
        pictures,
        outputs: resNet.stemWidth,
        .init(kernel: 7, stride: 2, padding: 3),
        gain: 1
      )
      maps.rectify()
      return maps
    }
    var maps = pictures
    for index in 0..<3 {
      maps = addConvolution(
        names.stem(index),
        maps,
        outputs: index < 2 ? resNet.stemWidth / 2 : resNet.stemWidth,
        .init(kernel: 3, stride: index == 0 ? 2 : 1, padding: 1),
        gain: 1
      )
      maps.rectify()
    }
    return maps
  }

  private mutating func addBlock(
    _ resNet: SyntheticResNet,
    _ names: ResNetNames,
    _ input: FeatureMaps,
    stage: Int,
    block: Int,
    stride: Int,
    dilations: (first: Int, second: Int)
  ) -> FeatureMaps {
    let width = resNet.widths[stage]
    let branchGain = 0.8 / Float(resNet.depths[stage]).squareRoot()
    func window(_ stride: Int, _ dilation: Int) -> FeatureMaps.Window {
      .init(kernel: 3, stride: stride, padding: dilation, dilation: dilation)
    }
    let steps: [(width: Int, window: FeatureMaps.Window)] =
      switch resNet.block {
      case .basic: [(width, window(stride, dilations.first)), (width, window(1, dilations.second))]
      case .bottleneck:
        [
          (width / 4, .init(kernel: 1)), (width / 4, window(stride, dilations.first)),
          (width, .init(kernel: 1)),
        ]
      }
    var maps = input
    for (index, step) in steps.enumerated() {
      let isLast = index == steps.count - 1
      maps = addConvolution(
        names.convolution(stage: stage, block: block, index: index),
        maps,
        outputs: step.width,
        step.window,
        gain: isLast ? branchGain : 1
      )
      if !isLast { maps.rectify() }
    }
    let isPlainFirst = resNet.naming == .rtDETR && resNet.block == .basic && block == 0
    if resNet.naming == .rtDETR, stride == 2 {
      maps.add(
        addConvolution(
          names.pooledShortcut(stage: stage, block: block),
          input.averagePooled(),
          outputs: width,
          .init(kernel: 1),
          gain: 1
        )
      )
    } else if stage > 0 && block == 0 || input.channels != width || isPlainFirst {
      let shortcut = addConvolution(
        names.shortcut(stage: stage, block: block),
        input,
        outputs: width,
        .init(kernel: 1, stride: stride),
        gain: 1
      )
      maps.add(shortcut)
    } else {
      maps.add(input)
    }
    maps.rectify()
    return maps
  }

  /// Adds a convolution and its batch norm, fitted to what comes out of the convolution.
  mutating func addConvolution(
    _ names: ResNetNames.Pair,
    _ input: FeatureMaps,
    outputs: Int,
    _ window: FeatureMaps.Window,
    gain: Float
  ) -> FeatureMaps {
    let inputs = input.channels
    let kernel = window.kernel
    let deviation = (2 / Float(inputs * kernel * kernel)).squareRoot()
    let weights = add(names.weights, [outputs, inputs, kernel, kernel]) { random, count in
      random.normals(count, deviation: deviation)
    }
    var maps = input.convolved(weights.numbers(), outputs: outputs, window)
    addBatchNorm(names.norm, fittedTo: &maps, gain: gain)
    return maps
  }

  /// Adds the four arrays of a batch norm and applies it.
  ///
  /// Gains lie within a third of the given one, one in sixteen is negative; biases have a deviation
  /// of a quarter of it.
  ///
  /// - Parameters:
  ///   - name: what the arrays' names begin with.
  ///   - maps: what the norm reads, then what it makes of it.
  ///   - gain: the deviation of what it makes.
  mutating func addBatchNorm(_ name: String, fittedTo maps: inout FeatureMaps, gain: Float) {
    let channels = maps.channels
    let statistics = ChannelStatistics(maps)
    let gains = add("\(name).weight", [channels]) { random, count in
      (0..<count).map { index in
        let size = gain * (random.uniform(index) * (2.0 / 3) + (2.0 / 3))
        return random[index] & 15 == 0 ? -size : size
      }
    }.numbers()
    let biases = add("\(name).bias", [channels]) { random, count in
      random.normals(count, deviation: gain / 4)
    }.numbers()
    add("\(name).running_mean", [channels]) { _, _ in statistics.mean }
    add("\(name).running_var", [channels]) { _, _ in statistics.variance }
    let factors = (0..<channels).map { channel in
      gains[channel] / (statistics.variance[channel] + 1e-5).squareRoot()
    }
    maps.scale(
      by: factors,
      offsets: (0..<channels).map { biases[$0] - statistics.mean[$0] * factors[$0] }
    )
  }
}
