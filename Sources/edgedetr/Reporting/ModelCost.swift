import ModelFile

/// What the operations of a model cost at one size of the picture.
///
/// Multiply-adds are counted as for the float graph: products and attention, four corners a sampling
/// point; norms, sums and tables are left out.
struct ModelCost {
  let model: Model
  /// The rows of a value at that size.
  let rows: (ValueIndex) -> Int

  func multiplyAdds(_ operation: Operation) -> Int {
    switch operation {
    case .convolution(let it):
      return rows(it.output) * model[it.output].channels * model[it.input].channels
        * it.window.kernel * it.window.kernel
    case .attention(let it):
      return rows(it.query) * rows(it.key) * (model[it.query].channels + model[it.value].channels)
    case .spatialAttention(let it):
      return rows(it.key)
        * (rows(it.query) * model[it.query].channels + rows(it.output) * model[it.value].channels)
    case .deformableAttention(let it):
      return rows(it.output) * model[it.output].channels * it.levels.count * it.points * 4
    default: return 0
    }
  }

  /// Bytes of the arrays that an operation has in the file.
  func fileBytes(_ operation: Operation) -> Int {
    switch operation {
    case .convolution(let it):
      return it.weights.count + 4 * it.bias.count + 4 * it.multipliers.count
    case .layerNorm(let it): return 4 * (it.parameters.gain.count + it.parameters.bias.count)
    case .groupNorm(let it): return 4 * (it.parameters.gain.count + it.parameters.bias.count)
    case .constant(let it): return it.data.count * model[it.output].element.byteCount
    case .boxSine(let it): return 4 * it.frequencies.count
    case .positionSum(let it): return 4 * (it.bias.count + it.multipliers.count)
    case .regionPooling(let it): return 4 * it.bias.count
    case .gate(let it): return 4 * it.table.count
    case .positionTable(let it):
      let vectors = 2 * it.levelVectors.count
      switch it.kind {
      case .sine(let frequencies, _): return 4 * frequencies.count + vectors
      case .learned(let columns, let rows, _, _): return 2 * (columns.count + rows.count) + vectors
      case .sineHalves(let frequencies): return 4 * frequencies.count + vectors
      }
    case .tableLookup(let it): return it.table.count * model[it.output].element.byteCount
    default: return 0
    }
  }

  /// Multiply-adds of the whole model.
  var multiplyAdds: Int { model.operations.reduce(0) { $0 + multiplyAdds($1) } }
}
