import Evaluation

/// The real numbers that one model has for each pair of values, on one photograph.
struct LayerSnapshot {
  /// One a pair; nil where the value was not kept.
  let values: [[Float]?]
  /// The tokens of the proposals, for two-stage detectors.
  let ranking: [Int32]?
}

/// How far one model's values are from another's, over photographs.
struct LayerErrors {
  let pairs: [ValuePairs.Pair]
  private(set) var errors: [SignalError]
  /// Queries of two-stage detectors whose proposal both models chose, and all queries.
  private(set) var commonQueries = 0
  private(set) var queries = 0

  init(_ pairs: [ValuePairs.Pair]) {
    self.pairs = pairs
    errors = [SignalError](repeating: SignalError(), count: pairs.count)
  }

  mutating func add(reference: LayerSnapshot, tested: LayerSnapshot) {
    var rows: [(reference: Int, tested: Int)]?
    if let own = reference.ranking, let other = tested.ranking {
      let common = ValuePairs.commonRows(own, other)
      commonQueries += common.count
      queries += own.count
      rows = common
    }
    for (index, pair) in pairs.enumerated() {
      guard let own = reference.values[index], let other = tested.values[index],
        own.count == other.count
      else { continue }
      guard pair.isRanked, let rows else {
        add(own, other, to: index)
        continue
      }
      let channels = pair.channels
      add(
        rows.flatMap { own[$0.reference * channels..<($0.reference + 1) * channels] },
        rows.flatMap { other[$0.tested * channels..<($0.tested + 1) * channels] },
        to: index
      )
    }
  }

  /// Adds finite numbers; infinities are anchors of tokens that are no proposals.
  private mutating func add(_ reference: [Float], _ tested: [Float], to index: Int) {
    if reference.allSatisfy(\.isFinite) {
      errors[index].add(reference: reference, tested: tested)
      return
    }
    let finite = reference.indices.filter { reference[$0].isFinite }
    errors[index].add(
      reference: finite.map { reference[$0] },
      tested: finite.map { tested[$0] }
    )
  }
}
