import FixedPoint
import ModelFile
import Runtime
import Simulation
import Testing

/// The part of a model that is computed for one query at a time.
@Suite("Masks of single queries")
struct MaskPartTests {
  @Test(
    "every value equals its definition, for any query, in any order, on any number of threads",
    arguments: 1...6
  )
  func equalsDefinition(seed: Int) throws {
    let loaded = try Self.model(seed: seed)
    let model = loaded.model
    let size = Self.size(seed)
    for threads in [1, 3] {
      let comparison = Comparison(model, size, seed: UInt64(seed))
      let finished = try comparison.run(model, threads: threads, retention: .all)
      defer { withExtendedLifetime((finished, loaded)) {} }
      for query in [4, 0, 10] {
        _ = try #require(finished.session.mask(ofQuery: query))
        let interpreter = Interpreter(
          model: model,
          size: size,
          picture: comparison.picture,
          query: query
        )
        for operation in model.operations {
          let value = operation.output
          let bytes = try #require(finished.session.elements(of: value))
          let found = Comparison.numbers(bytes, model[value].element)
          #expect(found == interpreter[value].numbers, "query \(query), \(operation)")
        }
      }
    }
  }

  @Test("planned memory gives the same masks and leaves the detections alone", arguments: 1...6)
  func equalsUnplanned(seed: Int) throws {
    let loaded = try Self.model(seed: seed)
    let model = loaded.model
    let comparison = Comparison(model, Self.size(seed), seed: UInt64(seed))
    let whole = try comparison.run(model, threads: 1, retention: .all)
    let planned = try comparison.run(model, threads: 2, retention: .outputs)
    defer { withExtendedLifetime((whole, planned, loaded)) {} }
    let before = Array(planned.session.detections)
    #expect(before == Array(whole.session.detections))
    for query in 0..<11 {
      let expected = Array(try #require(whole.session.mask(ofQuery: query)))
      #expect(Array(try #require(planned.session.mask(ofQuery: query))) == expected)
      #expect(Set(expected).count > 3)
    }
    #expect(Array(planned.session.detections) == before)
  }

  @Test("the simulation is near", arguments: 1...4)
  func nearSimulation(seed: Int) throws {
    let loaded = try Self.model(seed: seed)
    let model = loaded.model
    let size = Self.size(seed)
    let comparison = Comparison(model, size, seed: UInt64(seed))
    let finished = try comparison.run(model, threads: 1, retention: .all)
    defer { withExtendedLifetime((finished, loaded)) {} }
    var simulation = try ModelSimulation(model: model, size: size, threads: 1)
    simulation.query = 7
    _ = finished.session.mask(ofQuery: 7)
    func integers(_ value: ValueIndex) -> [Int32] {
      guard value != Model.picture else { return comparison.picture.map { Int32($0) } }
      let bytes = finished.session.elements(of: value)!
      return Comparison.numbers(bytes, model[value].element).map { Int32($0) }
    }
    for operation in model.operations[model.firstPerQuery...] {
      let found = integers(operation.output)
      let expected = simulation.output(of: operation, inputs: integers)
      let tolerance = simulation.tolerance(of: operation, inputs: integers)
      try #require(found.count == expected.count)
      for index in found.indices {
        let difference = abs(Double(found[index]) - Double(expected[index]))
        #expect(difference <= tolerance[index], "\(operation)")
      }
    }
  }

  @Test("a model without such a part has no masks")
  func hasNone() throws {
    var draft = ModelDraft(seed: 3)
    let map = draft.convolution(draft.picture, to: .int16, 16)
    let (logits, boxes) = draft.heads(map, classes: 3)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 10))
    let comparison = Comparison(loaded.model, PictureSize(height: 8, width: 9), seed: 1)
    let finished = try comparison.run(loaded.model, threads: 1, retention: .outputs)
    #expect(finished.session.mask(ofQuery: 0) == nil)
    withExtendedLifetime(loaded) {}
  }

  private static func size(_ seed: Int) -> PictureSize {
    seed % 2 == 0
      ? PictureSize(height: 37, width: 50)
      : PictureSize(height: 50, width: 43, validHeight: 29, validWidth: 40)
  }

  /// A backbone of three maps, eleven queries, and a mask head over them.
  private static func model(seed: Int) throws -> LoadedModel {
    var draft = ModelDraft(seed: UInt64(seed))
    let three = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let same = Window(kernel: 3, stride: 1, padding: 1, dilation: 1)
    let large = draft.convolution(draft.picture, to: .uint8, 12, three)
    let middle = draft.convolution(large, to: .uint8, 16, three)
    let small = draft.convolution(middle, to: .uint8, 20, three)
    let tokens = draft.convolution(small, to: .int16, 24)
    let queries = draft.attention(
      draft.convolution(
        draft.constant(.int16, rows: 11, channels: 24),
        to: .int16,
        24,
        spread: 600
      ),
      draft.convolution(tokens, to: .int16, 24, spread: 600),
      draft.convolution(tokens, to: .int16, 24, spread: 3000),
      heads: 3,
      keyGrid: small,
      to: .int16
    )
    let logits = draft.convolution(queries, to: .int32, 5)
    let boxes = draft.sigmoid(draft.convolution(queries, to: .int32, 4))
    let keys = draft.convolution(tokens, to: .int16, 24, spread: 600)
    let ofTokens = draft.convolution(tokens, to: .int16, 16, same)
    let adapters = [
      draft.convolution(middle, to: .int16, 16), draft.convolution(large, to: .int16, 8),
    ]
    let query = draft.selectQuery(queries)
    let attention = draft.attentionMap(
      draft.convolution(query, to: .int16, 24, spread: 600),
      keys,
      heads: 4,
      keyGrid: small,
      to: seed % 3 == 0 ? .uint8 : .int16
    )
    var map = draft.add(draft.convolution(attention, to: .int16, 16, same), ofTokens, to: .int16)
    for (stage, adapter) in adapters.enumerated() {
      let normed = draft.groupNorm(map, groups: 4, to: .int16)
      let rectified = draft.rectify(normed, slope: 0, to: .uint8)
      let next = draft.convolution(rectified, to: .int16, stage == 0 ? 16 : 8, same)
      map = draft.add(draft.enlarge(next, to: adapter), adapter, to: .int16)
    }
    _ = draft.convolution(map, to: .int16, 1, same)
    return try draft.model(logits: logits, boxes: boxes, decoding: .softmaxWithNoObject)
  }
}
