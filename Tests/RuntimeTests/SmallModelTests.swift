import ModelFile
import Runtime
import Testing

@Suite("Small models give the numbers of their definition")
struct SmallModelTests {
  @Test("two layers: a stem on the picture and two heads on its pixels")
  func twoLayers() throws {
    var draft = ModelDraft(seed: 1)
    let stem = draft.convolution(
      draft.picture, to: .uint8, 20, Window(kernel: 7, stride: 2, padding: 3, dilation: 1))
    let (logits, boxes) = draft.heads(stem, classes: 5)
    let loaded = try draft.model(logits: logits, boxes: boxes, decoding: .sigmoid(limit: 10))
    try expectEqualEverywhere(loaded, PictureSize(height: 21, width: 30), seed: 2)
  }
}
