import FloatGraph
import Testing

@testable import Architectures

@Suite("The trained blood-cell model", .enabled(if: Shared.exists, "no ../shared"))
struct BloodCellTests {
  private static let folder = Shared.folder + "/blood-cells"

  @Test("is the same detector from either of its files")
  func bothFiles() throws {
    let huggingFace = try LoadedDetector(path: Self.folder + "/hf")
    let official = try LoadedDetector(path: Self.folder + "/official/checkpoint.pth")
    #expect(official.configuration == huggingFace.configuration)
    #expect(official.parameterCount == huggingFace.parameterCount)
    let size = InputSize(height: 120, width: 160)
    let picture = (0..<size.height * size.width * 3).map { Float($0 * 7919 % 509) / 128 - 2 }
    let results = try [huggingFace, official].map { detector in
      let executor = FloatExecutor(graph: detector.graph, threads: 2)
      let result = try executor.run(picture: picture, size: size)
      return result[detector.graph.logits!] + result[detector.graph.boxes!]
    }
    #expect(results[0] == results[1])
  }
}
