import FixedPoint

// Every operation is a code, the number of words that follow, and these words in the order below.
// `write` and `init(code:from:)` are each other's mirror, case by case.

extension Operation {
  /// The number that stands for the kind of operation in a file; never reused.
  var code: Int32 {
    switch self {
    case .convolution: 1
    case .maxPool: 2
    case .add: 3
    case .requantize: 4
    case .layerNorm: 5
    case .groupNorm: 6
    case .attention: 7
    case .deformableAttention(let it): it.isDiscrete ? 69 : 8
    case .positionTable: 9
    case .constant: 10
    case .concatenateRows: 11
    case .sliceColumns: 12
    case .maskPadding: 13
    case .maskProposals: 14
    case .topRows: 15
    case .gatherRows: 16
    case .sigmoid: 17
    case .refineBoxes: 18
    case .proposalBoxes: 19
    case .boxSine: 20
    case .tableLookup: 64
    case .averagePool: 65
    case .upsample: 66
    case .concatenateColumns: 67
    case .rowMaximum: 68
    case .spatialAttention: 96
    case .positionSum: 97
    case .regionPooling: 98
    case .regionSampling: 99
    case .pointsInBoxes: 100
    case .gate: 101
    }
  }

  func write(to words: inout WordWriter) {
    switch self {
    case .convolution(let it):
      words.value(it.input)
      words.value(it.output)
      words.window(it.window)
      words.blob(it.weights)
      words.blob(it.bias)
      words.blob(it.multipliers)
      words.word(it.shift)
      words.word(it.lowest)
      words.word(it.highest)
      words.optionalValue(it.residual)
      words.word(it.residualMultiplier)
      words.optionalValue(it.position)
      words.values(it.positionLevels)
      words.word(Int32(bitPattern: it.paddingBytes))
    case .maxPool(let it):
      words.value(it.input)
      words.value(it.output)
      words.window(it.window)
    case .add(let it):
      words.value(it.a)
      words.value(it.b)
      words.value(it.output)
      words.word(it.multiplierA)
      words.word(it.multiplierB)
      words.word(it.shift)
      words.word(it.lowest)
      words.word(it.highest)
    case .requantize(let it):
      words.value(it.input)
      words.value(it.output)
      words.rescale(it.rescale)
    case .layerNorm(let it):
      words.value(it.input)
      words.value(it.output)
      words.normalization(it.parameters)
    case .groupNorm(let it):
      words.value(it.input)
      words.value(it.output)
      words.number(it.groups)
      words.normalization(it.parameters)
    case .attention(let it):
      words.value(it.query)
      words.value(it.key)
      words.value(it.value)
      words.value(it.output)
      words.number(it.heads)
      words.optionalValue(it.keyGrid)
      words.rescale(it.scoreRescale)
      words.rescale(it.outputRescale)
    case .deformableAttention(let it):
      words.value(it.value)
      words.value(it.offsets)
      words.value(it.logits)
      words.optionalValue(it.references)
      words.value(it.output)
      words.number(it.heads)
      words.number(it.points)
      words.values(it.levels)
      words.rescale(it.offsetRescale)
      words.rescale(it.logitRescale)
      words.rescale(it.outputRescale)
    case .positionTable(let it):
      switch it.kind {
      case .sine(let frequencies, let halfOffset):
        words.number(0)
        words.blob(frequencies)
        words.word(halfOffset)
      case .learned(let columns, let rows, let columnFeatures, let rowFeatures):
        words.number(1)
        words.blob(columns)
        words.blob(rows)
        words.number(columnFeatures)
        words.number(rowFeatures)
      case .sineHalves(let frequencies):
        words.number(2)
        words.blob(frequencies)
      }
      words.values(it.levels)
      words.blob(it.levelVectors)
      words.rescale(it.sineRescale)
      words.value(it.output)
    case .constant(let it):
      words.blob(it.data)
      words.number(it.rows)
      words.value(it.output)
    case .concatenateRows(let it):
      words.values(it.inputs)
      words.value(it.output)
    case .sliceColumns(let it):
      words.value(it.input)
      words.value(it.output)
      words.number(it.first)
    case .maskPadding(let it), .maskProposals(let it):
      words.value(it.input)
      words.value(it.output)
      words.values(it.levels)
    case .topRows(let it):
      words.value(it.input)
      words.value(it.output)
      words.number(it.count)
      words.number(it.column)
    case .gatherRows(let it):
      words.value(it.input)
      words.value(it.indices)
      words.value(it.output)
    case .sigmoid(let it):
      words.value(it.input)
      words.value(it.output)
    case .refineBoxes(let it):
      words.value(it.delta)
      words.value(it.reference)
      words.value(it.output)
    case .proposalBoxes(let it):
      words.value(it.delta)
      words.value(it.indices)
      words.value(it.output)
      words.values(it.levels)
    case .boxSine(let it):
      words.value(it.input)
      words.value(it.output)
      words.blob(it.frequencies)
    case .tableLookup(let it):
      words.value(it.input)
      words.value(it.output)
      words.blob(it.table)
    case .averagePool(let it):
      words.value(it.input)
      words.value(it.output)
    case .upsample(let it):
      words.value(it.input)
      words.value(it.output)
      words.number(it.factor)
    case .concatenateColumns(let it):
      words.values(it.inputs)
      words.value(it.output)
    case .rowMaximum(let it):
      words.value(it.input)
      words.value(it.output)
    case .spatialAttention(let it):
      words.value(it.query)
      words.value(it.key)
      words.value(it.value)
      words.value(it.output)
      words.number(it.heads)
      words.number(it.sharesKeys ? 1 : 0)
      words.value(it.map)
      words.rescale(it.scoreRescale)
      words.rescale(it.outputRescale)
      words.gaussian(it.gaussian)
    case .positionSum(let it):
      words.value(it.position)
      words.value(it.output)
      words.values(it.levels)
      words.blob(it.bias)
      words.blob(it.multipliers)
      words.word(it.shift)
      words.word(it.lowest)
      words.word(it.highest)
    case .regionPooling(let it):
      words.value(it.map)
      words.value(it.boxes)
      words.value(it.output)
      words.number(it.bins)
      words.blob(it.bias)
      words.rescale(it.rescale)
    case .regionSampling(let it):
      words.value(it.map)
      words.value(it.boxes)
      words.value(it.places)
      words.value(it.output)
      words.number(it.bins)
      words.rescale(it.rescale)
    case .pointsInBoxes(let it):
      words.value(it.boxes)
      words.value(it.places)
      words.value(it.output)
    case .gate(let it):
      words.value(it.input)
      words.value(it.gates)
      words.value(it.output)
      words.number(it.rows)
      words.blob(it.table)
      words.rescale(it.rescale)
    }
  }

