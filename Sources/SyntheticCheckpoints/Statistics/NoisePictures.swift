import RandomNumbers

/// Pictures that no camera took: noise of every size, as photographs have structure of every size.
///
/// Brightness is the sum of seven layers of smooth noise whose cells have sides of 1 to 64 pixels,
/// coarse layers stronger than fine ones; colour varies less than brightness, as in photographs.
/// Pictures are rendered with integers.
struct NoisePictures {
  let random: NamedRandomNumbers

  private static let octaves = 7
  private enum Field: Int {
    case brightness
    case red
    case blue
  }

  /// Renders pictures and normalises them as the network expects.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - height: their height in pixels.
  ///   - width: their width in pixels.
  ///   - mean: per channel, subtracted from values in 0…1.
  ///   - deviation: per channel, divided by after that.
  /// - Returns: three channels.
  func rendered(
    count: Int,
    height: Int,
    width: Int,
    mean: [Float],
    deviation: [Float]
  ) -> FeatureMaps {
    var values: [Float] = []
    values.reserveCapacity(count * height * width * 3)
    for picture in 0..<count {
      for y in 0..<height {
        for x in 0..<width {
          let color = color(picture: picture, y: y, x: x)
          for channel in 0..<3 {
            values.append((Float(color[channel]) / 255 - mean[channel]) / deviation[channel])
          }
        }
      }
    }
    return FeatureMaps(
      pictures: count,
      height: height,
      width: width,
      channels: 3,
      values: values
    )
  }

  /// Red, green and blue of a pixel, 0…255.
  private func color(picture: Int, y: Int, x: Int) -> SIMD3<Int> {
    let brightness = 118 + level(.brightness, picture, y, x)
    let red = level(.red, picture, y, x) / 2
    let blue = level(.blue, picture, y, x) / 2
    let color = SIMD3(brightness + red, brightness - (red + blue) / 2, brightness + blue)
    return color.clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
  }

  /// A sum of layers of noise, with a deviation of about 40 levels.
  private func level(_ field: Field, _ picture: Int, _ y: Int, _ x: Int) -> Int {
    var sum = 0
    for octave in 0..<Self.octaves {
      let side = 1 << octave
      let row = y >> octave
      let column = x >> octave
      let (down, right) = (y & (side - 1), x & (side - 1))
      let layer = (picture * 4 + field.rawValue) * 8 + octave
      func corner(_ dy: Int, _ dx: Int) -> Int {
        Int(random[(layer << 13 + row + dy) << 13 + column + dx] >> 48) - 1 << 15
      }
      let top = corner(0, 0) * (side - right) + corner(0, 1) * right
      let bottom = corner(1, 0) * (side - right) + corner(1, 1) * right
      let smooth = (top * (side - down) + bottom * down) >> (2 * octave)
      sum += smooth * (octave + 1)
    }
    return sum >> 12
  }
}
