import FixedPoint
import Kernels
import ModelFile

extension ProgramBuilder {
  /// Appends the steps of one operation; none where its result is already in place.
  func append(_ index: Int) {
    for step in steps(model.operations[index], index) { program.append(step, operation: index) }
  }

  func steps(_ operation: Operation, _ index: Int) -> [Step] {
    switch operation {
    case .convolution(let it): return [.product(product(it, index))]
    case .maxPool(let it): return [.pool(pool(it, index))]
    case .add(let it): return [.addition(addition(it))]
    case .requantize(let it): return [.unitChange(unitChange(it))]
    case .layerNorm(let it): return [.rowNormalization(rowNormalization(it))]
    case .groupNorm(let it): return groupNormalization(it, index)
    case .attention(let it): return [.attention(attention(it, index))]
    case .deformableAttention(let it): return [.sampling(sampling(it, index))]
    case .positionTable(let it): return [.positionTable(positionTable(it))]
    case .constant: return []
    case .concatenateRows(let it): return concatenation(it)
    case .sliceColumns(let it):
      return [
        .slice(
          SliceStep(
            input: input(it.input) + it.first * element(it.input).byteCount,
            inputStride: rowBytes(it.input),
            rowBytes: rowBytes(it.output),
            rows: rows(it.output),
            output: output(it.output)
          )
        )
      ]
    case .maskPadding(let it): return [.mask(mask(it, onlyProposals: false))]
    case .maskProposals(let it): return [.mask(mask(it, onlyProposals: true))]
    case .topRows(let it):
      return [
        .ranking(
          RankingStep(
            input: input(it.input) + it.column * element(it.input).byteCount,
            isInt16: element(it.input) == .int16,
            stride: channels(it.input),
            rows: rows(it.input),
            count: it.count,
            scratch: scratch(operation: index).base.assumingMemoryBound(to: UInt64.self),
            output: output(it.output).assumingMemoryBound(to: Int32.self)
          )
        )
      ]
    case .gatherRows(let it):
      return [
        .gather(
          GatherStep(
            input: input(it.input),
            indices: integers(it.indices),
            rowBytes: rowBytes(it.input),
            rows: rows(it.output),
            output: output(it.output)
          )
        )
      ]
    case .sigmoid(let it):
      let call = SigmoidMap(
        input: integers(it.input),
        count: count(it.input),
        output: output(it.output).assumingMemoryBound(to: Int32.self)
      )
      return [.sigmoid(SigmoidStep(call: call))]
    case .refineBoxes(let it):
      let call = BoxUpdate(
        delta: integers(it.delta),
        reference: integers(it.reference),
        referenceChannels: channels(it.reference),
        rows: rows(it.delta),
        output: output(it.output).assumingMemoryBound(to: Int32.self)
      )
      return [.boxUpdate(BoxUpdateStep(call: call))]
    case .proposalBoxes(let it):
      return [
        .proposal(
          ProposalStep(
            delta: integers(it.delta),
            indices: integers(it.indices),
            rows: rows(it.delta),
            pyramid: pyramid(it.levels),
            output: output(it.output).assumingMemoryBound(to: Int32.self)
          )
        )
      ]
    case .boxSine(let it):
      return [
        .boxSine(
          BoxSineStep(
            input: integers(it.input),
            columns: channels(it.input),
            rows: rows(it.input),
            frequencies: model.elements(it.frequencies, as: Int32.self),
            features: it.frequencies.count,
            output: output(it.output).assumingMemoryBound(to: Int16.self)
          )
        )
      ]
    case .tableLookup(let it): return [.tableLookup(tableLookup(it))]
    case .averagePool(let it): return [.averagePool(averagePool(it, index))]
    case .upsample(let it): return [.upsample(upsample(it))]
    case .concatenateColumns(let it): return [.columnJoin(columnJoin(it))]
    case .rowMaximum(let it): return [.rowMaximum(rowMaximum(it))]
    case .spatialAttention(let it): return [.spatialAttention(spatialAttention(it, index))]
    case .positionSum(let it): return [.positionSum(positionSum(it))]
    case .regionPooling(let it): return [.regionPooling(regionPooling(it, index))]
    case .regionSampling(let it): return [.regionSampling(regionSampling(it, index))]
    case .pointsInBoxes(let it): return [.pointsInBoxes(pointsInBoxes(it))]
    case .gate(let it): return [.gate(gate(it))]
    }
  }

