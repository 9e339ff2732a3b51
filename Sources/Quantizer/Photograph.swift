import FloatGraph
import Vision

/// A photograph brought to the size that the network wants, as 8-bit pixels.
public struct Photograph: Sendable {
  /// The decoded picture's size, in which boxes are reported.
  public let originalHeight: Int
  public let originalWidth: Int
  /// RGB of the network's size.
  public let pixels: Image

  /// Resizes a decoded picture as the preprocessing says.
  public init(_ image: Image, preprocessing: Preprocessing) {
    originalHeight = image.height
    originalWidth = image.width
    let (height, width) = preprocessing.size.network(height: image.height, width: image.width)
    pixels =
      height == image.height && width == image.width
      ? image : image.resized(width: width, height: height)
  }

  /// The network's input size.
  public var size: InputSize { InputSize(height: pixels.height, width: pixels.width) }

  /// Normalised numbers [height · width, 3]: `(pixel · rescale − mean) / deviation`.
  public func normalized(_ preprocessing: Preprocessing) -> [Float] {
    // One table a channel: an 8-bit pixel has 256 values.
    let tables = (0..<3).map { channel in
      (0..<256).map { pixel in
        Float(
          (Double(pixel) * preprocessing.rescale - preprocessing.mean[channel])
            / preprocessing.standardDeviation[channel]
        )
      }
    }
    return [Float](unsafeUninitializedCapacity: pixels.pixels.count) { buffer, count in
      for (index, pixel) in pixels.pixels.enumerated() {
        buffer[index] = tables[index % 3][Int(pixel)]
      }
      count = pixels.pixels.count
    }
  }
}

extension Preprocessing.Size {
  /// The network's input size for a picture's.
  public func network(height: Int, width: Int) -> (height: Int, width: Int) {
    switch self {
    case .edges(let shortest, let longest):
      let size = detrSize(
        height: height,
        width: width,
        shortestEdge: shortest,
        longestEdge: longest
      )
      return (size.height, size.width)
    case .fixed(let height, let width): return (height, width)
    case .unchanged: return (height, width)
    }
  }
}
