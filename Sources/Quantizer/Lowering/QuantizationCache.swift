import FloatGraph

/// What quantizing a graph again finds done: the slow decisions that int16 islands do not change.
///
/// Fit for one graph, one calibration and one set of options but for islands; not for use by several
/// threads at once.
public final class QuantizationCache {
  /// What the choice of a range hangs on.
  struct RangeQuestion: Hashable {
    let source: FloatGraph.ValueID
    let products: [Int]
    let others: Int
  }

  var observers: [RangeQuestion: RangeObserver] = [:]
  /// Rounded weights by node.
  private var weights: [Int: QuantizedWeights] = [:]

  public init() {}

  /// The weights of a node, made where there are none with these steps.
  func weights(
    ofNode node: Int,
    steps: [Double],
    make: () -> QuantizedWeights
  ) -> QuantizedWeights {
    if let known = weights[node], known.steps == steps { return known }
    let made = make()
    weights[node] = made
    return made
  }
}
