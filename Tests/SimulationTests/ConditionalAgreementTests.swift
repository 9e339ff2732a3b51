import Architectures
import Checkpoints
import FloatGraph
import Foundation
import ModelFile
import Runtime
import SyntheticCheckpoints
import Testing

/// How near integers are to the float model from end to end, beside the same figures for DETR and
/// Deformable DETR.
@Suite("Conditional DETR, DAB-DETR and Table Transformer agree with their float models")
struct ConditionalAgreementTests {
  /// In decibels: tokens that leave the encoder, class logits, boxes.
  struct Agreement {
    var memory: Double
    var logits: Double
    var boxes: Double
  }

  @Test("as DETR does, with weights that behave as trained ones")
  func synthetic() throws {
    let reference = try [Self.synthetic("detr-tiny"), Self.synthetic("deformable-detr-tiny")]
    for name in ["table-transformer-tiny", "conditional-detr-tiny", "dab-detr-tiny"] {
      let found = try Self.synthetic(name)
      #expect(found.memory > reference.map(\.memory).min()! - 3, "\(name)")
      #expect(found.logits > reference.map(\.logits).min()! - 4, "\(name)")
      #expect(found.boxes > reference.map(\.boxes).min()! - 4, "\(name)")
    }
  }

  @Test(
    "as DETR does, on the pictures of the reference cases",
    .enabled(if: Shared.exists, "no ../shared")
  )
  func golden() throws {
    let reference = try [
      Self.golden("deformable-hf-multiscale"), Self.golden("detr-hf-resnet"),
    ]
    for name in ["table-hf", "conditional-hf", "dab-hf", "detr-hf-panoptic"] {
      let found = try Self.golden(name)
      #expect(found.memory > reference.map(\.memory).min()! - 3, "\(name)")
      #expect(found.logits > reference.map(\.logits).min()! - 4, "\(name)")
      #expect(found.boxes > reference.map(\.boxes).min()! - 4, "\(name)")
    }
  }

  private static func synthetic(_ name: String) throws -> Agreement {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticCheckpoint.write(architecture: name, seed: 2, to: folder)
    let graph = try LoadedDetector(path: folder).graph
    return try agreement(name, graph, PictureSize(height: 128, width: 160))
  }

  private static func golden(_ name: String) throws -> Agreement {
    let folder = Shared.path("golden/\(name)")
    let tensor = try TensorMap.open(path: "\(folder)/input.safetensors")
      .tensor(named: "pixel_values")
    let size = PictureSize(height: tensor.shape[2], width: tensor.shape[3])
    return try agreement(name, LoadedDetector(path: folder).graph, size)
  }

  private static func agreement(
    _ name: String,
    _ graph: FloatGraph,
    _ size: PictureSize
  ) throws -> Agreement {
    let detector = try QuantizedDetector(graph, size)
    let rule = graph.preprocessing
    let picture = detector.picture.enumerated().map { index, pixel in
      let number = Double(pixel) * rule.rescale - rule.mean[index % 3]
      return Float(number / rule.standardDeviation[index % 3])
    }
    let run = try FloatExecutor(graph: graph, threads: 2).run(
      picture: picture,
      size: InputSize(height: size.height, width: size.width)
    )
    let session = try detector.finishedSession()
    defer { withExtendedLifetime(detector) {} }
    func decibels(_ value: FloatGraph.ValueID?, _ index: ValueIndex?) throws -> Double {
      let (value, index) = (try #require(value), try #require(index))
      let step = Double(bitPattern: detector.model[index].stepBits)
      let zero = Double(detector.model[index].zeroPoint)
      let found = try #require(session.integers(of: index)).map { (Double($0) - zero) * step }
      let real = run[value].map(Double.init)
      try #require(real.count == found.count)
      let mean = real.reduce(0, +) / Double(real.count)
      let signal = real.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = zip(real, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return 10 * log10(signal / error)
    }
    let information = detector.model.information
    let agreement = Agreement(
      memory: try decibels(graph.memory, information.memory),
      logits: try decibels(graph.logits, information.logits),
      boxes: try decibels(graph.boxes, information.boxes)
    )
    print("\(name): \(agreement)")
    return agreement
  }
}
