import Deflate

/// Unpacks a bare stream.
func unpacked(_ file: [UInt8], in range: Range<Int>, byteCount: Int) throws -> [UInt8] {
  var result = [UInt8](repeating: 0, count: byteCount)
  var target = result.mutableSpan
  try Inflater.unpack(file.span, in: range, into: &target)
  return result
}

/// Bytes as a zlib stream of stored blocks, with zeros for its checksum, which nobody reads.
func zlibStored(_ bytes: [UInt8], blockSize: Int) -> [UInt8] {
  var result: [UInt8] = [0x78, 0x01]
  for start in stride(from: 0, to: bytes.count, by: blockSize) {
    let block = bytes[start..<min(bytes.count, start + blockSize)]
    let length = UInt16(block.count)
    result.append(block.endIndex == bytes.count ? 1 : 0)
    for word in [length, ~length] {
      result += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
    }
    result += block
  }
  return result + [0, 0, 0, 0]
}

/// A small generator of repeatable numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
