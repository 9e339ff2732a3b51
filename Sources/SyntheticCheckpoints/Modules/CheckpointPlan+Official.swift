/// Modules under the names of the official repositories of DETR and those that followed it.
extension CheckpointPlan {
  /// Adds attention whose maps of queries, keys and values are one tensor, and the norm after it.
  ///
  /// - Parameters:
  ///   - name: what the names of the attention begin with.
  ///   - norm: the norm's name.
  ///   - queries: those who ask, with their positions.
  ///   - keys: what is asked, with its positions.
  ///   - values: what is read.
  ///   - isAkin: whether the maps of queries and keys are akin, so that like reads like.
  ///   - scoreDeviation: the deviation of the scores before the softmax.
  ///   - branchDeviation: that of what is added to the tokens, whose own is about 1.
  ///   - tokens: those who ask, then what leaves the norm.
  mutating func addJointAttention(
    _ name: String,
    norm: String,
    queries: ActivationStatistics,
    keys: ActivationStatistics,
    values: ActivationStatistics,
    isAkin: Bool,
    scoreDeviation: Float,
    branchDeviation: Float,
    _ tokens: inout ActivationStatistics
  ) {
    let width = tokens.channels
    let side = scoreDeviation.squareRoot()
    var parts = CheckpointPlan(seed: seed)
    parts.addLinear("\(name).q_proj", outputs: width, from: queries, deviation: side)
    parts.addLinear(
      "\(name).k_proj",
      outputs: width,
      from: keys,
      deviation: side,
      relative: isAkin ? "\(name).q_proj" : nil
    )
    var read = parts.addLinear("\(name).v_proj", outputs: width, from: values, deviation: 1)
    let tensors = parts.tensors
    for (index, suffix) in ["weight", "bias"].enumerated() {
      let shape = [3 * width] + (index == 0 ? [width] : [])
      add("\(name).in_proj_\(suffix)", shape) { _, _ in
        [0, 2, 4].flatMap { tensors[$0 + index].numbers() }
      }
    }
    // About what is left of the values' variance when a query averages over what it reads.
    read.variance *= 0.3
    tokens =
      tokens
      + addLinear("\(name).out_proj", outputs: width, from: read, deviation: branchDeviation)
    addNorm(norm, &tokens)
  }

  /// Adds the two maps of a feed-forward part and its norm.
  mutating func addFeedForward(
    _ layer: String,
    norm: String,
    hidden: Int,
    official tokens: inout ActivationStatistics
  ) {
    let expanded = addLinear("\(layer).linear1", outputs: hidden, from: tokens, deviation: 1)
    tokens =
      tokens
      + addLinear(
        "\(layer).linear2",
        outputs: tokens.channels,
        from: expanded.rectified,
        deviation: 0.7
      )
    addNorm("\(layer).\(norm)", &tokens)
  }

  /// Adds the encoder over one map.
  mutating func addOfficialEncoder(
    layers: Int,
    hidden: Int,
    positions: ActivationStatistics,
    _ tokens: inout ActivationStatistics
  ) {
    for index in 0..<layers {
      let name = "transformer.encoder.layers.\(index)"
      addJointAttention(
        "\(name).self_attn",
        norm: "\(name).norm1",
        queries: tokens + positions,
        keys: tokens + positions,
        values: tokens,
        isAkin: true,
        scoreDeviation: 2.2,
        branchDeviation: 0.4,
        &tokens
      )
      addFeedForward(name, norm: "norm2", hidden: hidden, official: &tokens)
    }
  }
}
