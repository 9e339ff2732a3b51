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
