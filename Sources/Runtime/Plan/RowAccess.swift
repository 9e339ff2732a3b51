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
    case .multiply, .rectify: true
    case .tableLookup, .averagePool, .upsample, .concatenateColumns, .rowMaximum: true
    default: false
    }
  }

  /// Whether the operation only changes numbers where they are.
  var isElementwise: Bool {
    switch self {
    case .add, .requantize, .layerNorm, .multiply, .rectify: true
    case .tableLookup: true
    default: false
    }
  }

  /// Every value that the operation reads, and how.
  var reads: [(value: ValueIndex, access: RowAccess)] {
    switch self {
    case .convolution(let it):
      // With other labels the array would have to be cast, which Embedded Swift cannot.
      var reads: [(value: ValueIndex, access: RowAccess)] = [
        (value: it.input, access: it.window.isPoint ? .sameRow : .window(it.window))
      ]
      if let residual = it.residual { reads.append((value: residual, access: .sameRow)) }
      if let position = it.position { reads.append((value: position, access: .whole)) }
      return reads
    case .maxPool(let it): return [(it.input, .window(it.window))]
    case .add(let it): return [(it.a, .sameRow), (it.b, .sameRow)]
    case .requantize(let it): return [(it.input, .sameRow)]
    case .layerNorm(let it): return [(it.input, .sameRow)]
    case .deformableAttention(let it):
      var reads: [(value: ValueIndex, access: RowAccess)] = [
        (value: it.value, access: .whole), (value: it.offsets, access: .sameRow),
        (value: it.logits, access: .sameRow),
      ]
      if let references = it.references { reads.append((value: references, access: .sameRow)) }
      return reads
    case .multiply(let it): return [(it.a, .sameRow), (it.b, .sameRow)]
    case .rectify(let it): return [(it.input, .sameRow)]
    case .tableLookup(let it): return [(it.input, .sameRow)]
    case .averagePool(let it): return [(it.input, .window(AveragePool.window))]
    case .concatenateColumns(let it): return it.inputs.map { (value: $0, access: .sameRow) }
    case .rowMaximum(let it): return [(it.input, .sameRow)]
    default: return inputs.map { (value: $0, access: .whole) }
    }
  }
}
