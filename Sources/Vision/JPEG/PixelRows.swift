/// Makes rows of RGB from the rows of the components.
struct PixelRows {
  let bands: SampleBands
  let colorSpace: JPEGColorSpace

  /// Makes all rows that the band of `unitRow` completes.
  ///
  /// - Parameters:
  ///   - unitRow: the band that was decoded last.
  ///   - words: the samples of all components.
  ///   - pixels: the samples of the picture.
  func write(
    after unitRow: Int,
    words: inout MutableSpan<SIMD8<UInt8>>,
    pixels: inout MutableSpan<UInt8>
  ) {
    for row in bands.rowsReady(after: unitRow) {
      var starts: InlineArray<4, Int> = [0, 0, 0, 0]
      for index in bands.planes.indices {
        starts[index] = bands.enlarge(
          bands.planes[index],
          row: row,
          unitRow: unitRow,
          words: &words
        )
      }
      switch colorSpace {
      case .gray: write(GrayPixels.self, starts, words, row: row, pixels: &pixels)
      case .rgb: write(RGBPixels.self, starts, words, row: row, pixels: &pixels)
      case .yCbCr: write(YCbCrPixels.self, starts, words, row: row, pixels: &pixels)
      case .cmyk: write(CMYKPixels.self, starts, words, row: row, pixels: &pixels)
      case .ycck: write(YCCKPixels.self, starts, words, row: row, pixels: &pixels)
      }
    }
    bands.advance(&words)
  }

  /// Makes one row.
  ///
  /// - Parameters:
  ///   - pixelSource: how components become RGB.
  ///   - starts: where the first word of each component's row stands.
  ///   - words: the samples of all components.
  ///   - row: the row of the picture.
  ///   - pixels: the samples of the picture.
  @inline(__always)
  private func write<Source: PixelSource>(
    _ pixelSource: Source.Type,
    _ starts: InlineArray<4, Int>,
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    row: Int,
    pixels: inout MutableSpan<UInt8>
  ) {
    let width = bands.frame.width
    var bytes = pixels.mutableBytes
    var offset = row * width * 3
    let wholeWords = width >> 3
    for index in 0..<wholeWords {
      let rgb = Source.pixels(words, starts, index)
      bytes.storeBytes(of: rgb.0.littleEndian, toByteOffset: offset, as: UInt64.self)
      bytes.storeBytes(of: rgb.1.littleEndian, toByteOffset: offset &+ 8, as: UInt64.self)
      bytes.storeBytes(of: rgb.2.littleEndian, toByteOffset: offset &+ 16, as: UInt64.self)
      offset &+= 24
    }
    let restCount = (width & 7) * 3
    if restCount > 0 {
      let rgb = Source.pixels(words, starts, wholeWords)
      for index in 0..<restCount {
        let word = index < 8 ? rgb.0 : index < 16 ? rgb.1 : rgb.2
        bytes.storeBytes(
          of: UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7))),
          toByteOffset: offset + index,
          as: UInt8.self
        )
      }
    }
  }
}

/// Makes eight pixels of the words of all components.
private protocol PixelSource {
  /// - Parameters:
  ///   - words: the samples of all components.
  ///   - starts: where the first word of each component's row stands.
  ///   - index: which word of the row.
  /// - Returns: 24 bytes as three words of little-endian bytes.
  static func pixels(
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    _ starts: InlineArray<4, Int>,
    _ index: Int
  ) -> (UInt64, UInt64, UInt64)
}

private enum GrayPixels: PixelSource {
  @inline(__always)
  static func pixels(
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    _ starts: InlineArray<4, Int>,
    _ index: Int
  ) -> (UInt64, UInt64, UInt64) {
    let gray = words[starts[0] &+ index]
    return interleavedRGB(gray, gray, gray)
  }
}

private enum RGBPixels: PixelSource {
  @inline(__always)
  static func pixels(
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    _ starts: InlineArray<4, Int>,
    _ index: Int
  ) -> (UInt64, UInt64, UInt64) {
    interleavedRGB(
      words[starts[0] &+ index],
      words[starts[1] &+ index],
      words[starts[2] &+ index]
    )
  }
}

private enum YCbCrPixels: PixelSource {
  @inline(__always)
  static func pixels(
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    _ starts: InlineArray<4, Int>,
    _ index: Int
  ) -> (UInt64, UInt64, UInt64) {
    let rgb = convertYCbCr(
      words[starts[0] &+ index],
      words[starts[1] &+ index],
      words[starts[2] &+ index]
    )
    return interleavedRGB(rgb.red, rgb.green, rgb.blue)
  }
}

private enum CMYKPixels: PixelSource {
  @inline(__always)
  static func pixels(
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    _ starts: InlineArray<4, Int>,
    _ index: Int
  ) -> (UInt64, UInt64, UInt64) {
    convertInvertedInks(
      words[starts[0] &+ index],
      words[starts[1] &+ index],
      words[starts[2] &+ index],
      black: words[starts[3] &+ index]
    )
  }
}

private enum YCCKPixels: PixelSource {
  @inline(__always)
  static func pixels(
    _ words: borrowing MutableSpan<SIMD8<UInt8>>,
    _ starts: InlineArray<4, Int>,
    _ index: Int
  ) -> (UInt64, UInt64, UInt64) {
    // What the transform gives is the complement of the inks.
    let rgb = convertYCbCr(
      words[starts[0] &+ index],
      words[starts[1] &+ index],
      words[starts[2] &+ index]
    )
    return convertInvertedInks(
      ~rgb.red,
      ~rgb.green,
      ~rgb.blue,
      black: words[starts[3] &+ index]
    )
  }
}

@inline(__always)
private func convertInvertedInks(
  _ cyan: SIMD8<UInt8>,
  _ magenta: SIMD8<UInt8>,
  _ yellow: SIMD8<UInt8>,
  black: SIMD8<UInt8>
) -> (UInt64, UInt64, UInt64) {
  var inks = (cyan, magenta, yellow)
  for lane in 0..<8 {
    inks.0[lane] = convertInvertedInk(inks.0[lane], black: black[lane])
    inks.1[lane] = convertInvertedInk(inks.1[lane], black: black[lane])
    inks.2[lane] = convertInvertedInk(inks.2[lane], black: black[lane])
  }
  return interleavedRGB(inks.0, inks.1, inks.2)
}
