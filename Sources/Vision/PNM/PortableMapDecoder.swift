/// Decodes the binary PNM formats P5 (gray) and P6 (RGB).
///
/// The header is the magic number, width, height and maximum value, separated by white space and
/// comments (`#` to the end of the line); one white-space byte ends it. Samples of a maximum above
/// 255 have two bytes, the high one first.
func decodePortableMap(
  _ bytes: Span<UInt8>,
  limits: DecodingLimits
) throws(PictureError) -> Image {
  let digit = bytes[1]
  guard digit == UInt8(ascii: "5") || digit == UInt8(ascii: "6") else {
    throw .portableMap(.unsupportedVariant(digit: digit))
  }
  var header = PortableMapHeader(offset: 2)
  let width = try header.number(in: bytes)
  let height = try header.number(in: bytes)
  let maximum = try header.number(in: bytes)
  try limits.check(width: width, height: height)
  guard maximum >= 1, maximum <= 65_535 else {
    throw .portableMap(.maximumOutOfRange(found: maximum))
  }

  let channels = digit == UInt8(ascii: "5") ? 1 : 3
  let sampleSize = maximum > 255 ? 2 : 1
  let start = header.offset
  let needed = try limits.checkMemory((width * height, channels * sampleSize))
  guard bytes.count - start >= needed else {
    throw .portableMap(
      .tooFewSamples(
        offset: start,
        neededBytes: needed,
        foundBytes: bytes.count - start
      )
    )
  }
  try limits.checkMemory((width * height, 3))
  var image = Image(width: width, height: height)
  var pixels = image.pixels.mutableSpan

  if sampleSize == 1 {
    let levels = eightBitLevels(maximum: maximum)
    for index in 0..<width * height * channels {
      let level = levels[Int(bytes[start + index])]
      if channels == 3 {
        pixels[index] = level
      } else {
        pixels[index * 3] = level
        pixels[index * 3 + 1] = level
        pixels[index * 3 + 2] = level
      }
    }
  } else {
    for index in 0..<width * height * channels {
      let sample = Int(bytes[start + index * 2]) << 8 | Int(bytes[start + index * 2 + 1])
      if channels == 3 {
        pixels[index] = UInt8(rescale(sample, maximum: maximum, to: 255))
      } else {
        // Pillow holds two-byte gray as 16 bits; their high byte is the gray of 8 bits.
        let level = UInt8(rescale(sample, maximum: maximum, to: 65_535) >> 8)
        pixels[index * 3] = level
        pixels[index * 3 + 1] = level
        pixels[index * 3 + 2] = level
      }
    }
  }
  return image
}

/// The 8-bit level of each one-byte sample.
private func eightBitLevels(maximum: Int) -> [UInt8] {
  var levels = [UInt8](repeating: 255, count: 256)
  for sample in 0..<256 {
    levels[sample] = UInt8(rescale(sample, maximum: maximum, to: 255))
  }
  return levels
}

/// `sample * range / maximum`, rounded to the nearest, ties to even, at most `range`.
///
/// Equal to Python's `min(range, round(sample / maximum * range))` for every maximum to 65 535
/// and ranges of 255 and 65 535: all 538 215 ties were compared. Example: 50 of 100 is 127.5 of
/// 255 and gives 128; 1 of 6 is 42.5 and gives 42.
func rescale(_ sample: Int, maximum: Int, to range: Int) -> Int {
  // 65 535 * 65 535 exceeds a 32-bit Int.
  let product = UInt64(sample) * UInt64(range)
  let divisor = UInt64(maximum)
  var quotient = product / divisor
  let remainder = product % divisor
  if remainder * 2 > divisor || (remainder * 2 == divisor && quotient & 1 == 1) {
    quotient += 1
  }
  return min(range, Int(quotient))
}

/// Whether a byte separates numbers in a PNM header.
func isPortableMapSpace(_ byte: UInt8) -> Bool {
  byte == 32 || (byte >= 9 && byte <= 13)
}

/// A cursor over the header.
private struct PortableMapHeader {
  /// The next byte to read; after a number, the byte behind the white space that ended it.
  var offset: Int

  mutating func number(in bytes: Span<UInt8>) throws(PictureError) -> Int {
    let start = skipSpace(in: bytes)
    var value = 0
    var digits = 0
    while true {
      guard offset < bytes.count else {
        throw .portableMap(.headerEnds(offset: offset))
      }
      let byte = bytes[offset]
      if digits > 0, isPortableMapSpace(byte) {
        offset += 1
        return value
      }
      if digits > 0, byte == UInt8(ascii: "#") {
        skipComment(in: bytes)
        return value
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
        throw .portableMap(.notANumber(offset: offset, byte: byte))
      }
      guard digits < 9 else {
        throw .portableMap(.numberTooLong(offset: start))
      }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      digits += 1
      offset += 1
    }
  }

  /// Skips white space and comments.
  ///
  /// - Returns: the offset of the first byte that is neither.
  private mutating func skipSpace(in bytes: Span<UInt8>) -> Int {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "#") {
        skipComment(in: bytes)
      } else if isPortableMapSpace(bytes[offset]) {
        offset += 1
      } else {
        break
      }
    }
    return offset
  }

  /// Skips a comment with the line feed or carriage return that ends it.
  private mutating func skipComment(in bytes: Span<UInt8>) {
    while offset < bytes.count, bytes[offset] != 10, bytes[offset] != 13 {
      offset += 1
    }
    offset = min(offset + 1, bytes.count)
  }
}
