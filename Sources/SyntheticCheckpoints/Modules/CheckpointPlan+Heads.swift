extension CheckpointPlan {
  /// Adds a box head of three linear maps.
  ///
  /// - Parameters:
  ///   - name: what the names begin with.
  ///   - tokens: what enters.
  ///   - deviation: that of the four numbers, before the sigmoid.
  ///   - mean: their means: centre x, centre y, width, height.
  mutating func addBoxHead(
    _ name: String,
    from tokens: ActivationStatistics,
    deviation: Float,
    mean: [Float]
  ) {
    var activations = tokens
    for layer in 0..<2 {
      activations =
        addLinear(
          "\(name).layers.\(layer)",
          outputs: tokens.channels,
          from: activations,
          deviation: 1
        ).rectified
    }
    addLinear(
      "\(name).layers.2",
      outputs: 4,
      from: activations,
      deviation: deviation,
      bias: mean
    )
  }

  /// Adds a class head that ends in sigmoids, with the bias that its training starts from.
  ///
  /// The bias is `−ln((1 − p) / p)` with `p = 0.01` ("Focal Loss for Dense Object Detection", Lin et
  /// al., 2017): most scores are near 0.01, few are high.
  ///
  /// - Parameters:
  ///   - name: what the names begin with.
  ///   - tokens: what enters.
  ///   - classes: how many there are.
  mutating func addSigmoidClassHead(
    _ name: String,
    from tokens: ActivationStatistics,
    classes: Int
  ) {
    addLinear(
      name,
      outputs: classes,
      from: tokens,
      deviation: 1.6,
      biasDeviation: 0.3,
      bias: [Float](repeating: -4.5951199, count: classes)
    )
  }

  /// Adds a class head that ends in a softmax over the classes and "no object", the last one, which
  /// is about as likely as all others together.
  ///
  /// - Parameters:
  ///   - name: what the names begin with.
  ///   - tokens: what enters.
  ///   - classes: how many there are without "no object".
  mutating func addSoftmaxClassHead(
    _ name: String,
    from tokens: ActivationStatistics,
    classes: Int
  ) {
    addLinear(
      name,
      outputs: classes + 1,
      from: tokens,
      deviation: 3,
      biasDeviation: 0.5,
      bias: [Float](repeating: 0, count: classes) + [5]
    )
  }
}
