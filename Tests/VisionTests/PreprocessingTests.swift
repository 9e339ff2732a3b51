import Foundation
import Testing

@testable import Vision

@Suite("Preprocessing", .enabled(if: SharedFiles.exist, "../shared is absent"))
struct PreprocessingTests {
  struct Photograph: Decodable {
    struct Size: Decodable {
      var shortestEdge: Int
      var longestEdge: Int
      enum CodingKeys: String, CodingKey {
        case shortestEdge = "shortest_edge"
        case longestEdge = "longest_edge"
      }
    }
    var source: String
    var expected: String
    var size: Size
    var mean: [Double]
    var deviation: [Double]
    var rescale: Double
    enum CodingKeys: String, CodingKey {
      case source, expected, size, rescale
      case mean = "image_mean"
      case deviation = "image_std"
    }
  }

  /// The values of a float32 tensor of a safetensors file.
  private func tensor(_ path: String, _ name: String) throws -> (shape: [Int], values: [Float]) {
    let bytes = try SharedFiles.bytes(path)
    let headerLength = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + headerLength]))
    let entry = try #require((header as? [String: Any])?[name] as? [String: Any])
    #expect(entry["dtype"] as? String == "F32")
    let shape = try #require(entry["shape"] as? [Int])
    let offsets = try #require(entry["data_offsets"] as? [Int])
    let start = 8 + headerLength + offsets[0]
    let values = stride(from: start, to: 8 + headerLength + offsets[1], by: 4).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
    }
    return (shape, values)
  }

  @Test("size rule and resize give the pixels of DETR's image processor", arguments: [0, 1])
  func photograph(number: Int) throws {
    let folder = "golden/resize"
    let photograph = try SharedFiles.json("\(folder)/photo\(number).json", as: Photograph.self)
    let image = try Image(decoding: SharedFiles.bytes("\(folder)/\(photograph.source)"))
    let size = detrSize(
      height: image.height,
      width: image.width,
      shortestEdge: photograph.size.shortestEdge,
      longestEdge: photograph.size.longestEdge
    )
    let resized = image.resized(width: size.width, height: size.height)
    let (shape, values) = try tensor("\(folder)/\(photograph.expected)", "pixel_values")
    #expect(shape == [1, 3, size.height, size.width])
    for channel in 0..<3 {
      for pixel in 0..<size.width * size.height {
        let level = Double(resized.pixels[pixel * 3 + channel])
        let expected =
          (level * photograph.rescale - photograph.mean[channel]) / photograph.deviation[channel]
        // One level is 0.017: a thousandth of it is rounding of float32.
        let found = values[channel * size.width * size.height + pixel]
        #expect(abs(Double(found) - expected) < 1e-5)
      }
    }
  }
}
