/// How the maps of an attention that tells contents from positions are called, and what they give.
struct ConditionalMaps {
  /// Before the name of a map: queries' contents and positions, keys' contents and positions, the code of
  /// the queries' points, values.
  let queryContent: String
  let queryPosition: String
  let keyContent: String
  let keyPosition: String
  let querySine: String
  let value: String
  let output: String
  /// The norm behind it.
  let norm: String
}

extension CheckpointPlan {
  /// Adds self-attention whose maps of contents and of positions are added.
  ///
  /// As in DETR the maps of keys are akin to those of queries.
  ///
  /// - Parameters:
  ///   - maps: the names.
  ///   - positions: of those who ask and are asked.
  ///   - tokens: their contents, then what leaves the norm.
  mutating func addConditionalSelfAttention(
    _ maps: ConditionalMaps,
    positions: ActivationStatistics,
    _ tokens: inout ActivationStatistics
  ) {
    let width = tokens.channels
    // Each of the two parts adds half of the variance of the scores, whose deviation is 1.5.
    let side: Float = 0.87
    addLinear(maps.queryContent, outputs: width, from: tokens, deviation: side)
    addLinear(maps.queryPosition, outputs: width, from: positions, deviation: side)
    addLinear(
      maps.keyContent,
      outputs: width,
      from: tokens,
      deviation: side,
      relative: maps.queryContent
    )
    addLinear(
      maps.keyPosition,
      outputs: width,
      from: positions,
      deviation: side,
      relative: maps.queryPosition
    )
    var read = addLinear(maps.value, outputs: width, from: tokens, deviation: 1)
    read.variance *= Self.keptByAttention
    tokens = tokens + addLinear(maps.output, outputs: width, from: read, deviation: 0.3)
    addNorm(maps.norm, &tokens)
  }

  /// Adds cross-attention whose scores are those of contents plus those of positions.
  ///
  /// The map of the queries' codes is akin to that of the tokens' positions, so that a query looks around
  /// its point.
  ///
  /// - Parameters:
  ///   - maps: the names.
  ///   - positions: what is added to the queries' contents; nil where nothing is.
  ///   - sines: the codes of the queries' points.
  ///   - memory: the tokens.
  ///   - code: their positions.
  ///   - tokens: the queries' contents, then what leaves the norm.
  mutating func addConditionalCrossAttention(
    _ maps: ConditionalMaps,
    positions: ActivationStatistics?,
    sines: ActivationStatistics,
    memory: ActivationStatistics,
    code: ActivationStatistics,
    _ tokens: inout ActivationStatistics
  ) {
    let width = tokens.channels
    let side: Float = 1.8
    addLinear(maps.queryContent, outputs: width, from: tokens, deviation: side)
    if let positions {
      addLinear(maps.queryPosition, outputs: width, from: positions, deviation: side)
    }
    addLinear(maps.keyContent, outputs: width, from: memory, deviation: side)
    addLinear(maps.keyPosition, outputs: width, from: code, deviation: side)
    addLinear(
      maps.querySine,
      outputs: width,
      from: sines,
      deviation: side,
      relative: maps.keyPosition
    )
    var read = addLinear(maps.value, outputs: width, from: memory, deviation: 1)
    read.variance *= Self.keptByAttention
    tokens = tokens + addLinear(maps.output, outputs: width, from: read, deviation: 1)
    addNorm(maps.norm, &tokens)
  }

  /// Adds the two maps of a small network with a rectifier between them.
  ///
  /// - Parameters:
  ///   - name: what the names begin with.
  ///   - input: what enters.
  ///   - hidden: the width between the maps.
  ///   - outputs: numbers that leave.
  ///   - deviation: that of what leaves.
  ///   - mean: the mean of all outputs.
  /// - Returns: what leaves.
  @discardableResult
  mutating func addSmallNetwork(
    _ name: String,
    from input: ActivationStatistics,
    hidden: Int,
    outputs: Int,
    deviation: Float,
    mean: Float = 0
  ) -> ActivationStatistics {
    let inner = addLinear("\(name).layers.0", outputs: hidden, from: input, deviation: 1)
    return addLinear(
      "\(name).layers.1",
      outputs: outputs,
      from: inner.rectified,
      deviation: deviation,
      bias: [Float](repeating: mean, count: outputs)
    )
  }
}