  private var model: Model { plan.model }

  private func product(_ it: Convolution, _ index: Int) -> ProductStep {
    let panels = Convolution.panels(
      window: it.window,
      inputs: channels(it.input),
      outputs: channels(it.output)
    )
    let scratch = scratch(operation: index)
    let call = MatrixProduct(
      // The step sets the pointers of each block.
      rows: UnsafePointer(scratch.base.assumingMemoryBound(to: UnsafeRawPointer.self)),
      rowCount: 0,
      runs: panels.runs,
      groupsPerRun: panels.groupsPerRun,
      panels: model.elements(it.weights, as: Int8.self),
      firstOutput: 0,
      outputs: panels.outputs,
      bias: model.elements(it.bias, as: Int32.self),
      multipliers: model.elements(it.multipliers, as: Int32.self),
      shift: it.shift,
      zeroPoint: zeroPoint(it.output),
      lowest: it.lowest,
      highest: it.highest,
      residual: it.residual.map { UnsafeRawPointer(place($0).base) },
      residualElement: it.residual.map { element($0) } ?? .uint8,
      residualStride: it.residual.map { rowBytes($0) } ?? 0,
      residualZeroPoint: it.residual.map { zeroPoint($0) } ?? 0,
      residualMultiplier: it.residualMultiplier,
      output: place(it.output).base,
      outputElement: element(it.output),
      outputStride: rowBytes(it.output)
    )
    let isPoint = it.window.isPoint
    return ProductStep(
      addressing: isPoint ? .rows : it.readsPictureRows(model) ? .pictureRows : .taps,
      window: it.window,
      input: isWithCaller(it.input) ? nil : place(it.input),
      residual: it.residual.map { place($0) },
      output: place(it.output),
      inputElement: element(it.input),
      channels: channels(it.input),
      inputHeight: isPoint ? 0 : grid(it.input).height,
      inputWidth: isPoint ? 0 : grid(it.input).width,
      outputWidth: isPoint ? 0 : grid(it.output).width,
      outputRows: rows(it.output),
      paddingBytes: it.paddingBytes,
      positionTable: it.position.map { integers($0) },
      positionStride: it.position.map { channels($0) } ?? 0,
      positionLevels: pyramid(
        it.positionLevels,
        isMasked: it.position.map { !ignoresPadding($0) } ?? false
      ),
      scratch: scratch,
      layout: need.product(it),
      call: call
    )
  }

  /// Whether a projected position table comes from codes that know no padding.
  func ignoresPadding(_ position: ValueIndex) -> Bool {
    var value = position
    for operation in model.operations.reversed() where operation.output == value {
      switch operation {
      case .convolution(let it): value = it.input
      case .requantize(let it): value = it.input
      case .positionTable(let it):
        if case .sine = it.kind { return false }
        return true
      default: return false
      }
    }
    return false
  }

  private func pool(_ it: MaxPool, _ index: Int) -> PoolStep {
    PoolStep(
      window: it.window,
      input: place(it.input),
      element: element(it.input),
      channels: channels(it.input),
      inputHeight: grid(it.input).height,
      inputWidth: grid(it.input).width,
      outputWidth: grid(it.output).width,
      outputRows: rows(it.output),
      output: place(it.output),
      scratch: scratch(operation: index),
      layout: need.pool(it)
    )
  }

