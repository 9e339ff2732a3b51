/// Converts the samples of a PNG row to RGB.
struct PNGSamples {
  private let header: PNGHeader
  /// Red, green and blue of all sample values, where a sample has at most eight bits and stands for
  /// a colour alone. Values that the palette does not have are black.
  private var colors: [UInt8] = []

  init(header: PNGHeader, palette: [UInt8]) {
    self.header = header
    if header.colorType == .palette {
      colors = palette + [UInt8](repeating: 0, count: 768 - palette.count)
    } else if header.colorType == .gray, header.bitDepth <= 8 {
      let highest = (1 << header.bitDepth) - 1
      for value in 0...highest {
        // 255 is a multiple of 1, 3 and 15.
        let level = UInt8(value * 255 / highest)
        colors += [level, level, level]
      }
    }
  }

  /// Converts `count` pixels.
  ///
  /// - Parameters:
  ///   - row: the bytes of a row.
  ///   - start: the index of its first byte.
  ///   - pixels: where RGB is written.
  ///   - target: the index of the first of `3 * count` bytes there.
  ///   - count: the number of pixels.
  func convert(
    _ row: [UInt8],
    from start: Int,
    into pixels: inout MutableSpan<UInt8>,
    at target: Int,
    count: Int
  ) {
    let row = row.span
    let isGray = header.colorType == .gray || header.colorType == .grayAlpha
    if !colors.isEmpty {
      let colors = colors.span
      let bitDepth = header.bitDepth
      let mask = UInt8(truncatingIfNeeded: (1 << bitDepth) - 1)
      for index in 0..<count {
        let bit = index &* bitDepth
        let shift = 8 &- bitDepth &- bit & 7
        let color = Int(row[start &+ bit >> 3] >> UInt8(shift) & mask) &* 3
        pixels[target &+ index &* 3] = colors[color]
        pixels[target &+ index &* 3 &+ 1] = colors[color &+ 1]
        pixels[target &+ index &* 3 &+ 2] = colors[color &+ 2]
      }
      return
    }
    // Samples of eight or sixteen bits; the first byte of either is its upper eight bits.
    let sampleSize = header.bitDepth / 8
    let pixelSize = sampleSize * header.colorType.channelCount
    for index in 0..<count {
      let place = start &+ index &* pixelSize
      let red = row[place]
      pixels[target &+ index &* 3] = red
      pixels[target &+ index &* 3 &+ 1] = isGray ? red : row[place &+ sampleSize]
      pixels[target &+ index &* 3 &+ 2] = isGray ? red : row[place &+ 2 &* sampleSize]
    }
  }
}
