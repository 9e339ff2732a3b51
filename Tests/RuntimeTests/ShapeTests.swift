import ModelFile
import Testing

@testable import Runtime

@Suite("Shapes")
struct ShapeTests {
  @Test("the valid length in integers is the one of 32-bit floats, for all lengths to 400")
  func validLengthIsExhaustive() {
    for input in 1...400 {
      for length in 1...input {
        // Only where the mask's border lies between two pixels can the count change.
        for valid in [1, input / 3, input / 2, input - 1, input] where valid >= 1 {
          let found = validLength(length, of: input, valid: valid)
          let expected = Interpreter.validLength(length, of: input, valid: valid)
          if found != expected {
            Issue.record("\(length) of \(input), \(valid) valid: \(found), expected \(expected)")
          }
        }
      }
    }
  }

  @Test(
    "the valid length in integers is the one of 32-bit floats, at random to 16383",
    arguments: 0..<8
  )
  func validLengthAtRandom(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<4000 {
      let input = Int.random(in: 1...16383, using: &random)
      let length = Int.random(in: 1...min(16383, input + 40), using: &random)
      let valid = Int.random(in: 1...input, using: &random)
      let found = validLength(length, of: input, valid: valid)
      let expected = Interpreter.validLength(length, of: input, valid: valid)
      if found != expected {
        Issue.record("\(length) of \(input), \(valid) valid: \(found), expected \(expected)")
      }
    }
  }

  @Test("the border of the mask is exact for every pixel of usual pyramids")
  func everyBorder() {
    for input in [480, 640, 799, 800, 1066, 1201, 1333] {
      for length in [(input + 7) / 8, (input + 15) / 16, (input + 31) / 32, (input + 63) / 64] {
        for valid in 1...input {
          let found = validLength(length, of: input, valid: valid)
          if found != Interpreter.validLength(length, of: input, valid: valid) {
            Issue.record("\(length) of \(input), \(valid) valid: \(found)")
          }
        }
      }
    }
  }

