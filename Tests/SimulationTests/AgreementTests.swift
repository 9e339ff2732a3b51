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
    /// Decibels of the last map, memory, logits and boxes.
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
      Case("detr-tiny", 0, 0, 0, 0),
      Case("deformable-detr-tiny", 0, 0, 0, 0),
      Case("deformable-detr-tiny-two-stage", 0, 0, 0, 0),
      Case("table-transformer-tiny", 0, 0, 0, 0),
      Case("conditional-detr-tiny", 0, 0, 0, 0),
      Case("dab-detr-tiny", 0, 0, 0, 0),
      Case("smca-detr-tiny", 0, 0, 0, 0),
      Case("sam-detr-tiny", 0, 0, 0, 0),
      Case("sam-detr-smca-tiny", 0, 0, 0, 0),
      Case("rtdetr-tiny", 0, 0, 0, 0),
      Case("rtdetrv2-tiny", 0, 0, 0, 0),
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
      Case("detr-hf-resnet", 0, 0, 0, 0),
      Case("deformable-hf-multiscale", 0, 0, 0, 0),
      Case("deformable-hf-twostage-v5", 0, 0, 0, 0),
      Case("deformable-official", 0, 0, 0, 0),
      Case("table-hf", 0, 0, 0, 0),
      Case("conditional-hf", 0, 0, 0, 0),
      Case("dab-hf", 0, 0, 0, 0),
      Case("detr-hf-panoptic", 0, 0, 0, 0),
      Case("smca-official", 0, 0, 0, 0),
      Case("sam-detr-official", 0, 0, 0, 0),
      Case("sam-detr-official-smca", 0, 0, 0, 0),
      Case("rtdetr-hf", 0, 0, 0, 0),
      Case("rtdetrv2-hf", 0, 0, 0, 0),
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
