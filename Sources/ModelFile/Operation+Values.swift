extension Operation {
  /// The values whose numbers the operation reads, in the order of its fields.
  public var inputs: [ValueIndex] {
    switch self {
    case .convolution(let it): [it.input] + present(it.residual) + present(it.position)
    case .maxPool(let it): [it.input]
    case .add(let it): [it.a, it.b]
    case .requantize(let it): [it.input]
    case .layerNorm(let it): [it.input]
    case .groupNorm(let it): [it.input]
    case .attention(let it): [it.query, it.key, it.value]
    case .deformableAttention(let it):
      [it.value, it.offsets, it.logits] + present(it.references)
    case .positionTable, .constant: []
    case .concatenateRows(let it): it.inputs
    case .sliceColumns(let it): [it.input]
    case .maskPadding(let it), .maskProposals(let it): [it.input]
    case .topRows(let it): [it.input]
    case .gatherRows(let it): [it.input, it.indices]
    case .sigmoid(let it): [it.input]
    case .refineBoxes(let it): [it.delta, it.reference]
    case .proposalBoxes(let it): [it.delta, it.indices]
    case .boxSine(let it): [it.input]
    case .tableLookup(let it): [it.input]
    case .averagePool(let it): [it.input]
    case .upsample(let it): [it.input]
    case .concatenateColumns(let it): it.inputs
    case .rowMaximum(let it): [it.input]
    case .spatialAttention(let it):
      [it.query, it.key, it.value] + present(it.gaussian?.references)
        + present(it.gaussian?.scales) + present(it.gaussian?.offsets)
    case .positionSum(let it): [it.position]
    case .regionPooling(let it): [it.map, it.boxes]
    case .regionSampling(let it): [it.map, it.boxes, it.places]
    case .pointsInBoxes(let it): [it.boxes, it.places]
    case .gate(let it): [it.input, it.gates]
    }
  }

  /// The maps of which only the grid matters, not the numbers.
  public var grids: [ValueIndex] {
    switch self {
    case .convolution(let it): it.positionLevels
    case .attention(let it): present(it.keyGrid)
    case .deformableAttention(let it): it.levels
    case .positionTable(let it): it.levels
    case .maskPadding(let it), .maskProposals(let it): it.levels
    case .proposalBoxes(let it): it.levels
    case .spatialAttention(let it): [it.map]
    case .positionSum(let it): it.levels
    default: []
    }
  }

  /// The value that the operation makes.
  public var output: ValueIndex {
    switch self {
    case .convolution(let it): it.output
    case .maxPool(let it): it.output
    case .add(let it): it.output
    case .requantize(let it): it.output
    case .layerNorm(let it): it.output
    case .groupNorm(let it): it.output
    case .attention(let it): it.output
    case .deformableAttention(let it): it.output
    case .positionTable(let it): it.output
    case .constant(let it): it.output
    case .concatenateRows(let it): it.output
    case .sliceColumns(let it): it.output
    case .maskPadding(let it), .maskProposals(let it): it.output
    case .topRows(let it): it.output
    case .gatherRows(let it): it.output
    case .sigmoid(let it): it.output
    case .refineBoxes(let it): it.output
    case .proposalBoxes(let it): it.output
    case .boxSine(let it): it.output
    case .tableLookup(let it): it.output
    case .averagePool(let it): it.output
    case .upsample(let it): it.output
    case .concatenateColumns(let it): it.output
    case .rowMaximum(let it): it.output
    case .spatialAttention(let it): it.output
    case .positionSum(let it): it.output
    case .regionPooling(let it): it.output
    case .regionSampling(let it): it.output
    case .pointsInBoxes(let it): it.output
    case .gate(let it): it.output
    }
  }

  /// The arrays in the data section with the bytes of one element.
  var blobs: [(blob: Blob, elementBytes: Int)] {
    switch self {
    case .convolution(let it): [(it.weights, 1), (it.bias, 4), (it.multipliers, 4)]
    case .layerNorm(let it): [(it.parameters.gain, 4), (it.parameters.bias, 4)]
    case .groupNorm(let it): [(it.parameters.gain, 4), (it.parameters.bias, 4)]
    case .positionTable(let it):
      switch it.kind {
      case .sine(let frequencies, _): [(frequencies, 4), (it.levelVectors, 2)]
      case .learned(let columns, let rows, _, _): [(columns, 2), (rows, 2), (it.levelVectors, 2)]
      case .sineHalves(let frequencies): [(frequencies, 4), (it.levelVectors, 2)]
      }
    case .boxSine(let it): [(it.frequencies, 4)]
    case .constant, .tableLookup: []  // Their element is the output's; the model adds them.
    case .positionSum(let it): [(it.bias, 4), (it.multipliers, 4)]
    case .regionPooling(let it): [(it.bias, 4)]
    case .gate(let it): [(it.table, 4)]
    case .constant: []  // Its element is the output's; the model adds it.
    default: []
    }
  }

  private func present(_ value: ValueIndex?) -> [ValueIndex] { value.map { [$0] } ?? [] }
}
