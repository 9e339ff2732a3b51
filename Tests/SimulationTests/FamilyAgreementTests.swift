import Architectures
import Checkpoints
import FloatGraph
import Foundation
import ModelFile
import Runtime
import Testing

/// Integers against floating point from end to end, on the inputs of the reference cases.
@Suite(
  "Integer detectors agree with their float models",
  .enabled(if: Shared.exists, "no ../shared")
)
struct FamilyAgreementTests {
  /// The ratio of signal and error of the class logits in decibels, and the mean distance of boxes.
  struct Agreement {
    let logits: Double
    let boxes: Double
  }

  static func agreement(_ name: String, options: DetectorOptions) throws -> Agreement {
    let folder = Shared.path("golden/\(name)")
    let tensor = try TensorMap.open(path: "\(folder)/input.safetensors")
      .tensor(named: "pixel_values")
    let size = PictureSize(height: tensor.shape[2], width: tensor.shape[3])
    let graph = try LoadedDetector(path: "\(folder)/checkpoint.pth", options: options).graph
    let picture = pixels(tensor.floats(), size, graph.preprocessing)
    let detector = try QuantizedDetector(graph, size, picture: picture)
    defer { withExtendedLifetime(detector) {} }

    let run = try FloatExecutor(graph: graph, threads: 2).run(
      picture: QuantizedDetector.normalized(picture, size, graph.preprocessing),
      size: InputSize(height: size.height, width: size.width)
    )
    let session = try detector.finishedSession()
    func integers(_ value: ValueIndex, _ bits: Int) throws -> [Double] {
      try #require(session.integers(of: value)).map { Double($0) / Double(1 << bits) }
    }
    let information = detector.model.information
    let logits = run[try #require(graph.logits)].map(Double.init)
    let found = try integers(information.logits, 24)
    let boxes = run[try #require(graph.boxes)].map(Double.init)
    let foundBoxes = try integers(information.boxes, 30)
    let mean = logits.reduce(0, +) / Double(logits.count)
    let signal = logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = zip(logits, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let distance = zip(boxes, foundBoxes).reduce(0) { $0 + abs($1.0 - $1.1) }
    return Agreement(
      logits: 10 * log10(signal / error),
      boxes: distance / Double(boxes.count)
    )
  }

  /// The case's normalised pixels as bytes, channels last.
  private static func pixels(
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

  @Test("as closely as Deformable DETR on the inputs of the reference cases")
  func goldenInputs() throws {
    let reference = try Self.agreement("deformable-official", options: DetectorOptions())
    print("deformable-official: logits \(reference.logits) dB, boxes \(reference.boxes)")
    for name in ["smca-official", "sam-detr-official", "sam-detr-official-smca"] {
      let found = try Self.agreement(name, options: DetectorOptions())
      print("\(name): logits \(found.logits) dB, boxes \(found.boxes)")
      #expect(found.logits > reference.logits - 6, "\(name)")
      #expect(found.boxes < 2 * reference.boxes + 0.002, "\(name)")
    }
  }
}
