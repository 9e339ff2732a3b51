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
      write(starts, words: words, row: row, pixels: &pixels)
    }
    bands.advance(&words)
  }

  /// Makes one row.
  ///
  /// - Parameter starts: where the first word of each component's row stands.
  private func write(
    _ starts: InlineArray<4, Int>,
    words: borrowing MutableSpan<SIMD8<UInt8>>,
    row: Int,
    pixels: inout MutableSpan<UInt8>
  ) {
    let width = bands.frame.width
    var bytes = pixels.mutableBytes
    var offset = row * width * 3
    let wholeWords = width >> 3
    for index in 0..<wholeWords {
      let (first, second, third) = convert(starts, index, words)
      bytes.storeBytes(of: first.littleEndian, toByteOffset: offset, as: UInt64.self)
      bytes.storeBytes(of: second.littleEndian, toByteOffset: offset &+ 8, as: UInt64.self)
      bytes.storeBytes(of: third.littleEndian, toByteOffset: offset &+ 16, as: UInt64.self)
      offset &+= 24
    }
    let restCount = (width & 7) * 3
    if restCount > 0 {
      let (first, second, third) = convert(starts, wholeWords, words)
      for index in 0..<restCount {
        let word = index < 8 ? first : index < 16 ? second : third
        bytes.storeBytes(
          of: UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7))),
          toByteOffset: offset + index,
          as: UInt8.self
        )
      }
    }
  }

  /// Converts eight pixels.
  @inline(__always)
  private func convert(
    _ starts: InlineArray<4, Int>,
    _ index: Int,
    _ words: borrowing MutableSpan<SIMD8<UInt8>>
  ) -> (UInt64, UInt64, UInt64) {
    let first = words[starts[0] &+ index]
    switch colorSpace {
    case .gray:
      return interleavedRGB(first, first, first)
    case .rgb:
      return interleavedRGB(first, words[starts[1] &+ index], words[starts[2] &+ index])
    case .yCbCr:
      let rgb = convertYCbCr(first, words[starts[1] &+ index], words[starts[2] &+ index])
      return interleavedRGB(rgb.red, rgb.green, rgb.blue)
    case .cmyk, .ycck:
      var inks = (first, words[starts[1] &+ index], words[starts[2] &+ index])
      if colorSpace == .ycck {
        // libjpeg inverts RGB to get CMY, which Adobe stores inverted: the inversions cancel, and
        // what stands there as CMY is 255 - RGB.
        let rgb = convertYCbCr(inks.0, inks.1, inks.2)
        inks = (~rgb.red, ~rgb.green, ~rgb.blue)
      }
      let black = words[starts[3] &+ index]
      for lane in 0..<8 {
        inks.0[lane] = convertInvertedInk(inks.0[lane], black: black[lane])
        inks.1[lane] = convertInvertedInk(inks.1[lane], black: black[lane])
        inks.2[lane] = convertInvertedInk(inks.2[lane], black: black[lane])
      }
      return interleavedRGB(inks.0, inks.1, inks.2)
    }
  }
}
