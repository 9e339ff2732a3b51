extension CheckpointPlan {
  /// Adds the four maps of self-attention and the norm after it, under the names of transformers.
  ///
  /// The maps of queries and keys are akin, so that like reads like, itself most of all: with a head
  /// of 32 channels and a few hundred tokens, about half of what a token reads is itself. Maps
  /// that have nothing to do with each other would let all tokens read the same few ones.
  ///
  /// - Parameters:
  ///   - name: what the names of the maps begin with.
  ///   - positions: what is added to those who ask and are asked.
  ///   - scoreDeviation: the deviation of the scores of different tokens before the softmax.
  ///   - branchDeviation: that of what is added to the tokens, whose own is about 1.
  ///   - tokens: those who ask, then what leaves the norm.
  mutating func addSelfAttention(
    _ name: String,
    positions: ActivationStatistics,
    scoreDeviation: Float,
    branchDeviation: Float,
    _ tokens: inout ActivationStatistics
  ) {
    addAttention(
      name,
      positions: positions,
      keys: tokens + positions,
      relative: "\(name).q_proj",
      values: tokens,
      scoreDeviation: scoreDeviation,
      branchDeviation: branchDeviation,
      &tokens
    )
  }

  /// Adds the four maps of cross-attention and the norm after it, under the names of transformers.
  ///
  /// - Parameters:
  ///   - name: what the names of the maps begin with.
  ///   - positions: what is added to those who ask.
  ///   - keys: what is asked, with its positions.
  ///   - values: what is read.
  ///   - scoreDeviation: the deviation of the scores before the softmax.
  ///   - branchDeviation: that of what is added to the tokens, whose own is about 1.
  ///   - tokens: those who ask, then what leaves the norm.
  mutating func addCrossAttention(
    _ name: String,
    positions: ActivationStatistics,
    keys: ActivationStatistics,
    values: ActivationStatistics,
    scoreDeviation: Float,
    branchDeviation: Float,
    _ tokens: inout ActivationStatistics
  ) {
    addAttention(
      name,
      positions: positions,
      keys: keys,
      relative: nil,
      values: values,
      scoreDeviation: scoreDeviation,
      branchDeviation: branchDeviation,
      &tokens
    )
  }

  /// The score of a query and a key, `q · k / √c` over the `c` channels of a head, has a deviation
  /// that is the product of those of queries and keys. With a deviation `s` a query reads about one
  /// key in `exp(s²)`.
  private mutating func addAttention(
    _ name: String,
    positions: ActivationStatistics,
    keys: ActivationStatistics,
    relative: String?,
    values: ActivationStatistics,
    scoreDeviation: Float,
    branchDeviation: Float,
    _ tokens: inout ActivationStatistics
  ) {
    tokens =
      tokens
      + addAttentionBranch(
        name,
        queries: tokens + positions,
        keys: keys,
        relative: relative,
        values: values,
        scoreDeviation: scoreDeviation,
        branchDeviation: branchDeviation
      )
    addNorm("\(name)_layer_norm", &tokens)
  }

  /// Adds the four maps of an attention.
  ///
  /// - Parameters:
  ///   - name: what the names of the maps begin with.
  ///   - queries: who ask.
  ///   - keys: what is asked.
  ///   - relative: the map of the queries, where that of the keys is akin to it.
  ///   - values: what is read.
  ///   - scoreDeviation: the deviation of the scores before the softmax.
  ///   - branchDeviation: that of what leaves.
  /// - Returns: what leaves.
  mutating func addAttentionBranch(
    _ name: String,
    queries: ActivationStatistics,
    keys: ActivationStatistics,
    relative: String?,
    values: ActivationStatistics,
    scoreDeviation: Float,
    branchDeviation: Float
  ) -> ActivationStatistics {
    let width = queries.channels
    let side = scoreDeviation.squareRoot()
    addLinear("\(name).q_proj", outputs: width, from: queries, deviation: side)
    addLinear("\(name).k_proj", outputs: width, from: keys, deviation: side, relative: relative)
    var read = addLinear("\(name).v_proj", outputs: width, from: values, deviation: 1)
    read.variance *= Self.keptByAttention
    return addLinear("\(name).out_proj", outputs: width, from: read, deviation: branchDeviation)
  }

  /// Adds the four maps of multi-scale deformable attention and the norm after it, under the names of
  /// transformers.
  ///
  /// The bias of the sampling offsets is that of the official initialisation ("Deformable DETR", Zhu
  /// et al., 2021): each head looks into a direction of its own, each point one step further. The
  /// weights add a deviation of 1.5 pixels of the sampled map that depends on the query.
  ///
  /// - Parameters:
  ///   - name: what the names of the maps begin with.
  ///   - sampling: heads, levels and points.
  ///   - positions: what is added to those who ask.
  ///   - values: what is sampled.
  ///   - tokens: those who ask, then what leaves the norm.
  mutating func addDeformableAttention(
    _ name: String,
    _ sampling: SamplingDirections,
    positions: ActivationStatistics,
    values: ActivationStatistics,
    _ tokens: inout ActivationStatistics
  ) {
    let width = tokens.channels
    let queries = tokens + positions
    addLinear(
      "\(name).sampling_offsets",
      outputs: 2 * sampling.count,
      from: queries,
      deviation: 1.5,
      biasDeviation: 0,
      bias: sampling.offsets
    )
    addLinear(
      "\(name).attention_weights",
      outputs: sampling.count,
      from: queries,
      deviation: 1,
      biasDeviation: 0.5
    )
    var read = addLinear("\(name).value_proj", outputs: width, from: values, deviation: 1)
    read.variance *= Self.keptByAttention
    tokens = tokens + addLinear("\(name).output_proj", outputs: width, from: read, deviation: 0.5)
    addNorm("\(name)_layer_norm", &tokens)
  }

  /// The share of the values' variance that is left when a query averages over what it reads.
  static let keptByAttention: Float = 0.3
}
