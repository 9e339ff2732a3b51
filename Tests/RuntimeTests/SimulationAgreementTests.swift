import ModelFile
import Runtime
import Simulation
import Testing

/// The real reading of the operations against the kernels, on random models of every operation.
@Suite("Sessions agree with the simulation in floating point, operation by operation")
struct SimulationAgreementTests {
  @Test(
    "within the tolerance that the simulation states, with and without padding",
    arguments: 1...12
  )
  func withinTolerance(seed: Int) throws {
    let size =
      seed % 2 == 0
      ? PictureSize(height: 37, width: 50)
      : PictureSize(height: 50, width: 43, validHeight: 29, validWidth: 40)
    let loaded = try Self.everyOperation(seed: seed)
    let model = loaded.model
    let comparison = Comparison(model, size, seed: UInt64(seed))
    let finished = try comparison.run(model, threads: 1, retention: .all)
    // The session works in the run's memory and reads the loaded bytes.
    defer { withExtendedLifetime((finished, loaded)) {} }
    let session = finished.session
    let simulation = try ModelSimulation(model: model, size: size, threads: 2)
    func integers(_ value: ValueIndex) -> [Int32] {
      guard value != Model.picture else { return comparison.picture.map { Int32($0) } }
      let bytes = session.elements(of: value)!
      return Comparison.numbers(bytes, model[value].element).map { Int32($0) }
    }
    var isMissing = Set(0..<20).union(25..<31)
    for (index, operation) in model.operations.enumerated() {
      isMissing.remove(operation.kind)
      let found = integers(operation.output)
      let expected = simulation.output(of: operation, inputs: integers)
      try #require(found.count == expected.count)
      let tolerance = simulation.tolerance(of: operation, inputs: integers)
      let excess = found.indices.filter {
        abs(Double(found[$0]) - Double(expected[$0])) > tolerance[$0]
      }
      #expect(
        excess.isEmpty,
        """
        seed \(seed), operation \(index), \(excess.count) of \(found.count) elements; \
        \(excess.first.map { "\($0): \(found[$0]), simulated \(expected[$0])" } ?? "") \
        within \(excess.first.map { tolerance[$0] } ?? 0) in \(operation)
        """
      )
      // A tolerance that allows everything would show nothing.
      if case .attention = operation {
        expectTight(tolerance, model[operation.output], found.count)
      }
      if case .deformableAttention = operation {
        expectTight(tolerance, model[operation.output], found.count)
      }
    }
    #expect(isMissing.isEmpty, "operations that the model lacks: \(isMissing)")
  }

  /// At most two hundredths of the type's range, and one unit.
  private func expectTight(
    _ tolerance: ModelSimulation.Tolerance,
    _ value: Value,
    _ count: Int
  ) {
    let range = Double(value.element.highest) - Double(value.element.lowest)
    let greatest = (0..<count).map { tolerance[$0] }.max() ?? 0
    #expect(greatest <= 1 + range / 50, "\(value.element): \(greatest)")
  }

  @Test("a wrong multiplier is far outside of the tolerance")
  func catchesWrongMultiplier() throws {
    var draft = ModelDraft(seed: 5)
    let map = draft.convolution(draft.picture, to: .int16, 16)
    let (logits, boxes) = draft.heads(map, classes: 3)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 10))
    defer { withExtendedLifetime(loaded) {} }
    let size = PictureSize(height: 8, width: 9)
    let simulation = try ModelSimulation(model: loaded.model, size: size, threads: 1)
    guard case .convolution(var product) = loaded.model.operations[0] else {
      Issue.record("expected a product first")
      return
    }
    let picture = Comparison(loaded.model, size, seed: 5).picture.map { Int32($0) }
    let right = simulation.output(of: .convolution(product)) { _ in picture }
    product.shift += 1
    let wrong = simulation.output(of: .convolution(product)) { _ in picture }
    #expect(zip(right, wrong).contains { abs($0 - $1) > 100 })
  }

  /// A model of two-stage form that has every operation, types and sizes drawn by the seed.
  private static func everyOperation(seed: Int) throws -> LoadedModel {
    var draft = ModelDraft(seed: UInt64(seed))
    let wide: Element = seed % 3 == 0 ? .uint8 : .int16
    let three = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let stem = draft.convolution(
      draft.picture,
      to: .uint8,
      12,
      Window(kernel: 7, stride: 2, padding: 3, dilation: 1)
    )
    let first = draft.convolution(
      draft.maxPool(stem, .init(kernel: 3, stride: 1, padding: 1, dilation: 1)),
      to: .uint8,
      20,
      three
    )
    let second = draft.convolution(first, to: .uint8, 28, three)
    let maps = [
      draft.groupNorm(draft.convolution(first, to: .int16, 24), groups: 4, to: .int16),
      draft.groupNorm(draft.convolution(second, to: .int16, 24), groups: 8, to: .int16),
      draft.groupNorm(draft.convolution(second, to: .int16, 24, three), groups: 24, to: .int16),
    ]
    var tokens = draft.concatenate(maps)
    let table =
      seed % 4 < 2
      ? draft.sinePosition(maps, features: 12)
      : draft.learnedPosition(maps, features: 11, positions: 32)
    let source = draft.requantize(tokens, to: .uint8)
    let offsets = draft.convolution(
      source,
      to: .int16,
      48,
      position: draft.convolution(table, to: .int32, 48, spread: 25_000),
      levels: maps
    )
    let weights = draft.convolution(source, to: .int16, 24)
    let own = draft.deformableAttention(
      value: draft.mask(draft.convolution(source, to: .int8, 24), maps),
      offsets: offsets,
      logits: weights,
      references: nil,
      heads: 4,
      points: 2,
      levels: maps,
      to: wide
    )
    tokens = draft.layerNorm(
      draft.convolution(own, to: .int16, 24, residual: tokens),
      to: .int16
    )
    let proposed = draft.mask(tokens, maps, onlyProposals: true)
    let chosen = draft.topRows(draft.convolution(proposed, to: .int32, 3), count: 13, column: 1)
    let deltas = draft.gather(draft.convolution(proposed, to: .int32, 4), chosen)
    let references = draft.proposals(deltas, chosen, maps)
    let codes = draft.convolution(draft.boxSine(references, features: 12), to: .int16, 48)
    let queries = draft.slice(codes, first: 24, count: 24)
    let target = draft.add(queries, draft.constant(.int16, rows: 13, channels: 24), to: .int16)
    let attended = draft.attention(
      draft.convolution(target, to: .int16, 24, spread: 600),
      draft.convolution(maps[0], to: .int16, 24, spread: 600),
      draft.convolution(maps[0], to: .int16, 24, spread: 3000),
      heads: 3,
      keyGrid: maps[0],
      to: wide
    )
    let sampled = draft.deformableAttention(
      value: draft.convolution(proposed, to: .int8, 30),
      offsets: draft.convolution(attended, to: .int16, 90),
      logits: draft.convolution(attended, to: .int16, 45),
      references: seed < 7 ? references : draft.slice(references, first: 0, count: 2),
      heads: 3,
      points: 5,
      levels: maps,
      to: .uint8
    )
    let aligned = draft.aligned(
      target,
      map: maps[seed % 3],
      boxes: references,
      logits: draft.convolution(attended, to: .int32, 6),
      seed: seed
    )
    _ = aligned
    let logits = draft.convolution(sampled, to: .int32, 9)
    let refined = draft.refine(draft.convolution(sampled, to: .int32, 4), references)
    let boxes = draft.refine(
      draft.convolution(sampled, to: .int32, 4),
      draft.slice(refined, first: 0, count: 2)
    )
    _ = draft.sigmoid(logits)
    return try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 40))
  }
}

extension ModelFile.Operation {
  /// A number for each of the operations.
  fileprivate var kind: Int {
    switch self {
    case .convolution: 0
    case .maxPool: 1
    case .add: 2
    case .requantize: 3
    case .layerNorm: 4
    case .groupNorm: 5
    case .attention: 6
    case .deformableAttention: 7
    case .positionTable: 8
    case .constant: 9
    case .concatenateRows: 10
    case .sliceColumns: 11
    case .maskPadding: 12
    case .maskProposals: 13
    case .topRows: 14
    case .gatherRows: 15
    case .sigmoid: 16
    case .refineBoxes: 17
    case .proposalBoxes: 18
    case .boxSine: 19
    case .tableLookup: 20
    case .averagePool: 21
    case .upsample: 22
    case .concatenateColumns: 23
    case .rowMaximum: 24
    case .spatialAttention: 25
    case .positionSum: 26
    case .regionPooling: 27
    case .regionSampling: 28
    case .pointsInBoxes: 29
    case .gate: 30
    }
  }
}
