import ModelFile
import Runtime
import Testing

@Suite("What RT-DETR is made of gives the numbers of its definition, for any number of threads")
struct HybridModelTests {
  @Test("tables of bytes and of words, to all small types")
  func tables() throws {
    var draft = ModelDraft(seed: 11)
    let bytes = draft.convolution(draft.picture, to: .uint8, 19)
    let words = draft.convolution(draft.picture, to: .int16, 19)
    var sum = words
    for element in [Element.uint8, .int8, .int16] {
      sum = draft.add(sum, draft.lookup(bytes, to: element), to: .int16)
      // Words below 0 and above the last entry are limited.
      sum = draft.add(sum, draft.lookup(words, to: element, entries: 1000), to: .int16)
    }
    let (logits, boxes) = draft.heads(sum, classes: 3)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 20))
    try expectEqualEverywhere(loaded, PictureSize(height: 11, width: 13), seed: 1)
  }

  @Test(
    "average pools of even and odd maps, in a chain with what is around them",
    arguments: [Element.uint8, .int16],
    [(8, 10), (9, 13), (1, 7)]
  )
  func averagePools(element: Element, size: (Int, Int)) throws {
    var draft = ModelDraft(seed: 12)
    let map = draft.convolution(draft.picture, to: element, 21)
    let pooled = draft.averagePool(map)
    let (logits, boxes) = draft.heads(draft.convolution(pooled, to: .int16, 16), classes: 2)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 20))
    let size = PictureSize(height: size.0, width: size.1)
    try expectEqualEverywhere(loaded, size, seed: 2)
  }

  @Test("a coarse map enlarged and put beside a fine one")
  func fusion() throws {
    var draft = ModelDraft(seed: 13)
    let window = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let fine = draft.convolution(draft.picture, to: .uint8, 20, window)
    let coarse = draft.like(fine)
    let made = draft.convolution(fine, to: .uint8, 20, window)
    draft.writer.operations.append(
      .requantize(
        Requantization(input: made, output: coarse, rescale: draft.rescale(1))
      )
    )
    let both = draft.concatenateColumns([draft.upsample(coarse, factor: 2), fine])
    let left = draft.lookup(
      draft.convolution(both, to: .int16, 24),
      to: .uint8,
      entries: 4096
    )
    let right = draft.convolution(both, to: .int16, 24)
    let (logits, boxes) = draft.heads(draft.add(left, right, to: .int16), classes: 4)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 30))
    try expectEqualEverywhere(loaded, PictureSize(height: 24, width: 32), seed: 3)
  }

  @Test("positions of sines and cosines in halves, the same for padding")
  func positions() throws {
    var draft = ModelDraft(seed: 14)
    let map = draft.convolution(
      draft.picture,
      to: .uint8,
      24,
      Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    )
    let table = draft.sineHalvesPosition(map, frequencies: 6)
    let placed = draft.convolution(
      map,
      to: .int16,
      24,
      position: draft.convolution(table, to: .int32, 24, spread: 25_000),
      levels: [map]
    )
    let (logits, boxes) = draft.heads(placed, classes: 4)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 30))
    try expectEqualEverywhere(loaded, PictureSize(height: 14, width: 19), seed: 4)
    let padded = PictureSize(height: 14, width: 19, validHeight: 9, validWidth: 12)
    try expectEqualEverywhere(loaded, padded, seed: 5)
  }

  @Test("the best class of a token chooses it, and points take one pixel each", arguments: 0..<4)
  func discretePoints(seed: Int) throws {
    var draft = ModelDraft(seed: UInt64(20 + seed))
    let window = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let maps = [
      draft.convolution(draft.picture, to: .int16, 32, window),
      draft.convolution(draft.picture, to: .int16, 32, window),
    ]
    // One scale for all tokens, as concatenation needs.
    let tokens = draft.convolution(draft.concatenate(maps), to: .int16, 32)
    let scores = draft.rowMaximum(draft.convolution(tokens, to: .int32, 7))
    let chosen = draft.topRows(scores, count: 9, column: 0)
    let queries = draft.gather(tokens, chosen)
    let references = draft.proposals(
      draft.gather(draft.convolution(tokens, to: .int32, 4), chosen),
      chosen,
      maps
    )
    let sampled = draft.deformableAttention(
      value: draft.convolution(tokens, to: seed % 2 == 0 ? .int8 : .int16, 64),
      offsets: draft.convolution(queries, to: .int16, 2 * 2 * 2 * 3),
      logits: draft.convolution(queries, to: .int16, 2 * 2 * 3),
      references: references,
      heads: 2,
      points: 3,
      levels: maps,
      to: .int16,
      isDiscrete: true
    )
    let logits = draft.convolution(sampled, to: .int32, 3)
    let boxes = draft.refine(draft.convolution(sampled, to: .int32, 4), references)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 20))
    try expectEqualEverywhere(loaded, PictureSize(height: 12, width: 18), seed: 6)
  }
}