  private func model(_ build: (inout ModelDraft) -> ValueIndex) throws -> LoadedModel {
    var draft = ModelDraft(seed: 3)
    let (logits, boxes) = draft.heads(build(&draft), classes: 2)
    return try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 3))
  }

  private func error(
    _ loaded: LoadedModel,
    _ size: PictureSize = PictureSize(height: 16, width: 16)
  ) -> SessionError? {
    do throws(SessionError) {
      _ = try loaded.model.shapes(for: size)
      return nil
    } catch { return error }
  }

  @Test("sizes out of range are refused")
  func sizes() throws {
    let loaded = try model { $0.convolution($0.picture, to: .uint8, 4) }
    for (height, width) in [(0, 5), (5, 0), (-1, 5), (16384, 5), (5, Int.max)] {
      #expect(
        error(loaded, PictureSize(height: height, width: width))
          == .pictureSize(height: height, width: width, limit: 16383)
      )
    }
    #expect(
      error(loaded, PictureSize(height: 8, width: 8, validHeight: 9, validWidth: 8))
        == .validPart(height: 9, width: 8, of: 8, by: 8)
    )
    #expect(
      error(loaded, PictureSize(height: 8, width: 8, validHeight: 8, validWidth: 0))
        == .validPart(height: 8, width: 0, of: 8, by: 8)
    )
    #expect(error(loaded) == nil)
  }

  @Test("a map without a pixel is refused with its size")
  func emptyMap() throws {
    let window = Window(kernel: 5, stride: 1, padding: 0, dilation: 1)
    let loaded = try model { $0.convolution($0.picture, to: .uint8, 4, window) }
    #expect(
      error(loaded, PictureSize(height: 4, width: 9))
        == .mapSize(value: 1, height: 0, width: 5, limit: 16383)
    )
  }

  @Test("a convolution on rows that are no map is refused")
  func notAMap() throws {
    let window = Window(kernel: 3, stride: 1, padding: 1, dilation: 1)
    let loaded = try model { draft in
      let rows = draft.constant(.uint8, rows: 9, channels: 4)
      return draft.convolution(rows, to: .uint8, 4, window)
    }
    #expect(error(loaded) == .notAMap(operation: 1, value: 1))
  }

  @Test("operands whose rows differ are refused, wherever they meet")
  func rowMismatches() throws {
    let small = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let builds: [(inout ModelDraft) -> ValueIndex] = [
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        return draft.add(a, draft.convolution(draft.picture, to: .int16, 8, small), to: .int16)
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        return draft.convolution(draft.picture, to: .int16, 8, small, residual: a)
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 8, small)
        return draft.attention(a, a, b, heads: 2, keyGrid: nil, to: .uint8)
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 8, small)
        return draft.attention(a, b, b, heads: 2, keyGrid: a, to: .uint8)
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 8, small)
        return draft.mask(a, [b])
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 8, small)
        let table = draft.sinePosition([b], features: 4)
        let position = draft.convolution(table, to: .int32, 8)
        return draft.convolution(a, to: .int16, 8, position: position, levels: [a])
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 8, small)
        let table = draft.sinePosition([b], features: 4)
        let position = draft.convolution(table, to: .int32, 8)
        return draft.convolution(a, to: .int16, 8, position: position, levels: [b])
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 4)
        let value = draft.convolution(draft.picture, to: .int8, 8, small)
        return draft.deformableAttention(
          value: value,
          offsets: a,
          logits: b,
          references: nil,
          heads: 2,
          points: 2,
          levels: [a],
          to: .uint8
        )
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int16, 8)
        let b = draft.convolution(draft.picture, to: .int16, 4, small)
        let value = draft.convolution(draft.picture, to: .int8, 8)
        return draft.deformableAttention(
          value: value,
          offsets: a,
          logits: b,
          references: nil,
          heads: 2,
          points: 2,
          levels: [a],
          to: .uint8
        )
      },
      { draft in
        let queries = draft.convolution(draft.picture, to: .int16, 8, small)
        let logits = draft.convolution(draft.picture, to: .int16, 4, small)
        let value = draft.convolution(draft.picture, to: .int8, 8)
        return draft.deformableAttention(
          value: value,
          offsets: queries,
          logits: logits,
          references: nil,
          heads: 2,
          points: 2,
          levels: [value],
          to: .uint8
        )
      },
      { draft in
        let a = draft.convolution(draft.picture, to: .int32, 4)
        let b = draft.sigmoid(draft.convolution(draft.picture, to: .int32, 4, small))
        return draft.requantize(draft.refine(a, b), to: .uint8)
      },
    ]
    for (index, build) in builds.enumerated() {
      let found = error(try model(build))
      guard case .rows(_, _, let rows, let expected)? = found else {
        Issue.record("build \(index): \(found.map { $0.description } ?? "accepted")")
        continue
      }
      #expect(rows != expected)
    }
  }

  @Test("more proposals than tokens, row numbers beyond a value, too few learned positions")
  func limits() throws {
    let small = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let many = try model { draft in
      let scores = draft.convolution(draft.picture, to: .int32, 4)
      let rows = draft.gather(scores, draft.topRows(scores, count: 300, column: 0))
      return draft.requantize(rows, to: .uint8)
    }
    #expect(error(many) == .tooFewRows(operation: 1, found: 256, needed: 300))
    #expect(error(many, PictureSize(height: 20, width: 15)) == nil)
    let beyond = try model { draft in
      let scores = draft.convolution(draft.picture, to: .int32, 4)
      let fewer = draft.convolution(draft.picture, to: .int32, 4, small)
      let rows = draft.gather(fewer, draft.topRows(scores, count: 3, column: 0))
      return draft.requantize(rows, to: .uint8)
    }
    #expect(error(beyond) == .tooFewRows(operation: 3, found: 64, needed: 256))
    let proposals = try model { draft in
      let scores = draft.convolution(draft.picture, to: .int32, 4)
      let fewer = draft.convolution(draft.picture, to: .int32, 4, small)
      let chosen = draft.topRows(scores, count: 3, column: 0)
      return draft.requantize(
        draft.proposals(draft.gather(scores, chosen), chosen, [fewer]),
        to: .uint8
      )
    }
    #expect(error(proposals) == .tooFewRows(operation: 4, found: 64, needed: 256))
    let learned = try model { draft in
      let map = draft.convolution(draft.picture, to: .int16, 8)
      let table = draft.learnedPosition([map], features: 4, positions: 15)
      let position = draft.convolution(table, to: .int32, 8)
      return draft.convolution(map, to: .int16, 8, position: position, levels: [map])
    }
    #expect(error(learned) == .learnedPositions(operation: 1, found: 15, needed: 16))
    #expect(error(learned, PictureSize(height: 15, width: 15)) == nil)
  }

  @Test("attention over more than 16384 keys and groups of more than 2²² elements are refused")
  func tables() throws {
    let keys = try model { draft in
      let map = draft.convolution(draft.picture, to: .int16, 4)
      let queries = draft.constant(.int16, rows: 2, channels: 4)
      return draft.attention(queries, map, map, heads: 2, keyGrid: map, to: .uint8)
    }
    #expect(
      error(keys, PictureSize(height: 300, width: 300))
        == .tooManyKeys(operation: 2, found: 90000, limit: 16384)
    )
    // Padding does not count.
    #expect(
      error(keys, PictureSize(height: 300, width: 300, validHeight: 200, validWidth: 80)) == nil
    )
    let group = try model { draft in
      draft.groupNorm(draft.convolution(draft.picture, to: .int16, 4), groups: 1, to: .int16)
    }
    #expect(
      error(group, PictureSize(height: 1025, width: 1024))
        == .groupTooLarge(operation: 1, found: 4 * 1025 * 1024, limit: 1 << 22)
    )
  }
}
