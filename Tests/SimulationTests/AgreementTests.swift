import Architectures
import Checkpoints
import FloatGraph
import Foundation
import ModelFile
import Runtime
import SyntheticCheckpoints
import Testing

/// How far integers are from the float model, family beside family.
@Suite("Integers agree with the float model")
struct AgreementTests {
  /// In decibels: the maps of the last stage, the tokens that the decoder reads, the class logits.
  struct Figures {
    var stage = -Double.infinity
    var memory = -Double.infinity
    var logits = -Double.infinity
  }

  /// The small models of the reference cases are made to be hard: norms with gains of both signs let
  /// differences of a few channels decide, and int8 weights alone cost all but 10 to 20 dB.
  @Test(
    "on the reference cases, RT-DETR no less than Deformable DETR",
    .enabled(if: Shared.exists, "no ../shared")
  )
  func referenceCases() throws {
    func least(_ names: [String]) throws -> Figures {
      var least = Figures(stage: .infinity, memory: .infinity, logits: .infinity)
      for name in names {
        let folder = Shared.path("golden/\(name)")
        let shape = try TensorMap.open(path: "\(folder)/input.safetensors")
          .tensor(named: "pixel_values").shape
        let size = PictureSize(height: shape[2], width: shape[3])
        let figures = try Self.figures(LoadedDetector(path: folder).graph, size)
        print("\(name): \(figures)")
        least.stage = min(least.stage, figures.stage)
        least.memory = min(least.memory, figures.memory)
      }
      return least
    }
    let hybrid = try least(["rtdetr-hf", "rtdetrv2-hf"])
    let deformable = try least(["deformable-hf-refine", "deformable-hf-twostage-v5"])
    #expect(hybrid.stage > deformable.stage)
    // A fusion is a chain of twice as many convolutions as an encoder has products.
    #expect(hybrid.memory > deformable.memory - 6)
    #expect(hybrid.memory > 3)
  }

  @Test(
    "on random pictures, with weights that behave as trained ones",
    arguments: [
      "deformable-detr-tiny-two-stage", "rtdetr-tiny", "rtdetrv2-tiny", "smca-detr-tiny",
      "sam-detr-tiny", "sam-detr-smca-tiny",
    ]
  )
  func synthetic(architecture: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticCheckpoint.write(architecture: architecture, seed: 1, to: folder)
    let graph = try LoadedDetector(path: folder).graph
    let figures = try Self.figures(graph, PictureSize(height: 96, width: 128))
    print("\(architecture): \(figures)")
    #expect(figures.stage > 20)
    #expect(figures.memory > 12)
  }

  private static func figures(_ graph: FloatGraph, _ size: PictureSize) throws -> Figures {
    let detector = try QuantizedDetector(graph, size)
    defer { withExtendedLifetime(detector) {} }
    let session = try detector.finishedSession()
    let stage = try #require(graph.landmarks.last { $0.name.hasPrefix("C") }).value
    let float = try FloatExecutor(graph: graph, threads: 2).run(
      picture: QuantizedDetector.normalized(detector.picture, size, graph.preprocessing),
      size: InputSize(height: size.height, width: size.width),
      keep: [stage]
    )
    let model = detector.model
    let landmark = try #require(
      model.information.landmarks.last {
        String(decoding: model.text($0.name), as: UTF8.self).hasPrefix("C")
      }
    )
    func decibels(_ value: ValueIndex, _ exact: [Float]) throws -> Double {
      let integers = try #require(session.integers(of: value))
      let (step, zero) = (Double(bitPattern: model[value].stepBits), model[value].zeroPoint)
      var (signal, noise) = (0.0, 0.0)
      for (integer, real) in zip(integers, exact) {
        let difference = Double(integer - zero) * step - Double(real)
        signal += Double(real) * Double(real)
        noise += difference * difference
      }
      try #require(integers.count == exact.count)
      return 10 * log10(signal / noise)
    }
    return Figures(
      stage: try decibels(landmark.value, float[stage]),
      memory: try decibels(try #require(model.information.memory), float[graph.memory!]),
      logits: try decibels(model.information.logits, float[graph.logits!])
    )
  }
}
