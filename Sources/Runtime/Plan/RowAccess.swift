import ModelFile

/// Which rows of a value an operation needs for some rows of its result.
enum RowAccess: Equatable {
  /// Those of the same numbers.
  case sameRow
  /// The window of each pixel.
  case window(Window)
  /// Any.
  case whole
}

extension Operation {
  /// Whether the operation can make some rows of its result without the others.
  var isRowWise: Bool {
    switch self {
    case .convolution, .maxPool, .add, .requantize, .layerNorm, .deformableAttention: true
    default: false
    }
  }

  /// Whether the operation only changes numbers where they are.
  var isElementwise: Bool {
    switch self {
    case .add, .requantize, .layerNorm: true
    default: false
    }
  }

  /// Every value that the operation reads, and how.
  var reads: [(value: ValueIndex, access: RowAccess)] {
    switch self {
    case .convolution(let it):
      var reads: [(ValueIndex, RowAccess)] = [
        (it.input, it.window.isPoint ? .sameRow : .window(it.window))
      ]
      if let residual = it.residual { reads.append((residual, .sameRow)) }
      if let position = it.position { reads.append((position, .whole)) }
      return reads
    case .maxPool(let it): return [(it.input, .window(it.window))]
    case .add(let it): return [(it.a, .sameRow), (it.b, .sameRow)]
    case .requantize(let it): return [(it.input, .sameRow)]
    case .layerNorm(let it): return [(it.input, .sameRow)]
    case .deformableAttention(let it):
      return [(it.value, .whole), (it.offsets, .sameRow), (it.logits, .sameRow)]
        + (it.references.map { [($0, .sameRow)] } ?? [])
    default: return inputs.map { ($0, .whole) }
    }
  }
}
