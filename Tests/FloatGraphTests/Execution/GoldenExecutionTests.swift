import Architectures
import FloatGraph
import FloatKernels
import Testing

/// Whole detectors against the reference implementations, on every instruction set.
@Suite(.enabled(if: Shared.exists, "no ../shared"))
struct GoldenExecutionTests {
  static let cases = [
    "detr-hf-resnet", "detr-hf-timm", "detr-hf-padded", "detr-hf-bf16", "deformable-hf-multiscale",
    "deformable-hf-single", "deformable-hf-single-dc5", "deformable-hf-refine",
    "deformable-hf-fp16", "deformable-hf-padded", "deformable-hf-twostage-v5",
  ]

  @Test(
    "a detector stays within five times the reference's own rounding",
    arguments: cases,
    FloatKernelTable.available
  )
  func matches(name: String, table: FloatKernelTable) throws {
    let golden = try GoldenCase(name)
    let graph = try LoadedDetector(path: golden.checkpoint).graph
    let executor = FloatExecutor(graph: graph, threads: 2, table: table)
    let result = try executor.run(
      picture: golden.picture,
      size: golden.size,
      keep: Set(graph.landmarks.map(\.value))
    )
    var named: [String: [Float]] = [:]
    for (name, value) in graph.landmarks {
      // The references of all layers are one array in the case.
      let isPart = name.hasPrefix("layer_references.")
      named[isPart ? "layer_references" : name, default: []] += result[value]
    }
    for (name, value) in [
      ("logits", graph.logits!), ("boxes", graph.boxes!), ("memory", graph.memory!),
    ] {
      named[name] = result[value]
    }
    var compared = 0
    for output in golden.outputs {
      guard var found = named[output]?.map(Double.init) else { continue }
      var expected = golden.values(output)
      if let valid = golden.validTokens(), output == "memory" {
        let width = expected.count / valid.count
        found = found.indices.filter { valid[$0 / width] }.map { found[$0] }
        expected = expected.indices.filter { valid[$0 / width] }.map { expected[$0] }
      }
      if output == "proposal_indices" {
        #expect(found == expected)
      } else {
        let error = relativeError(found, expected)
        let tolerance = try golden.tolerance(output)
        #expect(error <= tolerance, "\(output): \(error)")
        compared += 1
      }
    }
    #expect(compared >= 4)
  }
}
