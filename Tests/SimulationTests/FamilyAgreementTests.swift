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
  /// The ratios of signal and error of the class logits and of the backbone's last map in decibels, and
  /// the mean distance of boxes.
  struct Agreement {
    let logits: Double
    let map: Double
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

    let map = try #require(graph.landmarks.last { $0.name == "C5" }).value
    let run = try FloatExecutor(graph: graph, threads: 2).run(
      picture: QuantizedDetector.normalized(picture, size, graph.preprocessing),
      size: InputSize(height: size.height, width: size.width),
      keep: [map]
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
    let distance = zip(boxes, foundBoxes).reduce(0) { $0 + abs($1.0 - $1.1) }
    let landmark = try #require(
      information.landmarks.last {
        String(decoding: detector.model.text($0.name), as: UTF8.self) == "C5"
      }
    ).value
    let quantized = detector.model[landmark]
    let numbers = try #require(session.integers(of: landmark)).map {
      Double($0 - quantized.zeroPoint) * Double(bitPattern: quantized.stepBits)
    }
    return Agreement(
      logits: ratio(logits, found),
      map: ratio(run[map].map(Double.init), numbers),
      boxes: distance / Double(boxes.count)
    )
  }

  /// Variance over squared error, in decibels.
  private static func ratio(_ real: [Double], _ found: [Double]) -> Double {
    let mean = real.reduce(0, +) / Double(real.count)
    let signal = real.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = zip(real, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return 10 * log10(signal / error)
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

  /// The backbones of the cases are fifty layers of 16 to 32 random channels, of whose last map int8
  /// leaves little; Deformable DETR looks at earlier maps too. What the transformer adds to that is to be small.
  @Test(
    "the transformer loses less than half an amplitude of what the backbone leaves",
    arguments: [
      "deformable-official", "smca-official", "sam-detr-official", "sam-detr-official-smca",
    ]
  )
  func goldenInputs(name: String) throws {
    let found = try Self.agreement(name, options: DetectorOptions())
    print(
      "\(name): C5 \(found.map) dB, logits \(found.logits) dB, boxes off by \(found.boxes)"
    )
    #expect(found.logits > found.map - 6)
    #expect(found.boxes < 0.1)
  }
}