  private func addition(_ it: Addition) -> AdditionStep {
    let a = place(it.a)
    let b = place(it.b)
    let output = place(it.output)
    let call = WeightedSum(
      a: WeightedSum.Term(
        elements: UnsafeRawPointer(a.base),
        element: element(it.a),
        zeroPoint: zeroPoint(it.a),
        multiplier: it.multiplierA
      ),
      b: WeightedSum.Term(
        elements: UnsafeRawPointer(b.base),
        element: element(it.b),
        zeroPoint: zeroPoint(it.b),
        multiplier: it.multiplierB
      ),
      count: 0,
      shift: it.shift,
      zeroPoint: zeroPoint(it.output),
      lowest: it.lowest,
      highest: it.highest,
      output: output.base,
      outputElement: element(it.output)
    )
    return AdditionStep(
      call: call,
      a: a,
      b: b,
      output: output,
      rows: rows(it.output),
      channels: channels(it.output)
    )
  }

  private func unitChange(_ it: Requantization) -> UnitChangeStep {
    let input = place(it.input)
    let output = place(it.output)
    let call = UnitChange(
      input: UnsafeRawPointer(input.base),
      inputElement: element(it.input),
      inputZeroPoint: zeroPoint(it.input),
      count: 0,
      rescale: it.rescale,
      output: output.base,
      outputElement: element(it.output),
      outputZeroPoint: zeroPoint(it.output)
    )
    return UnitChangeStep(
      call: call,
      input: input,
      output: output,
      rows: rows(it.output),
      channels: channels(it.output)
    )
  }

  private func rowNormalization(_ it: LayerNorm) -> RowNormalizationStep {
    let channels = channels(it.input)
    let input = place(it.input)
    let output = place(it.output)
    return RowNormalizationStep(
      call: RowNormalization(
        input: UnsafePointer(input.base.assumingMemoryBound(to: Int16.self)),
        rows: 0,
        channels: channels,
        scaledEpsilon: scaledEpsilon(it.parameters.epsilon, count: UInt32(channels)),
        gain: model.elements(it.parameters.gain, as: Int32.self),
        bias: model.elements(it.parameters.bias, as: Int32.self),
        fractionBits: it.parameters.fractionBits,
        output: output.base,
        outputElement: element(it.output)
      ),
      input: input,
      output: output,
      rows: rows(it.output)
    )
  }

  private func groupNormalization(_ it: GroupNorm, _ index: Int) -> [Step] {
    let layout = GroupScratch.layout(groups: it.groups, channels: channels(it.input))
    let statistics = GroupStatisticsStep(
      input: shorts(it.input),
      rows: rows(it.input),
      groups: it.groups,
      channelsPerGroup: channels(it.input) / it.groups,
      scratch: GroupScratch(memory: scratch(operation: index), lines: layout.lines)
    )
    let application = GroupApplicationStep(
      statistics: statistics,
      epsilon: it.parameters.epsilon,
      gain: model.elements(it.parameters.gain, as: Int32.self),
      bias: model.elements(it.parameters.bias, as: Int32.self),
      fractionBits: it.parameters.fractionBits,
      output: output(it.output),
      outputElement: element(it.output)
    )
    return [.groupStatistics(statistics), .groupApplication(application)]
  }

  private func attention(_ it: Attention, _ index: Int) -> AttentionStep {
    let segments = need.keySegments(it)
    let scratch = scratch(operation: index)
    let call = AttentionHead(
      query: shorts(it.query),
      queryStride: channels(it.query),
      queryCount: rows(it.query),
      key: shorts(it.key),
      keyStride: channels(it.key),
      value: shorts(it.value),
      valueStride: channels(it.value),
      segments: segments.count,
      segmentLength: segments.length,
      segmentStride: segments.stride,
      channels: channels(it.query) / it.heads,
      scoreRescale: it.scoreRescale,
      outputRescale: it.outputRescale,
      zeroPoint: zeroPoint(it.output),
      output: output(it.output),
      outputElement: element(it.output),
      outputStride: channels(it.output),
      scratch: scratch.base
    )
    return AttentionStep(heads: it.heads, call: call, scratch: scratch)
  }

