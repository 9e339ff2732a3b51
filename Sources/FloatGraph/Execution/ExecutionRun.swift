import FloatKernels

/// One pass over the steps of a plan: where the values are, and with what they are computed.
struct ExecutionRun {
  let graph: FloatGraph
  let size: InputSize
  let plan: ExecutionPlan
  let picture: UnsafePointer<Float>
  let arena: UnsafeMutablePointer<Float>
  let table: FloatKernelTable
  let pool: WorkerPool

  /// The numbers of a value; only while a later step reads it.
  func values(_ value: FloatGraph.ValueID) -> UnsafePointer<Float> {
    plan.offsets[value.index].map { UnsafePointer(arena + $0) } ?? picture
  }

  func shape(_ value: FloatGraph.ValueID) -> Shape { plan.shapes[value.index] }

  /// Computes one step.
  ///
  /// - Parameters:
  ///   - step: the step; its inputs were computed before.
  ///   - weights: the packed weights of its node.
  func compute(_ step: ExecutionPlan.Step, weights: PackedMatrix?) {
    let inputs = step.inputs.map(values)
    let rows = step.inputs.first.map { shape($0).rows } ?? 0
    let outputShape = shape(step.output)
    // Not the picture, so the value has a place in the arena.
    let output = arena + plan.offsets[step.output.index]!
    switch step.operation {
    case .convolution(_, let window, _):
      let grid = shape(step.inputs[0]).grid!
      convolve(
        inputs[0],
        geometry: WindowGeometry(grid: grid, window: window),
        weights: weights!,
        into: output,
        epilogue: epilogue(step),
        pool: pool
      )
      finishActivation(step, output)
    case .linear:
      multiply(
        inputs[0],
        inputStride: weights!.depth,
        rows: rows,
        by: weights!,
        into: output,
        outputStride: weights!.columns,
        epilogue: epilogue(step),
        pool: pool
      )
      finishActivation(step, output)
    case .maxPool(let window):
      let grid = shape(step.inputs[0]).grid!
      maxPool(
        inputs[0],
        channels: outputShape.channels,
        geometry: WindowGeometry(grid: grid, window: window),
        into: output,
        table: table,
        pool: pool
      )
    case .add(let activation):
      table.add(inputs[0], inputs[1], into: output, count: outputShape.count, pool: pool)
      if let kind = activation.kernel {
        table.activate(kind, output, into: output, count: outputShape.count, pool: pool)
      }
    case .layerNorm(let normalization):
      normalization.gain.withUnsafeBufferPointer { gain in
        normalization.bias.withUnsafeBufferPointer { bias in
          layerNorm(
            LayerNormRows(
              input: inputs[0],
              output: output,
              rows: rows,
              columns: outputShape.channels,
              gain: gain.baseAddress!,
              bias: bias.baseAddress!,
              epsilon: Float(normalization.epsilon)
            ),
            table: table,
            pool: pool
          )
        }
      }
    case .groupNorm(let normalization, let groups):
      groupNorm(
        inputs[0],
        into: output,
        rows: rows,
        channels: outputShape.channels,
        groups: groups,
        gain: normalization.gain,
        bias: normalization.bias,
        epsilon: normalization.epsilon,
        table: table,
        pool: pool
      )
    case .positionCode(let code):
      PositionTables(code, grid: outputShape.grid!).write(output, pool: pool)
    case .constant(let matrix):
      output.update(from: matrix.values, count: matrix.values.count)
    case .concatenateRows:
      concatenate(step, output)
    case .sliceColumns(let range):
      slice(inputs[0], columns: shape(step.inputs[0]).channels, range: range, rows: rows, output)
    case .attention(let attention):
      compute(attention, step, output)
    case .deformableAttention(let attention):
      compute(attention, step, output)
    case .maskPadding(let levels):
      copyUnlessInPlace(inputs[0], output, outputShape.count)
      let tokens = TokenGrid(levels.map { shape($0).grid! })
      if tokens.isPadded {
        tokens.zeroRows(of: output, channels: outputShape.channels) { !$0.isValid }
      }
    case .maskProposals(let levels):
      copyUnlessInPlace(inputs[0], output, outputShape.count)
      TokenGrid(levels.map { shape($0).grid! })
        .zeroRows(of: output, channels: outputShape.channels) { !$0.isProposal }
    case .anchorLogits(let levels):
      TokenGrid(levels.map { shape($0).grid! }).writeAnchorLogits(output)
    case .topRows(let count, let column):
      writeTopRows(
        inputs[0],
        rows: rows,
        columns: shape(step.inputs[0]).channels,
        column: column,
        count: count,
        output
      )
    case .gatherRows:
      let columns = outputShape.channels
      for row in 0..<outputShape.rows {
        let source = inputs[0] + Int(inputs[1][row]) * columns
        (output + row * columns).update(from: source, count: columns)
      }
    case .sigmoid:
      table.activate(.sigmoid, inputs[0], into: output, count: outputShape.count, pool: pool)
    case .refineBoxes:
      writeRefinedBoxes(
        deltas: inputs[0],
        references: inputs[1],
        coordinates: shape(step.inputs[1]).channels,
        rows: rows,
        output
      )
    case .boxSine(let features, let temperature):
      writeBoxSine(
        inputs[0],
        rows: rows,
        columns: shape(step.inputs[0]).channels,
        features: features,
        temperature: temperature,
        output
      )
    case .activate(let activation):
      if let kind = activation.kernel {
        table.activate(kind, inputs[0], into: output, count: outputShape.count, pool: pool)
      } else {
        copyUnlessInPlace(inputs[0], output, outputShape.count)
      }
    case .averagePool(let size):
      writeAveragePool(
        inputs[0],
        grid: shape(step.inputs[0]).grid!,
        channels: outputShape.channels,
        size: size,
        output,
        pool: pool
      )
    case .upsample(let factor):
      writeUpsampled(
        inputs[0],
        grid: shape(step.inputs[0]).grid!,
        channels: outputShape.channels,
        factor: factor,
        output,
        pool: pool
      )
    case .concatenateColumns: concatenateColumns(step, output)
    case .rowMaximum:
      writeRowMaxima(
        inputs[0],
        rows: rows,
        columns: shape(step.inputs[0]).channels,
        output,
        pool: pool
      )
    case .spatialAttention(let attention): compute(attention, step, output)
    case .regionPooling(let pooling): compute(pooling, step, output)
    case .regionSampling(let sampling): compute(sampling, step, output)
    case .pointsInBoxes: writePointsInBoxes(step, output)
    case .gate: writeGated(inputs[0], gates: inputs[1], outputShape.count, output)
    }
  }

