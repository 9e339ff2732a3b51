import ModelFile

/// Which values lie head by head: all rows of the first head, then all rows of the next one.
///
/// Deformable attention reads single pixels of one head at a time. Head by head two neighbours are one or two
/// cache lines, rows of a map stay on few pages, and a head's pixels spread over all sets of a cache;
/// with all heads of a pixel side by side they would meet in every fourth or eighth set.
///
/// A value lies so where only deformable attentions read it, as their value, and a matrix product makes
/// it; a mask of padding may stand between.
struct HeadLayout {
  /// By value: the number of heads; 1 where rows lie as they are.
  let heads: [Int]

  init(model: Model, retention: Retention) {
    var heads = [Int](repeating: 1, count: model.values.count)
    var readers = [[Operation]](repeating: [], count: model.values.count)
    var maker = [Operation?](repeating: nil, count: model.values.count)
    for operation in model.operations {
      maker[operation.output.index] = operation
      for input in operation.inputs { readers[input.index].append(operation) }
    }
    let kept = [model.information.logits, model.information.boxes]
    func isFree(_ value: ValueIndex) -> Bool {
      !kept.contains(value) && !retention.contains(value)
    }
    for operation in model.operations {
      guard case .deformableAttention(let it) = operation, it.heads > 1, isFree(it.value),
        readers[it.value.index].allSatisfy({ Self.reads($0, it.value, heads: it.heads) })
      else { continue }
      switch maker[it.value.index] {
      case .convolution(let product):
        guard product.window.isPoint, product.residual == nil else { continue }
        heads[it.value.index] = it.heads
      case .maskPadding(let mask):
        guard case .convolution(let product) = maker[mask.input.index], product.window.isPoint,
          product.residual == nil, isFree(mask.input), readers[mask.input.index].count == 1
        else { continue }
        heads[it.value.index] = it.heads
        heads[mask.input.index] = it.heads
      default: continue
      }
    }
    self.heads = heads
  }

  /// Whether an operation is a deformable attention that reads a value only as its value.
  private static func reads(_ operation: Operation, _ value: ValueIndex, heads: Int) -> Bool {
    guard case .deformableAttention(let it) = operation else { return false }
    return it.value == value && it.heads == heads && it.offsets != value && it.logits != value
      && it.references != value
  }
}
