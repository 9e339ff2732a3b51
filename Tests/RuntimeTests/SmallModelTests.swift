import ModelFile
import Runtime
import Testing

@Suite("Small models give the numbers of their definition, for any number of threads")
struct SmallModelTests {
  @Test("two layers: a stem on the picture and two heads on its pixels")
  func twoLayers() throws {
    var draft = ModelDraft(seed: 1)
    let stem = draft.convolution(
      draft.picture,
      to: .uint8,
      20,
      Window(kernel: 7, stride: 2, padding: 3, dilation: 1)
    )
    let (logits, boxes) = draft.heads(stem, classes: 5)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 10))
    try expectEqualEverywhere(loaded, PictureSize(height: 21, width: 30), seed: 2)
  }

  @Test(
    "convolutions of every geometry",
    arguments: [1, 2, 3, 5, 7],
    [3, 4, 6, 20]
  )
  func convolutions(kernel: Int, channels: Int) throws {
    for (stride, padding, dilation) in [
      (1, 0, 1), (1, kernel / 2, 1), (2, kernel / 2, 1), (1, kernel - 1, 2), (3, 4, 1), (2, 2, 3),
    ] {
      let seed = UInt64(kernel * 1000 + channels * 10 + stride + padding * 7 + dilation)
      var draft = ModelDraft(seed: seed)
      let window = Window(
        kernel: kernel,
        stride: stride,
        padding: padding,
        dilation: dilation
      )
      let bytes = draft.convolution(draft.picture, to: .uint8, channels)
      let shorts = draft.convolution(draft.picture, to: .int16, channels)
      let onBytes = draft.convolution(bytes, to: .int16, 17, window)
      let onShorts = draft.convolution(shorts, to: .uint8, 16, window)
      let onPicture = draft.convolution(draft.picture, to: .int8, 5, window)
      let signed = draft.requantize(onPicture, to: .int16)
      let sum = draft.add(
        draft.convolution(signed, to: .int16, 17),
        onBytes,
        to: .int16
      )
      let joined = draft.convolution(
        onShorts,
        to: .int16,
        17,
        residual: sum
      )
      let (logits, boxes) = draft.heads(joined, classes: 3)
      let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .softmaxWithNoObject)
      try expectEqualEverywhere(loaded, PictureSize(height: 15, width: 18), seed: seed)
    }
  }

  @Test("pools of every geometry", arguments: [Element.uint8, .int16])
  func pools(element: Element) throws {
    for (kernel, stride, padding, dilation) in [
      (3, 2, 1, 1), (2, 2, 0, 1), (3, 1, 4, 1), (3, 2, 2, 2), (1, 3, 0, 1),
    ] {
      var draft = ModelDraft(seed: UInt64(kernel * 100 + stride * 10 + padding))
      let map = draft.convolution(draft.picture, to: element, 19)
      let pooled = draft.maxPool(
        map,
        Window(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
      )
      let onPicture = draft.maxPool(draft.picture, .point)
      let (logits, boxes) = draft.heads(pooled, classes: 2)
      _ = draft.convolution(onPicture, to: .uint8, 4)
      let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 300))
      try expectEqualEverywhere(loaded, PictureSize(height: 11, width: 13), seed: 3)
    }
  }

  @Test("sums and changes of units between all types")
  func elementwise() throws {
    var draft = ModelDraft(seed: 4)
    let types: [Element] = [.uint8, .int8, .int16]
    let values = types.map { draft.convolution(draft.picture, to: $0, 23) }
    var sum = values[2]
    for a in values {
      for b in values {
        for type in types {
          let next = draft.add(a, b, to: type)
          sum = draft.add(sum, draft.requantize(next, to: .int16), to: .int16)
        }
      }
    }
    let wide = draft.convolution(values[0], to: .int32, 23)
    sum = draft.add(sum, draft.requantize(wide, to: .int16), to: .int16)
    sum = draft.add(sum, sum, to: .int16)
    let (logits, boxes) = draft.heads(sum, classes: 7)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 50))
    try expectEqualEverywhere(loaded, PictureSize(height: 9, width: 14), seed: 5)
  }

  @Test("an encoder and a decoder as DETR has them, with and without padding")
  func detr() throws {
    for (seed, size) in [
      (6, PictureSize(height: 40, width: 56)),
      (7, PictureSize(height: 48, width: 50, validHeight: 33, validWidth: 41)),
    ] {
      var draft = ModelDraft(seed: UInt64(seed))
      let three = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
      let stem = draft.convolution(
        draft.picture,
        to: .uint8,
        12,
        Window(kernel: 7, stride: 2, padding: 3, dilation: 1)
      )
      let map = draft.convolution(draft.maxPool(stem, three), to: .uint8, 24, three)
      var tokens = draft.convolution(map, to: .int16, 24)
      let table =
        seed == 6
        ? draft.sinePosition([map], features: 12)
        : draft.learnedPosition([map], features: 11, positions: 8)
      for layer in 0..<2 {
        let position = draft.convolution(
          table,
          to: .int32,
          24,
          spread: 25_000
        )
        let source = draft.requantize(tokens, to: .uint8)
        let query = draft.convolution(
          source,
          to: .int16,
          24,
          position: position,
          levels: [map],
          spread: 600
        )
        let key = draft.convolution(
          source,
          to: .int16,
          24,
          position: position,
          levels: [map],
          spread: 600
        )
        let value = draft.convolution(source, to: .int16, 24)
        let attended = draft.attention(
          query,
          key,
          value,
          heads: 4,
          keyGrid: map,
          to: layer == 0 ? .uint8 : .int16
        )
        let sum = draft.convolution(attended, to: .int16, 24, residual: tokens)
        let normal = draft.layerNorm(sum, to: .int16)
        let hidden = draft.convolution(draft.requantize(normal, to: .uint8), to: .uint8, 50)
        tokens = draft.layerNorm(
          draft.convolution(hidden, to: .int16, 24, residual: normal),
          to: .int16
        )
      }
      let queries = draft.constant(.uint8, rows: 11, channels: 24)
      let query = draft.convolution(queries, to: .int16, 24, spread: 600)
      let memory = draft.layerNorm(tokens, to: .uint8)
      let key = draft.convolution(memory, to: .int16, 24, spread: 600)
      let value = draft.convolution(memory, to: .int16, 24)
      let found = draft.attention(
        query,
        key,
        value,
        heads: 3,
        keyGrid: seed == 6 ? nil : map,
        to: .uint8
      )
      let (logits, boxes) = draft.heads(found, classes: 6)
      let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .softmaxWithNoObject)
      try expectEqualEverywhere(loaded, size, seed: UInt64(seed))
    }
  }

  @Test(
    "a pyramid, deformable attention, proposals and refinement as Deformable DETR has them",
    arguments: [8, 9, 10, 11]
  )
  func deformableDetr(seed: Int) throws {
    let size =
      seed % 2 == 0
      ? PictureSize(height: 37, width: 50)
      : PictureSize(height: 50, width: 43, validHeight: 29, validWidth: 31)
    var draft = ModelDraft(seed: UInt64(seed))
    let three = Window(kernel: 3, stride: 2, padding: 1, dilation: 1)
    let stem = draft.convolution(draft.picture, to: .uint8, 12, three)
    let first = draft.convolution(stem, to: .uint8, 20, three)
    let second = draft.convolution(first, to: .uint8, 28, three)
    let maps = [
      draft.groupNorm(draft.convolution(first, to: .int16, 24), groups: 4, to: .int16),
      draft.groupNorm(draft.convolution(second, to: .int16, 24), groups: 8, to: .int16),
      draft.groupNorm(draft.convolution(second, to: .int16, 24, three), groups: 24, to: .int16),
    ]
    var tokens = draft.concatenate(maps)
    let table = draft.sinePosition(maps, features: 12)
    for layer in 0..<2 {
      let position = draft.convolution(
        table,
        to: .int32,
        48,
        spread: 25_000
      )
      let logitPosition = draft.convolution(
        table,
        to: .int32,
        24,
        spread: 25_000
      )
      let source = draft.requantize(tokens, to: .uint8)
      let value = draft.mask(
        draft.convolution(source, to: layer == 0 ? .int8 : .int16, 24),
        maps
      )
      let offsets = draft.convolution(
        source,
        to: .int16,
        48,
        position: position,
        levels: maps
      )
      let weights = draft.convolution(
        source,
        to: .int16,
        24,
        position: logitPosition,
        levels: maps
      )
      let sampled = draft.deformableAttention(
        value: value,
        offsets: offsets,
        logits: weights,
        references: nil,
        heads: 4,
        points: 2,
        levels: maps,
        to: layer == 0 ? .uint8 : .int16
      )
      tokens = draft.layerNorm(
        draft.convolution(sampled, to: .int16, 24, residual: tokens),
        to: .int16
      )
    }
    // Two-stage: the best proposals become queries.
    let proposed = draft.mask(tokens, maps, onlyProposals: true)
    let scores = draft.convolution(proposed, to: seed < 10 ? .int32 : .int16, 3)
    let chosen = draft.topRows(scores, count: 13, column: 1)
    let deltas = draft.gather(draft.convolution(proposed, to: .int32, 4), chosen)
    let references = draft.proposals(deltas, chosen, maps)
    let sines = draft.boxSine(references, features: 12)
    let codes = draft.convolution(sines, to: .int16, 48)
    let queries = draft.slice(codes, first: 24, count: 24)
    let position = draft.slice(codes, first: 0, count: 24)
    let source = draft.requantize(draft.add(queries, position, to: .int16), to: .uint8)
    let value = draft.mask(draft.convolution(proposed, to: .int8, 30), maps)
    let points =
      seed < 10 ? references : draft.slice(references, first: 0, count: 2)
    let sampled = draft.deformableAttention(
      value: value,
      offsets: draft.convolution(source, to: .int16, 90),
      logits: draft.convolution(source, to: .int16, 45),
      references: points,
      heads: 3,
      points: 5,
      levels: maps,
      to: .uint8
    )
    let final = draft.concatenate([sampled])
    let logits = draft.convolution(final, to: .int32, 9)
    let boxes = draft.refine(draft.convolution(final, to: .int32, 4), points)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 40))
    try expectEqualEverywhere(loaded, size, seed: UInt64(seed))
  }

  @Test(
    "proposals end at a hundredth of the valid part and at the fifth level",
    arguments: [
      (3, 50), (3, 49), (2, 51), (2, 130), (120, 2), (101, 99), (2, 150),
    ]
  )
  func proposalBorders(height: Int, width: Int) throws {
    for padding in [0, 7] {
      var draft = ModelDraft(seed: UInt64(height * width))
      let map = draft.convolution(draft.picture, to: .int16, 4)
      // Seven levels of the same size: the sides of the last two are too long.
      let maps = [ValueIndex](repeating: map, count: 7)
      let tokens = draft.concatenate(maps)
      let masked = draft.mask(tokens, maps, onlyProposals: true)
      let scores = draft.convolution(masked, to: .int32, 1)
      let count = 7 * (height + padding) * (width + padding)
      let chosen = draft.topRows(scores, count: count, column: 0)
      let deltas = draft.gather(draft.convolution(masked, to: .int32, 4), chosen)
      let boxes = draft.proposals(deltas, chosen, maps)
      let logits = draft.convolution(tokens, to: .int32, 1)
      let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 4))
      let size = PictureSize(
        height: height + padding,
        width: width + padding,
        validHeight: height,
        validWidth: width
      )
      try expectEqualEverywhere(loaded, size, seed: 14)
    }
  }

  @Test("rows joined from a value twice, a constant, the picture and a joined value")
  func concatenations() throws {
    var draft = ModelDraft(seed: 12)
    let point = draft.convolution(draft.picture, to: .int16, 10)
    let constant = draft.constant(.int16, rows: 5, channels: 10)
    let inner = draft.concatenate([point, constant])
    let outer = draft.concatenate([inner, point, inner, constant])
    let normal = draft.layerNorm(outer, to: .int16)
    let picture = draft.maxPool(draft.picture, .point)
    let pixels = draft.convolution(draft.concatenate([picture, picture]), to: .int16, 10)
    let all = draft.concatenate([normal, pixels, point])
    let (logits, boxes) = draft.heads(all, classes: 2)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 5))
    try expectEqualEverywhere(loaded, PictureSize(height: 6, width: 7), seed: 13)
  }
}
