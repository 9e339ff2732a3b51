import Architectures
import FloatGraph
import Testing

@Suite(
  "The graph computes what the reference computes",
  .enabled(if: Shared.exists, "no ../shared")
)
struct GoldenTests {
  @Test(
    "within the reference's own noise",
    arguments: [
      "detr-hf-resnet", "detr-hf-timm", "detr-hf-padded", "detr-hf-bf16",
      "deformable-hf-multiscale", "deformable-hf-single", "deformable-hf-single-dc5",
      "deformable-hf-refine", "deformable-hf-fp16", "deformable-hf-padded",
      "deformable-hf-twostage-v5",
      "rtdetr-hf", "rtdetrv2-hf",
    ]
  )
  func matches(name: String) throws {
    try GoldenCase.check(GoldenCase(name))
  }

  @Test(
    "also from PyTorch files, with what they do not tell as options",
    arguments: [
      ("detr-hf-dc5", "", DetectorOptions()), ("deformable-hf-refine-v4", "", DetectorOptions()),
      ("deformable-hf-twostage", "", DetectorOptions()),
      ("detr-official-dc5", "/checkpoint.pth", DetectorOptions(heads: 4, dilation: true)),
      ("detr-official-legacy", "/checkpoint.pth", DetectorOptions()),
      ("detr-official-prenorm-learned", "/checkpoint.pth", DetectorOptions()),
      ("deformable-official", "/checkpoint.pth", DetectorOptions()),
      (
        "deformable-official-twostage", "/checkpoint.pth", DetectorOptions(heads: 4, queries: 14)
      ),
      ("deformable-mmdet", "/checkpoint.pth", DetectorOptions()),
      ("deformable-mmdet-twostage", "/checkpoint.pth", DetectorOptions()),
      ("smca-official", "/checkpoint.pth", DetectorOptions()),
      ("sam-detr-official", "/checkpoint.pth", DetectorOptions()),
      ("sam-detr-official-smca", "/checkpoint.pth", DetectorOptions()),
    ]
  )
  func matchesPyTorch(name: String, file: String, options: DetectorOptions) throws {
    let golden = try GoldenCase(name, at: Shared.folder + "/golden/" + name + file)
    try GoldenCase.check(golden, options: options)
  }
}

extension GoldenCase {
  /// Loads the case's checkpoint and compares every expected value that the graph has.
  static func check(_ golden: GoldenCase, options: DetectorOptions = DetectorOptions()) throws {
    let detector = try LoadedDetector(path: golden.checkpoint, options: options)
    let graph = detector.graph
    let values = try ReferenceExecutor(graph: graph).run(
      picture: golden.picture,
      size: golden.size
    )
    // The references of the layers are one array there.
    let references = graph.landmarks.filter { $0.name.hasPrefix("layer_references.") }
    var named = Dictionary(
      graph.landmarks.map { ($0.name, values[$0.value.index].values) },
      uniquingKeysWith: { _, last in last }
    )
    named["logits"] = values[graph.logits!.index].values
    named["boxes"] = values[graph.boxes!.index].values
    named["memory"] = values[graph.memory!.index].values
    if !references.isEmpty {
      named["layer_references"] = references.flatMap { values[$0.value.index].values }
    }
    let valid = golden.validTokens()
    var compared = 0
    for output in golden.outputs {
      guard var found = named[output] else { continue }
      var expected = golden.values(output)
      if let valid, output == "memory" {
        let width = expected.count / valid.count
        found = found.indices.filter { valid[$0 / width] }.map { found[$0] }
        expected = expected.indices.filter { valid[$0 / width] }.map { expected[$0] }
      }
      if output == "proposal_indices" {
        #expect(found == expected, "\(golden.name) \(output)")
      } else {
        let error = relativeError(found, expected)
        let tolerance = try golden.tolerance(output)
        #expect(error <= tolerance, "\(golden.name) \(output)")
      }
      compared += 1
    }
    #expect(compared >= 4)
  }
}
