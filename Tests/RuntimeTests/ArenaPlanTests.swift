import ModelFile
import Testing

@testable import Runtime

@Suite("The arena plan")
struct ArenaPlanTests {
  private func piece(_ bytes: Int, _ first: Int, _ last: Int) -> ArenaPlan.Piece {
    ArenaPlan.Piece(content: .scratch, byteCount: bytes, firstStep: first, lastStep: last)
  }

  @Test("pieces that live at the same step never overlap, places are aligned", arguments: 0..<200)
  func disjoint(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let steps = Int.random(in: 1...40, using: &random)
    let pieces = (0..<Int.random(in: 1...60, using: &random)).map { _ in
      let first = Int.random(in: 0..<steps, using: &random)
      return piece(
        Int.random(in: 0...5000, using: &random),
        first,
        min(steps - 1, first + Int.random(in: 0...6, using: &random))
      )
    }
    let plan = try ArenaPlan(pieces, steps: steps)
    for (index, a) in plan.pieces.enumerated() {
      #expect(a.offset % 64 == 0)
      #expect(a.byteCount >= pieces[index].byteCount && a.byteCount % 64 == 0)
      // 64 readable bytes behind every piece.
      #expect(a.offset + a.byteCount + 64 <= plan.byteCount)
      for b in plan.pieces[..<index] where a.livesWith(b) {
        #expect(
          a.byteCount == 0 || b.byteCount == 0 || a.offset + a.byteCount <= b.offset
            || b.offset + b.byteCount <= a.offset
        )
      }
    }
    #expect(plan.byteCount >= plan.lowerBound)
  }

  @Test("a chain needs its two largest neighbours, not the sum")
  func chain() throws {
    let plan = try ArenaPlan(
      [piece(6400, 0, 1), piece(640, 1, 2), piece(3200, 2, 3), piece(1280, 3, 4)],
      steps: 5
    )
    #expect(plan.byteCount == 6400 + 640 + 64)
    #expect(plan.byteCount == plan.lowerBound)
  }

  @Test("a piece goes into the smallest gap that holds it")
  func bestFit() throws {
    // Three blocks for all time leave gaps of 640 and 1280 while the fillers live elsewhere.
    let plan = try ArenaPlan(
      [
        piece(6400, 0, 9), piece(1280, 0, 4), piece(6336, 0, 9), piece(640, 0, 4),
        piece(6272, 0, 9), piece(576, 5, 9), piece(1216, 5, 9),
      ],
      steps: 10
    )
    #expect(plan.byteCount == plan.lowerBound)
  }

  @Test("sizes beyond the address space are refused")
  func overflow() {
    #expect(throws: SessionError.planTooLarge) {
      try ArenaPlan([piece(Int.max - 100, 0, 0), piece(Int.max - 100, 0, 0)], steps: 1)
    }
    #expect(throws: SessionError.planTooLarge) { try ArenaPlan([piece(Int.max, 0, 0)], steps: 1) }
  }

  @Test("the drawing shows every piece where and when it lives")
  func drawing() throws {
    let plan = try ArenaPlan(
      [
        ArenaPlan.Piece(
          content: .value(ValueIndex(0)),
          byteCount: 128,
          firstStep: 0,
          lastStep: 1
        ),
        ArenaPlan.Piece(
          content: .value(ValueIndex(1)),
          byteCount: 64,
          firstStep: 1,
          lastStep: 3
        ),
        piece(64, 3, 3),
      ],
      steps: 4
    )
    let lines = plan.drawing(columns: 80, rows: plan.byteCount / 64)
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(lines == ["AA.#", "AA..", ".BBB", "...."])
    #expect(plan.drawing(columns: 1, rows: 1).count == 1)
  }

  @Test("a residual sum, a norm and a mask take their operands' places; a dump keeps them apart")
  func inPlace() throws {
    var draft = ModelDraft(seed: 1)
    let map = draft.convolution(draft.picture, to: .int16, 8)
    let source = draft.requantize(map, to: .uint8)
    let sum = draft.convolution(source, to: .int16, 8, residual: map)
    let normal = draft.layerNorm(sum, to: .int16)
    let masked = draft.mask(normal, [map])
    let (logits, boxes) = draft.heads(masked, classes: 2)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 3))
    let shapes = try loaded.model.shapes(for: PictureSize(height: 8, width: 8))
    for (retention, isShared) in [(Retention.outputs, true), (.all, false)] {
      var storage = ValueStorage(
        model: loaded.model,
        shapes: shapes,
        schedule: Schedule(unchained: loaded.model),
        retention: retention,
        pictureInArena: false
      )
      for (operand, result) in [(map, sum), (sum, normal), (normal, masked)] {
        let places = (storage.place(of: operand), storage.place(of: result))
        #expect((places.0 == places.1) == isShared)
      }
      let places = (storage.place(of: source), storage.place(of: sum))
      #expect(places.0 != places.1)
    }
    withExtendedLifetime(loaded) {}
  }

  @Test("what is joined is made in its slice, once")
  func slices() throws {
    var draft = ModelDraft(seed: 2)
    let a = draft.convolution(draft.picture, to: .int16, 8)
    let b = draft.convolution(draft.picture, to: .int16, 8)
    let joined = draft.concatenate([b, a, b])
    let (logits, boxes) = draft.heads(joined, classes: 2)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 3))
    let shapes = try loaded.model.shapes(for: PictureSize(height: 4, width: 4))
    var storage = ValueStorage(
      model: loaded.model,
      shapes: shapes,
      schedule: Schedule(unchained: loaded.model),
      retention: .outputs,
      pictureInArena: false
    )
    let rowsBytes = 16 * 8 * 2
    let places = (storage.place(of: b), storage.place(of: a))
    #expect(places.0 == .arena(root: joined.index, offset: 0))
    #expect(places.1 == .arena(root: joined.index, offset: rowsBytes))
    withExtendedLifetime(loaded) {}
  }
}