  private func epilogue(_ step: ExecutionPlan.Step) -> MatrixEpilogue {
    MatrixEpilogue(
      residual: step.residual.map(values),
      residualStride: shape(step.output).channels,
      rectifies: step.activation == .relu
    )
  }

  /// Computes the activations that products do not have as their last step.
  private func finishActivation(
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    guard let kind = step.activation.kernel, kind != .relu else { return }
    table.activate(kind, output, into: output, count: shape(step.output).count, pool: pool)
  }

  private func concatenate(
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    var destination = output
    for input in step.inputs {
      let (source, count) = (values(input), shape(input).count)
      let part = destination
      pool.parallelFor(count, grain: 4096) { range, _ in
        (part + range.lowerBound).update(from: source + range.lowerBound, count: range.count)
      }
      destination += count
    }
  }

  private func concatenateColumns(
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let (rows, width) = (shape(step.output).rows, shape(step.output).channels)
    var first = 0
    for input in step.inputs {
      let (source, columns) = (values(input), shape(input).channels)
      let part = output + first
      pool.parallelFor(rows, grain: 64) { range, _ in
        for row in range {
          (part + row * width).update(from: source + row * columns, count: columns)
        }
      }
      first += columns
    }
  }

  private func slice(
    _ input: UnsafePointer<Float>,
    columns: Int,
    range: Range<Int>,
    rows: Int,
    _ output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      (output + row * range.count)
        .update(from: input + row * columns + range.lowerBound, count: range.count)
    }
  }

  private func copyUnlessInPlace(
    _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    if input != UnsafePointer(output) { output.update(from: input, count: count) }
  }

  private func compute(
    _ attention: FloatOperation.Attention,
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let (query, key, value) = (shape(step.inputs[0]), shape(step.inputs[1]), shape(step.inputs[2]))
    var operands = MultiHeadAttention(
      query: values(step.inputs[0]),
      key: values(step.inputs[1]),
      value: values(step.inputs[2]),
      output: output,
      queryCount: query.rows,
      keyCount: key.rows,
      heads: attention.heads,
      headWidth: query.channels / attention.heads,
      valueWidth: value.channels / attention.heads
    )
    if let grid = attention.keyGrid.flatMap({ shape($0).grid }), grid.isPadded {
      TokenGrid([grid]).tokens.map { $0.isValid ? 1 : 0 as UInt8 }.withUnsafeBufferPointer {
        operands.keyValidity = $0.baseAddress
        attend(operands, table: table, pool: pool)
      }
    } else {
      attend(operands, table: table, pool: pool)
    }
  }

  private func compute(
    _ attention: FloatOperation.DeformableAttention,
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let grids = attention.levels.map { shape($0).grid! }
    let tokens = TokenGrid(grids)
    let offsets = shape(step.inputs[1])
    let coordinates: Int
    let references: [Float]
    if step.inputs.count > 3 {
      let shape = shape(step.inputs[3])
      coordinates = shape.channels
      references = tokens.references(
        values(step.inputs[3]),
        rows: shape.rows,
        coordinates: coordinates
      )
    } else {
      coordinates = 2
      references = tokens.ownReferences()
    }
    let heads = attention.heads
    let samples = grids.count * attention.points
    tokens.sampledLevels.withUnsafeBufferPointer { levels in
      references.withUnsafeBufferPointer { references in
        attendDeformable(
          DeformableSampling(
            value: values(step.inputs[0]),
            tokenStride: shape(step.output).channels,
            headStride: shape(step.output).channels / heads,
            heads: heads,
            headWidth: shape(step.output).channels / heads,
            levels: levels.baseAddress!,
            levelCount: grids.count,
            points: attention.points,
            references: references.baseAddress!,
            coordinates: coordinates,
            offsets: values(step.inputs[1]),
            offsetStride: heads * samples * 2,
            logits: values(step.inputs[2]),
            logitStride: heads * samples,
            output: output,
            isDiscrete: attention.isDiscrete
          ),
          queryCount: offsets.rows,
          tokenCount: shape(step.inputs[0]).rows,
          table: table,
          pool: pool
        )
      }
    }
  }
}

extension WindowGeometry {
  /// The geometry of a window on a grid.
  init(grid: Shape.Grid, window: FloatOperation.Window) {
    self.init(
      inputHeight: grid.height,
      inputWidth: grid.width,
      kernel: window.kernel,
      stride: window.stride,
      padding: window.padding,
      dilation: window.dilation
    )
  }
}

extension FloatOperation.Activation {
  /// The kernel that computes it; none for the identity.
  var kernel: FloatKernels.Activation? {
    switch self {
    case .none: nil
    case .relu: .relu
    case .gelu: .gelu
    case .silu: .silu
    }
  }
}
