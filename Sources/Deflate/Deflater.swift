/// Packs bytes as a zlib stream (RFC 1950, RFC 1951).
///
/// Copies are chosen with one step of patience: where the next place offers a longer copy, a byte goes
/// first. Each block of about 32 768 symbols has codes of its own, or is stored where that is shorter.
///
/// - Parameter text: the bytes, at most 2^31 - 2.
/// - Returns: the stream.
public func deflated(_ text: [UInt8]) -> [UInt8] {
  let text = text.span
  var deflater = Deflater()
  deflater.pack(text)
  return deflater.finish(checksum: adler32(text))
}

/// The checksum of zlib: two sums modulo 65 521.
///
/// Example: the checksum of "abc" is 0x024D0127.
func adler32(_ text: Span<UInt8>) -> UInt32 {
  var first: UInt32 = 1
  var second: UInt32 = 0
  var place = 0
  while place < text.count {
    // After 5552 bytes the second sum still fits 32 bits.
    let end = min(text.count, place + 5552)
    while place < end {
      first &+= UInt32(text[place])
      second &+= first
      place += 1
    }
    first %= 65_521
    second %= 65_521
  }
  return second << 16 | first
}

private struct Deflater {
  private static let symbolsPerBlock = 32_768

  private var output = BitWriter()
  private var finder = CopyFinder()
  /// The symbols of the block: a byte, or a length times 65 536 plus a distance.
  private var symbols: [UInt32] = []
  private var literalFrequencies = [Int](repeating: 0, count: 286)
  private var distanceFrequencies = [Int](repeating: 0, count: 30)
  /// Where the text of the block begins.
  private var blockStart = 0
  private let lengthCodes: [UInt8]

  init() {
    // Deflate, a window of 32 768 bytes, no dictionary; the second byte makes a multiple of 31.
    output.write(byte: 0x78)
    output.write(byte: 0x9C)
    var codes = [UInt8](repeating: 0, count: CopyFinder.longest + 1)
    for code in 0..<29 {
      let length = deflateLength(code)
      for value in length.base..<min(length.base + 1 << length.extraBits, codes.count) {
        codes[value] = UInt8(code)
      }
    }
    lengthCodes = codes
    symbols.reserveCapacity(Self.symbolsPerBlock + 8)
  }

  mutating func pack(_ text: Span<UInt8>) {
    var place = 0
    var copy = (length: 0, distance: 0)
    // Bytes since the last copy: in text that is noise only every eighth place is searched at last.
    var missed = 0
    while place < text.count {
      if copy.length == 0 {
        copy = finder.find(text, place)
      }
      finder.add(text, place)
      if copy.length > 0 {
        var later = (length: 0, distance: 0)
        if copy.length < 32, place + 1 < text.count {
          later = finder.find(text, place + 1)
        }
        if later.length <= copy.length {
          append(copy)
          for skipped in place + 1..<place + copy.length {
            finder.add(text, skipped)
          }
          place += copy.length
          copy = (0, 0)
          missed = 0
          endBlockIfFull(text, before: place)
          continue
        }
        copy = later
      }
      let end = copy.length > 0 ? place + 1 : min(place + 1 + min(missed >> 6, 7), text.count)
      missed += end - place
      while place < end {
        let byte = text[place]
        symbols.append(UInt32(byte))
        literalFrequencies[Int(byte)] += 1
        place += 1
      }
      endBlockIfFull(text, before: place)
    }
    writeBlock(text, to: text.count, isLast: true)
  }

  /// Ends the stream with a checksum.
  mutating func finish(checksum: UInt32) -> [UInt8] {
    output.fillByte()
    for shift in [24, 16, 8, 0] as [UInt32] {
      output.write(byte: UInt8(truncatingIfNeeded: checksum >> shift))
    }
    return output.bytes
  }

  private mutating func append(_ copy: (length: Int, distance: Int)) {
    symbols.append(UInt32(copy.length) << 16 | UInt32(copy.distance - 1))
    literalFrequencies[257 + Int(lengthCodes[copy.length])] += 1
    distanceFrequencies[Self.distanceCode(copy.distance)] += 1
  }

  private mutating func endBlockIfFull(_ text: Span<UInt8>, before place: Int) {
    if symbols.count >= Self.symbolsPerBlock {
      writeBlock(text, to: place, isLast: false)
    }
  }

  /// The code of a distance: for each power of two of `distance - 1` two codes.
  private static func distanceCode(_ distance: Int) -> Int {
    let value = distance - 1
    if value < 4 {
      return value
    }
    let highest = Int.bitWidth - 1 - value.leadingZeroBitCount
    return 2 * highest + (value >> (highest - 1) & 1)
  }

  /// Writes the symbols since the last block in the shorter of two ways, and forgets them.
  private mutating func writeBlock(_ text: Span<UInt8>, to end: Int, isLast: Bool) {
    literalFrequencies[256] = 1
    // Some decoders want at least two codes for distances.
    for code in 0..<2 where distanceFrequencies[code] == 0 {
      distanceFrequencies[code] = 1
    }
    let literals = codeLengths(frequencies: literalFrequencies, limit: 15)
    let distances = codeLengths(frequencies: distanceFrequencies, limit: 15)
    let description = CodeDescription(literals: literals, distances: distances)
    var bitCount = description.bitCount
    for code in 0..<286 {
      let extraBits = code > 256 ? deflateLength(code - 257).extraBits : 0
      bitCount += literalFrequencies[code] * (Int(literals[code]) + extraBits)
    }
    for code in 0..<30 {
      bitCount +=
        distanceFrequencies[code] * (Int(distances[code]) + deflateDistance(code).extraBits)
    }
    let stored = (end - blockStart + 65_534) / 65_535 * 40 + (end - blockStart) * 8
    if stored < bitCount {
      writeStored(text, to: end, isLast: isLast)
    } else {
      output.write((isLast ? 1 : 0) | 2 << 1, count: 3)
      description.write(to: &output)
      writeSymbols(literals: literals, distances: distances)
    }

    symbols.removeAll(keepingCapacity: true)
    literalFrequencies = [Int](repeating: 0, count: 286)
    distanceFrequencies = [Int](repeating: 0, count: 30)
    blockStart = end
  }

  private mutating func writeStored(_ text: Span<UInt8>, to end: Int, isLast: Bool) {
    var place = blockStart
    while place < end {
      let count = min(65_535, end - place)
      output.write(isLast && place + count == end ? 1 : 0, count: 3)
      output.fillByte()
      output.write(count, count: 16)
      output.write(count ^ 0xFFFF, count: 16)
      for index in place..<place + count {
        output.write(byte: text[index])
      }
      place += count
    }
  }

  private mutating func writeSymbols(literals: [UInt8], distances: [UInt8]) {
    let literalCodes = codes(lengths: literals)
    let distanceCodes = codes(lengths: distances)
    for symbol in symbols {
      let value = Int(symbol >> 16)
      if value == 0 {
        let byte = Int(symbol)
        output.write(literalCodes[byte], count: Int(literals[byte]))
        continue
      }
      let code = Int(lengthCodes[value])
      let length = deflateLength(code)
      output.write(literalCodes[257 + code], count: Int(literals[257 + code]))
      output.write(value - length.base, count: length.extraBits)
      let distance = Int(symbol & 0xFFFF) + 1
      let distanceCode = Self.distanceCode(distance)
      let range = deflateDistance(distanceCode)
      output.write(distanceCodes[distanceCode], count: Int(distances[distanceCode]))
      output.write(distance - range.base, count: range.extraBits)
    }
    output.write(literalCodes[256], count: Int(literals[256]))
  }
}
