import CheckedJSON
import Checkpoints
import FloatGraph
import Foundation

/// The folder of shared fixtures beside the package, where there is one.
enum Shared {
  static let folder: String = {
    var url = URL(fileURLWithPath: #filePath)
    while url.path != "/" {
      url.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: url.appendingPathComponent("Package.swift").path) {
        break
      }
    }
    return url.deletingLastPathComponent().appendingPathComponent("shared").path
  }()

  static let exists = FileManager.default.fileExists(atPath: folder + "/golden")
}

/// A reference case: an input, and what the reference implementation makes of it.
struct GoldenCase {
  let name: String
  let checkpoint: String
  let size: InputSize
  /// Pixels [height · width, 3].
  let picture: [Float]
  private let expected: TensorMap
  private let noise: JSON.Located

  /// Opens a case.
  ///
  /// - Parameters:
  ///   - name: its folder.
  ///   - path: the checkpoint, unless it is the folder.
  /// - Throws: errors of the readers.
  init(_ name: String, at path: String? = nil) throws {
    self.name = name
    let folder = Shared.folder + "/golden/" + name
    checkpoint = path ?? folder
    let input = try TensorMap.open(path: folder + "/input.safetensors")
    let pixels = input["pixel_values"]!
    let (height, width) = (pixels.shape[2], pixels.shape[3])
    picture = Self.channelsLast(pixels.floats(), channels: 3)
    if let mask = input["pixel_mask"] {
      let values = mask.floats()
      size = InputSize(
        height: height,
        width: width,
        validHeight: (0..<height).filter { values[$0 * width] == 1 }.count,
        validWidth: (0..<width).filter { values[$0] == 1 }.count
      )
    } else {
      size = InputSize(height: height, width: width)
    }
    expected = try TensorMap.open(path: folder + "/expected.safetensors")
    noise = try JSON.open(path: folder + "/case.json")["fp32_noise"]
  }

  /// The names of the expected values.
  var outputs: [String] { expected.names.filter { $0 != "memory_valid" } }

  /// Expected numbers, feature maps as rows of pixels.
  func values(_ output: String) -> [Double] {
    let tensor = expected[output]!
    let values = tensor.floats()
    let isMap = tensor.shape.count == 3 && ["C", "E"].contains(output.prefix(1))
    return (isMap ? Self.channelsLast(values, channels: tensor.shape[0]) : values).map(Double.init)
  }

  /// Rows of the memory that are no padding.
  func validTokens() -> [Bool]? {
    expected["memory_valid"]?.floats().map { $0 == 1 }
  }

  func tolerance(_ output: String) throws -> Double {
    min(5 * (try noise[output].double), 1e-3)
  }

  private static func channelsLast(_ values: [Float], channels: Int) -> [Float] {
    let pixels = values.count / channels
    return (0..<values.count).map { values[$0 % channels * pixels + $0 / channels] }
  }
}

/// `‖a − b‖ / ‖b‖`; where b is infinite, a has to be the same.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  var difference = 0.0
  var norm = 0.0
  for (x, y) in zip(a, b) {
    if y.isInfinite {
      if x != y { return .infinity }
      continue
    }
    difference += (x - y) * (x - y)
    norm += y * y
  }
  return difference == 0 ? 0 : (difference / norm).squareRoot()
}
