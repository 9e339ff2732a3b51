import ModelFile

/// What an operation costs at one size of the picture.
public struct OperationWork: Sendable {
  /// Products that are added up: those of matrices, of queries with keys, of weights with values.
  public var multiplyAdds: Int64
  /// Of everything that is read and written once: inputs, parameters, the result.
  public var bytes: Int64

  /// The cost of every operation of a model whose values have these shapes.
  static func all(_ model: Model, _ shapes: [ValueShape]) -> [OperationWork] {
    let count = WorkCount(model: model, shapes: shapes)
    return model.operations.map { count.work($0) }
  }
}

extension Session {
  /// The cost of every operation at the present size.
  public var operationWork: [OperationWork] { OperationWork.all(model, shapes) }
}

private struct WorkCount {
  let model: Model
  let shapes: [ValueShape]

  private func rows(_ value: ValueIndex) -> Int64 { Int64(shapes[value.index].rows) }
  private func channels(_ value: ValueIndex) -> Int64 { Int64(model[value].channels) }
  private func count(_ value: ValueIndex) -> Int64 { rows(value) * channels(value) }
  private func bytes(_ value: ValueIndex) -> Int64 {
    count(value) * Int64(model[value].element.byteCount)
  }

  func work(_ operation: Operation) -> OperationWork {
    var bytes = bytes(operation.output)
    for input in operation.inputs { bytes += self.bytes(input) }
    if case .constant = operation { bytes = 0 }
    return OperationWork(
      multiplyAdds: multiplyAdds(operation),
      bytes: bytes + parameterBytes(operation)
    )
  }

  private func multiplyAdds(_ operation: Operation) -> Int64 {
    switch operation {
    case .convolution(let it):
      return count(it.output) * channels(it.input) * Int64(it.window.kernel * it.window.kernel)
    case .attention(let it):
      var keys = rows(it.key)
      if let grid = it.keyGrid.flatMap({ shapes[$0.index].grid }) {
        keys = Int64(grid.validHeight) * Int64(grid.validWidth)
      }
      return rows(it.query) * keys * (channels(it.query) + channels(it.value))
    case .spatialAttention(let it):
      let grid = shapes[it.map.index].grid!
      let keys = Int64(grid.validHeight) * Int64(grid.validWidth)
      return keys * (count(it.query) + count(it.output))
    case .deformableAttention(let it):
      return rows(it.output) * Int64(it.levels.count * it.points) * 4 * channels(it.value)
    default:
      return 0
    }
  }

  private func parameterBytes(_ operation: Operation) -> Int64 {
    switch operation {
    case .convolution(let it): Int64(it.weights.count) + 8 * channels(it.output)
    case .layerNorm(let it): 8 * channels(it.output)
    case .groupNorm(let it): 8 * channels(it.output)
    default: 0
    }
  }
}
