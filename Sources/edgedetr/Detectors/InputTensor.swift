import Checkpoints
import FloatGraph

/// A network input read from a safetensors file in place of photographs.
struct InputTensor {
  /// Normalised pixels [height · width, 3].
  let pixels: [Float]
  let size: InputSize

  /// Reads `pixel_values` [1, 3, H, W] and, where present, `pixel_mask` [1, H, W] (1 = valid).
  init(path: String) throws {
    let tensors = try TensorMap.open(path: path)
    guard let values = tensors["pixel_values"] else {
      throw InputError(path: path, reason: "tensor 'pixel_values' is missing")
    }
    guard values.shape.count == 4, values.shape[0] == 1, values.shape[1] == 3,
      values.shape[2] > 0, values.shape[3] > 0
    else {
      throw InputError(
        path: path,
        reason: "tensor 'pixel_values': expected the shape [1, 3, H, W], found \(values.shape)"
      )
    }
    let height = values.shape[2]
    let width = values.shape[3]
    let planes = values.floats()
    var pixels = [Float](repeating: 0, count: planes.count)
    for channel in 0..<3 {
      for pixel in 0..<height * width {
        pixels[pixel * 3 + channel] = planes[channel * height * width + pixel]
      }
    }
    self.pixels = pixels
    guard let mask = tensors["pixel_mask"] else {
      size = InputSize(height: height, width: width)
      return
    }
    guard mask.shape == [1, height, width] else {
      throw InputError(
        path: path,
        reason: "tensor 'pixel_mask': expected the shape [1, \(height), \(width)], "
          + "found \(mask.shape)"
      )
    }
    let valid = mask.floats().map { $0 != 0 }
    let validHeight = (0..<height).prefix { valid[$0 * width] }.count
    let validWidth = (0..<width).prefix { valid[$0] }.count
    for y in 0..<height {
      for x in 0..<width where valid[y * width + x] != (y < validHeight && x < validWidth) {
        throw InputError(
          path: path,
          reason: "tensor 'pixel_mask': the valid part must be a rectangle at the top left; "
            + "row \(y), column \(x) is not part of \(validHeight)x\(validWidth)"
        )
      }
    }
    size = InputSize(
      height: height,
      width: width,
      validHeight: validHeight,
      validWidth: validWidth
    )
  }

  /// The nearest 8-bit RGB pixels: the normalisation `(pixel · rescale − mean) / deviation` undone.
  func bytes(rescale: Double, mean: [Double], standardDeviation: [Double]) -> [UInt8] {
    pixels.enumerated().map { index, number in
      let channel = index % 3
      let pixel = (Double(number) * standardDeviation[channel] + mean[channel]) / rescale
      return UInt8(min(max(pixel.rounded(), 0), 255))
    }
  }
}
