import Architectures
import Checkpoints
import FloatGraph
import Foundation
import ModelFile
import Runtime
import SyntheticCheckpoints
import Testing

/// How far integers are from the float model, family beside family.
///
/// Signal to noise in decibels, of what varies: the last map of the backbone, the tokens that leave the
/// encoder, class logits, boxes. Floors are what was measured, less 1.5: they keep what was reached. They
/// are no promise for a trained model: weights are random, and those of the reference cases are made to be hard,
/// norms with gains of both signs in backbones of 16 to 32 channels, of whose last map int8 weights
/// alone leave little.
@Suite("Integers agree with the float model")
struct AgreementTests {
  struct Figures {
    var map: Double
    var memory: Double
    var logits: Double
    var boxes: Double

    var list: [(name: String, decibels: Double)] {
      [("last map", map), ("memory", memory), ("logits", logits), ("boxes", boxes)]
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    /// Decibels of the last map, memory, logits and boxes; the first two where queries are chosen by score,
    /// as their order is another one then.
    let measured: [Double]

    init(_ name: String, _ measured: Double...) {
      self.name = name
      self.measured = measured
    }

    var testDescription: String { name }
  }

  @Test(
    "on random pictures, with weights that behave as trained ones",
    arguments: [
      Case("detr-tiny", 29.0, 21.6, 22.1, 19.1),
      Case("deformable-detr-tiny", 29.0, 25.6, 34.1, 34.6),
      Case("deformable-detr-tiny-two-stage", 29.0, 25.6),
      Case("table-transformer-tiny", 29.0, 25.4, 21.0, 20.6),
      Case("conditional-detr-tiny", 29.0, 21.6, 22.4, 26.6),
      Case("dab-detr-tiny", 29.0, 24.3, 21.7, 26.7),
      Case("smca-detr-tiny", 30.6, 22.3, 19.3, 22.0),
      Case("sam-detr-tiny", 30.6, 20.1, 17.6, 22.1),
      Case("sam-detr-smca-tiny", 30.6, 20.1, 17.3, 21.3),
      Case("rtdetr-tiny", 25.2, 14.2),
      Case("rtdetrv2-tiny", 25.2, 14.2),
    ]
  )
  func synthetic(_ expected: Case) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("edgedetr-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticCheckpoint.write(architecture: expected.name, seed: 1, to: folder)
    let graph = try LoadedDetector(path: folder).graph
    try check(Self.figures(graph, PictureSize(height: 96, width: 128)), expected)
  }

  @Test(
    "on the inputs of the reference cases",
    .enabled(if: Shared.exists, "no ../shared"),
    arguments: [
      Case("detr-hf-resnet", 10.6, 3.0, 7.3, 3.0),
      Case("deformable-hf-multiscale", 8.4, 10.7, 15.9, 22.1),
      Case("deformable-hf-twostage-v5", 0.2, 6.4),
      Case("deformable-official", 5.5, 11.4, 19.7, 23.6),
      Case("table-hf", 17.7, 10.4, 12.7, 11.6),
      Case("conditional-hf", 5.1, 4.1, 8.5, 8.4),
      Case("dab-hf", 9.8, 7.1, 10.4, 17.6),
      Case("detr-hf-panoptic", 1.6, 6.1, 8.9, 11.0),
      Case("smca-official", 5.3, 2.7, 3.0, 10.1),
      Case("sam-detr-official", -1.4, 3.2, 3.2, 9.7),
      Case("sam-detr-official-smca", 5.0, 2.7, 6.7, 13.0),
      Case("rtdetr-hf", 15.4, 4.4),
      Case("rtdetrv2-hf", 16.3, 9.9),
    ]
  )
  func referenceCase(_ expected: Case) throws {
    let folder = Shared.path("golden/\(expected.name)")
    let tensor = try TensorMap.open(path: "\(folder)/input.safetensors")
      .tensor(named: "pixel_values")
    let size = PictureSize(height: tensor.shape[2], width: tensor.shape[3])
    let single = "\(folder)/checkpoint.pth"
    let isSingle = FileManager.default.fileExists(atPath: single)
    let graph = try LoadedDetector(path: isSingle ? single : folder).graph
    let picture = Self.bytes(tensor.floats(), size, graph.preprocessing)
    try check(Self.figures(graph, size, picture: picture), expected)
  }

  private func check(_ found: Figures, _ expected: Case) throws {
    print("\(expected.name): \(found)")
    for (figure, measured) in zip(found.list, expected.measured) {
      #expect(figure.decibels > measured - 1.5, "\(expected.name): \(figure.name)")
    }
  }

  private static func figures(
    _ graph: FloatGraph,
    _ size: PictureSize,
    picture: [UInt8]? = nil
  ) throws -> Figures {
    let detector = try QuantizedDetector(graph, size, picture: picture)
    defer { withExtendedLifetime(detector) {} }
    let session = try detector.finishedSession()
    let model = detector.model
    let map = try #require(graph.landmarks.last { $0.name.hasPrefix("C") }).value
    let run = try FloatExecutor(graph: graph, threads: 2).run(
      picture: QuantizedDetector.normalized(detector.picture, size, graph.preprocessing),
      size: InputSize(height: size.height, width: size.width),
      keep: [map]
    )
    let landmark = try #require(
      model.information.landmarks.last {
        String(decoding: model.text($0.name), as: UTF8.self).hasPrefix("C")
      }
    )
    func decibels(_ value: FloatGraph.ValueID?, _ index: ValueIndex?) throws -> Double {
      let index = try #require(index)
      let real = run[try #require(value)].map(Double.init)
      let (step, zero) = (Double(bitPattern: model[index].stepBits), model[index].zeroPoint)
      let found = try #require(session.integers(of: index)).map { Double($0 - zero) * step }
      try #require(real.count == found.count)
      let mean = real.reduce(0, +) / Double(real.count)
      let signal = real.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let noise = zip(real, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return 10 * log10(signal / noise)
    }
    return Figures(
      map: try decibels(map, landmark.value),
      memory: try decibels(graph.memory, model.information.memory),
      logits: try decibels(graph.logits, model.information.logits),
      boxes: try decibels(graph.boxes, model.information.boxes)
    )
  }

  /// Normalised pixels of a reference case as bytes, channels last.
  private static func bytes(
    _ values: [Float],
    _ size: PictureSize,
    _ rule: Preprocessing
  ) -> [UInt8] {
    let count = size.height * size.width
    return (0..<3 * count).map { index in
      let channel = index % 3
      let value = Double(values[channel * count + index / 3])
      let pixel = (value * rule.standardDeviation[channel] + rule.mean[channel]) / rule.rescale
      return UInt8(min(max(pixel.rounded(), 0), 255))
    }
  }
}