  private func sampling(_ it: DeformableAttention, _ index: Int) -> SamplingStep {
    let layout = need.sampling(it)
    let scratch = scratch(operation: index)
    let pyramid = pyramid(it.levels)
    let offsets = place(it.offsets)
    let logits = place(it.logits)
    let output = place(it.output)
    let call = DeformableSampling(
      value: input(it.value),
      valueElement: element(it.value),
      valueStride: channels(it.value) / plan.heads(of: it.value),
      channels: channels(it.value) / it.heads,
      levels: program.samplingLevels(pyramid),
      levelCount: pyramid.count,
      points: it.points,
      queryCount: 0,
      offsets: UnsafePointer(offsets.base.assumingMemoryBound(to: Int16.self)),
      offsetStride: channels(it.offsets),
      logits: UnsafePointer(logits.base.assumingMemoryBound(to: Int16.self)),
      logitStride: channels(it.logits),
      // The step sets the references of each block.
      bases: UnsafePointer(scratch.base.assumingMemoryBound(to: Int32.self)),
      spans: nil,
      offsetRescale: it.offsetRescale,
      logitRescale: it.logitRescale,
      outputRescale: it.outputRescale,
      zeroPoint: zeroPoint(it.output),
      output: output.base,
      outputElement: element(it.output),
      outputStride: channels(it.output),
      scratch: scratch.base,
      isDiscrete: it.isDiscrete
    )
    let headChannels = channels(it.value) / it.heads
    return SamplingStep(
      heads: it.heads,
      headStride: plan.heads(of: it.value) > 1 ? rows(it.value) * headChannels : headChannels,
      call: call,
      queries: rows(it.output),
      offsets: offsets,
      logits: logits,
      output: output,
      pyramid: pyramid,
      references: it.references.map { place($0) },
      referenceChannels: it.references.map { channels($0) } ?? 0,
      scratch: scratch,
      layout: layout
    )
  }

  private func positionTable(_ it: PositionTable) -> PositionTableStep {
    let kind: PositionTableStep.Kind
    let columnFeatures: Int
    switch it.kind {
    case .sine(let frequencies, let halfOffset):
      kind = .sine(
        frequencies: model.elements(frequencies, as: Int32.self),
        halfOffset: halfOffset,
        rescale: it.sineRescale
      )
      columnFeatures = frequencies.count
    case .learned(let columns, let rows, let features, _):
      kind = .learned(
        columns: model.elements(columns, as: Int16.self),
        rows: model.elements(rows, as: Int16.self)
      )
      columnFeatures = features
    case .sineHalves(let frequencies):
      kind = .sineHalves(
        frequencies: model.elements(frequencies, as: Int32.self),
        rescale: it.sineRescale
      )
      columnFeatures = 2 * frequencies.count
    }
    return PositionTableStep(
      kind: kind,
      pyramid: pyramid(it.levels),
      columnFeatures: columnFeatures,
      rowFeatures: channels(it.output) - columnFeatures,
      levelVectors: it.levelVectors.count > 0
        ? model.elements(it.levelVectors, as: Int16.self) : nil,
      output: output(it.output).assumingMemoryBound(to: Int16.self)
    )
  }

  /// Copies of the inputs that were not made in their slices.
  private func concatenation(_ it: Concatenation) -> [Step] {
    var steps: [Step] = []
    var slice = output(it.output)
    for value in it.inputs {
      let bytes = rows(value) * rowBytes(value)
      if input(value) != UnsafeRawPointer(slice) {
        steps.append(
          .copy(
            CopyStep(
              input: input(value),
              rowBytes: rowBytes(value),
              rows: rows(value),
              output: slice
            )
          )
        )
      }
      slice += bytes
    }
    return steps
  }

  private func mask(_ it: PaddingMask, onlyProposals: Bool) -> MaskStep {
    MaskStep(
      input: input(it.input),
      channels: channels(it.input) / plan.heads(of: it.input),
      heads: plan.heads(of: it.input),
      element: model[it.input].element,
      zeroPoint: zeroPoint(it.input),
      pyramid: pyramid(it.levels),
      rows: rows(it.input),
      onlyProposals: onlyProposals,
      hasPadding: it.levels.contains { grid($0).isPadded },
      output: output(it.output)
    )
  }
}