  init(code: Int32, from words: inout WordReader) throws(ModelError) {
    switch code {
    case 1:
      self = .convolution(
        Convolution(
          input: try words.value(),
          output: try words.value(),
          window: try words.window(),
          weights: try words.blob(),
          bias: try words.blob(),
          multipliers: try words.blob(),
          shift: Int32(try words.number(1...62)),
          lowest: try words.word(),
          highest: try words.word(),
          residual: try words.optionalValue(),
          residualMultiplier: Int32(try words.number(0...Int32.max)),
          position: try words.optionalValue(),
          positionLevels: try words.values(),
          paddingBytes: UInt32(bitPattern: try words.word())
        )
      )
    case 2:
      self = .maxPool(
        MaxPool(input: try words.value(), output: try words.value(), window: try words.window())
      )
    case 3:
      self = .add(
        Addition(
          a: try words.value(),
          b: try words.value(),
          output: try words.value(),
          multiplierA: Int32(try words.number(0...Int32.max)),
          multiplierB: Int32(try words.number(0...Int32.max)),
          shift: Int32(try words.number(1...62)),
          lowest: try words.word(),
          highest: try words.word()
        )
      )
    case 4:
      self = .requantize(
        Requantization(
          input: try words.value(),
          output: try words.value(),
          rescale: try words.rescale()
        )
      )
    case 5:
      self = .layerNorm(
        LayerNorm(
          input: try words.value(),
          output: try words.value(),
          parameters: try words.normalization()
        )
      )
    case 6:
      self = .groupNorm(
        GroupNorm(
          input: try words.value(),
          output: try words.value(),
          groups: try words.number(1...65536),
          parameters: try words.normalization()
        )
      )
    case 7:
      self = .attention(
        Attention(
          query: try words.value(),
          key: try words.value(),
          value: try words.value(),
          output: try words.value(),
          heads: try words.number(1...4096),
          keyGrid: try words.optionalValue(),
          scoreRescale: try words.rescale(),
          outputRescale: try words.rescale(shifts: 3...60)
        )
      )
    case 8, 69:
      self = .deformableAttention(
        DeformableAttention(
          value: try words.value(),
          offsets: try words.value(),
          logits: try words.value(),
          references: try words.optionalValue(),
          output: try words.value(),
          heads: try words.number(1...4096),
          points: try words.number(1...4096),
          levels: try words.values(),
          offsetRescale: try words.rescale(),
          logitRescale: try words.rescale(),
          outputRescale: try words.rescale(),
          isDiscrete: code == 69
        )
      )
    case 9:
      let kind: PositionTable.Kind
      switch try words.number(0...2) {
      case 0:
        kind = .sine(frequencies: try words.blob(), halfOffset: Int32(try words.number(0...1)))
      case 1:
        kind = .learned(
          columns: try words.blob(),
          rows: try words.blob(),
          columnFeatures: try words.number(1...65536),
          rowFeatures: try words.number(1...65536)
        )
      default: kind = .sineHalves(frequencies: try words.blob())
      }
      self = .positionTable(
        PositionTable(
          kind: kind,
          levels: try words.values(),
          levelVectors: try words.blob(),
          sineRescale: try words.rescale(),
          output: try words.value()
        )
      )
    case 10:
      self = .constant(
        Constant(
          data: try words.blob(),
          rows: try words.number(1...Int32.max),
          output: try words.value()
        )
      )
    case 11:
      self = .concatenateRows(
        Concatenation(inputs: try words.values(), output: try words.value())
      )
    case 12:
      self = .sliceColumns(
        ColumnSlice(
          input: try words.value(),
          output: try words.value(),
          first: try words.number(0...Int32.max)
        )
      )
    case 13:
      self = .maskPadding(
        PaddingMask(
          input: try words.value(),
          output: try words.value(),
          levels: try words.values()
        )
      )
    case 14:
      self = .maskProposals(
        PaddingMask(
          input: try words.value(),
          output: try words.value(),
          levels: try words.values()
        )
      )
    case 15:
      self = .topRows(
        TopRows(
          input: try words.value(),
          output: try words.value(),
          count: try words.number(1...Int32.max),
          column: try words.number(0...Int32.max)
        )
      )
    case 16:
      self = .gatherRows(
        RowGather(
          input: try words.value(),
          indices: try words.value(),
          output: try words.value()
        )
      )
    case 17:
      self = .sigmoid(Sigmoid(input: try words.value(), output: try words.value()))
    case 18:
      self = .refineBoxes(
        BoxRefinement(
          delta: try words.value(),
          reference: try words.value(),
          output: try words.value()
        )
      )
    case 19:
      self = .proposalBoxes(
        ProposalBoxes(
          delta: try words.value(),
          indices: try words.value(),
          output: try words.value(),
          levels: try words.values()
        )
      )
    case 20:
      self = .boxSine(
        BoxSine(
          input: try words.value(),
          output: try words.value(),
          frequencies: try words.blob()
        )
      )
    case 64:
      self = .tableLookup(
        TableLookup(
          input: try words.value(),
          output: try words.value(),
          table: try words.blob()
        )
      )
    case 65:
      self = .averagePool(AveragePool(input: try words.value(), output: try words.value()))
    case 66:
      self = .upsample(
        Upsample(
          input: try words.value(),
          output: try words.value(),
          factor: try words.number(1...64)
        )
      )
    case 67:
      self = .concatenateColumns(
        Concatenation(inputs: try words.values(), output: try words.value())
      )
    case 68:
      self = .rowMaximum(RowMaximum(input: try words.value(), output: try words.value()))
    case 96:
      self = .spatialAttention(
        SpatialAttention(
          query: try words.value(),
          key: try words.value(),
          value: try words.value(),
          output: try words.value(),
          heads: try words.number(1...4096),
          sharesKeys: try words.number(0...1) == 1,
          map: try words.value(),
          scoreRescale: try words.rescale(),
          outputRescale: try words.rescale(shifts: 3...60),
          gaussian: try words.gaussian()
        )
      )
    case 97:
      self = .positionSum(
        PositionSum(
          position: try words.value(),
          output: try words.value(),
          levels: try words.values(),
          bias: try words.blob(),
          multipliers: try words.blob(),
          shift: Int32(try words.number(1...62)),
          lowest: try words.word(),
          highest: try words.word()
        )
      )
    case 98:
      self = .regionPooling(
        RegionPooling(
          map: try words.value(),
          boxes: try words.value(),
          output: try words.value(),
          bins: try words.number(1...64),
          bias: try words.blob(),
          rescale: try words.rescale()
        )
      )
    case 99:
      self = .regionSampling(
        RegionSampling(
          map: try words.value(),
          boxes: try words.value(),
          places: try words.value(),
          output: try words.value(),
          bins: try words.number(1...64),
          rescale: try words.rescale()
        )
      )
    case 100:
      self = .pointsInBoxes(
        PointsInBoxes(
          boxes: try words.value(),
          places: try words.value(),
          output: try words.value()
        )
      )
    case 101:
      self = .gate(
        SigmoidGate(
          input: try words.value(),
          gates: try words.value(),
          output: try words.value(),
          rows: try words.number(1...4096),
          table: try words.blob(),
          rescale: try words.rescale()
        )
      )
    default:
      throw .unknownOperation(offset: words.next - 8, code: code)
    }
  }
}

extension WordWriter {
  mutating func normalization(_ parameters: NormalizationParameters) {
    blob(parameters.gain)
    blob(parameters.bias)
    word(parameters.fractionBits)
    doubleWord(parameters.epsilon)
  }
}

extension WordReader {
  mutating func normalization() throws(ModelError) -> NormalizationParameters {
    let gain = try blob()
    let bias = try blob()
    let fractionBits = Int32(try number(13...24))
    let low = UInt32(bitPattern: try word())
    // The upper word of a number below 2⁵⁰.
    let high = try number(0...(1 << 18) - 1)
    return NormalizationParameters(
      gain: gain,
      bias: bias,
      fractionBits: fractionBits,
      epsilon: UInt64(high) << 32 | UInt64(low)
    )
  }
}
