/// The feature maps of a few pictures, for fitting batch norms: [picture, y, x, channel].
///
/// Every operation adds in a fixed order and calls nothing but exactly rounded arithmetic, so that
/// the same seed gives the same statistics on every machine. The executor of `FloatGraph` is faster
/// and may order its sums as the processor likes; a checkpoint must not depend on that.
struct FeatureMaps {
  let pictures: Int
  let height: Int
  let width: Int
  let channels: Int
  /// Row-major.
  var values: [Float]

  /// The number of pixels of all pictures together.
  var pixels: Int { pictures * height * width }

  /// Replaces negative numbers by zero.
  mutating func rectify() {
    for index in values.indices { values[index] = max(values[index], 0) }
  }

  /// Adds maps of the same shape.
  ///
  /// - Parameter other: what to add.
  mutating func add(_ other: FeatureMaps) {
    precondition(values.count == other.values.count, "sums need equal shapes")
    for index in values.indices { values[index] += other.values[index] }
  }

  /// Multiplies and shifts every channel.
  ///
  /// - Parameters:
  ///   - factors: one a channel.
  ///   - offsets: one a channel.
  mutating func scale(by factors: [Float], offsets: [Float]) {
    for pixel in 0..<pixels {
      let start = pixel * channels
      for channel in 0..<channels {
        values[start + channel] = values[start + channel] * factors[channel] + offsets[channel]
      }
    }
  }

  /// Replaces every number by about `x / (1 + exp(−x))`.
  ///
  /// The sigmoid is `(1 + x / √(4 + x²)) / 2` here, within 0.05 of the true one and computed with exactly
  /// rounded arithmetic, which an exponential is not.
  mutating func activate() {
    for index in values.indices {
      let x = values[index]
      values[index] = x * (1 + x / (4 + x * x).squareRoot()) / 2
    }
  }

  /// Brings every pixel's channels to mean 0 and variance 1, then multiplies and shifts them.
  ///
  /// - Parameters:
  ///   - gains: one a channel.
  ///   - biases: one a channel.
  mutating func normalizePixels(gains: [Float], biases: [Float]) {
    for pixel in 0..<pixels {
      let start = pixel * channels
      var (sum, squares) = (Float(0), Float(0))
      for channel in 0..<channels { sum += values[start + channel] }
      let mean = sum / Float(channels)
      for channel in 0..<channels {
        let distance = values[start + channel] - mean
        squares += distance * distance
      }
      let factor = 1 / (squares / Float(channels) + 1e-5).squareRoot()
      for channel in 0..<channels {
        let normal = (values[start + channel] - mean) * factor
        values[start + channel] = normal * gains[channel] + biases[channel]
      }
    }
  }

  /// The mean of 2×2 pixels; sides must be even.
  ///
  /// - Returns: maps of half the size.
  func averagePooled() -> FeatureMaps {
    precondition(height % 2 == 0 && width % 2 == 0, "halves need even sides")
    var result: [Float] = []
    result.reserveCapacity(values.count / 4)
    forEachPixel(rows: height / 2, columns: width / 2) { picture, y, x in
      let upper = ((picture * height + 2 * y) * width + 2 * x) * channels
      let lower = upper + width * channels
      for channel in 0..<channels {
        let top = values[upper + channel] + values[upper + channels + channel]
        let bottom = values[lower + channel] + values[lower + channels + channel]
        result.append((top + bottom) / 4)
      }
    }
    return FeatureMaps(
      pictures: pictures,
      height: height / 2,
      width: width / 2,
      channels: channels,
      values: result
    )
  }

  /// Every pixel twice in both directions.
  ///
  /// - Returns: maps of twice the size.
  func enlarged() -> FeatureMaps {
    var result: [Float] = []
    result.reserveCapacity(values.count * 4)
    forEachPixel(rows: 2 * height, columns: 2 * width) { picture, y, x in
      let start = ((picture * height + y / 2) * width + x / 2) * channels
      result += values[start..<start + channels]
    }
    return FeatureMaps(
      pictures: pictures,
      height: 2 * height,
      width: 2 * width,
      channels: channels,
      values: result
    )
  }

  /// The channels of two maps of the same size side by side.
  ///
  /// - Parameter other: whose channels come behind.
  /// - Returns: both together.
  func joined(_ other: FeatureMaps) -> FeatureMaps {
    precondition(pixels == other.pixels, "channels are joined pixel by pixel")
    var result: [Float] = []
    result.reserveCapacity(values.count + other.values.count)
    for pixel in 0..<pixels {
      result += values[pixel * channels..<(pixel + 1) * channels]
      result += other.values[pixel * other.channels..<(pixel + 1) * other.channels]
    }
    return FeatureMaps(
      pictures: pictures,
      height: height,
      width: width,
      channels: channels + other.channels,
      values: result
    )
  }

  private func forEachPixel(rows: Int, columns: Int, _ body: (_ picture: Int, Int, Int) -> Void) {
    for picture in 0..<pictures {
      for y in 0..<rows {
        for x in 0..<columns { body(picture, y, x) }
      }
    }
  }

  /// The maximum over windows of 3×3 with stride 2 and a border of 1 that does not count.
  ///
  /// - Returns: maps of half the size, rounded up.
  func maxPooled() -> FeatureMaps {
    let rows = (height + 1) / 2
    let columns = (width + 1) / 2
    var pooled = [Float](
      repeating: -.infinity,
      count: pictures * rows * columns * channels
    )
    for picture in 0..<pictures {
      for y in 0..<rows {
        for x in 0..<columns {
          let target = ((picture * rows + y) * columns + x) * channels
          for sourceY in max(2 * y - 1, 0)...min(2 * y + 1, height - 1) {
            for sourceX in max(2 * x - 1, 0)...min(2 * x + 1, width - 1) {
              let source = ((picture * height + sourceY) * width + sourceX) * channels
              for channel in 0..<channels {
                pooled[target + channel] = max(pooled[target + channel], values[source + channel])
              }
            }
          }
        }
      }
    }
    return FeatureMaps(
      pictures: pictures,
      height: rows,
      width: columns,
      channels: channels,
      values: pooled
    )
  }
}

/// Mean and variance of every channel over all pixels of all pictures.
struct ChannelStatistics {
  let mean: [Float]
  let variance: [Float]

  /// Measures maps.
  ///
  /// - Parameter maps: at least one pixel.
  init(_ maps: FeatureMaps) {
    var sums = [Double](repeating: 0, count: maps.channels)
    for pixel in 0..<maps.pixels {
      let start = pixel * maps.channels
      for channel in 0..<maps.channels { sums[channel] += Double(maps.values[start + channel]) }
    }
    let means = sums.map { $0 / Double(maps.pixels) }
    var squares = [Double](repeating: 0, count: maps.channels)
    for pixel in 0..<maps.pixels {
      let start = pixel * maps.channels
      for channel in 0..<maps.channels {
        let distance = Double(maps.values[start + channel]) - means[channel]
        squares[channel] += distance * distance
      }
    }
    mean = means.map { Float($0) }
    variance = squares.map { Float($0 / Double(maps.pixels)) }
  }
}
