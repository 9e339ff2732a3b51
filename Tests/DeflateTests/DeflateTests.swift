import Testing

@testable import Deflate

@Suite("Deflate")
struct DeflateTests {
  /// Unpacks `count` bytes of a zlib stream that lies in pieces of a file.
  private func inflated(_ stream: [UInt8], count: Int, pieceSize: Int = .max) throws -> [UInt8] {
    var pieces: [Range<Int>] = []
    var file: [UInt8] = []
    var start = 0
    while start < stream.count {
      let end = min(stream.count, start + min(pieceSize, stream.count))
      file += [0xAA, 0xBB]
      pieces.append(file.count..<file.count + end - start)
      file += stream[start..<end]
      start = end
    }
    var inflater = try Inflater(file.span, data: pieces, framing: .zlib)
    var result = [UInt8](repeating: 0, count: count)
    result[0] = try inflater.takeByte(file.span)
    var target = result.mutableSpan
    try inflater.take(file.span, into: &target, from: 1)
    return result
  }

  private func texts() -> [[UInt8]] {
    var generator = SeededGenerator(state: 9)
    var texts: [[UInt8]] = [[7], [1, 2], [UInt8](repeating: 5, count: 300_000)]
    for size in [3, 10, 258, 259, 1000, 40_000, 200_000] {
      texts.append((0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
      texts.append((0..<size).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) })
      texts.append((0..<size).map { _ in UInt8.random(in: 0...2, using: &generator) })
      // Skewed so far that plain Huffman codes would exceed 15 bits.
      texts.append(
        (0..<size).map { _ in
          UInt8(UInt32.random(in: 1...UInt32.max, using: &generator).leadingZeroBitCount)
        }
      )
      let word = (0..<97).map { _ in UInt8.random(in: 0...255, using: &generator) }
      texts.append((0..<size).map { $0 % 1000 < 7 ? 0 : word[$0 % 97] })
    }
    return texts
  }

  @Test("what is packed is unpacked again, in one piece and in many")
  func roundTrip() throws {
    for text in texts() {
      let stream = deflated(text)
      #expect(try inflated(stream, count: text.count) == text)
      #expect(try inflated(stream, count: text.count, pieceSize: 7) == text)
      #expect(stream.count <= text.count + text.count / 1000 + 20)
    }
  }

  @Test("stored blocks of any size are unpacked")
  func stored() throws {
    for text in texts() {
      for blockSize in [1000, 65_535] {
        let stream = zlibStored(text, blockSize: blockSize)
        #expect(try inflated(stream, count: text.count, pieceSize: 999) == text)
      }
    }
  }

  @Test("a block with fixed codes is unpacked")
  func fixedCodes() throws {
    // "aaaaaaaaaa": the literal a (code 0x91), a copy of 9 from 1 back (codes 7 and 0), the end.
    var writer = BitWriter()
    writer.write(byte: 0x78)
    writer.write(byte: 0x01)
    writer.write(1 | 1 << 1, count: 3)
    writer.write(reversed(0x91, bits: 8), count: 8)
    writer.write(reversed(7, bits: 7), count: 7)
    writer.write(0, count: 5)
    writer.write(0, count: 7)
    writer.fillByte()
    #expect(try inflated(writer.bytes, count: 10) == [UInt8](repeating: 0x61, count: 10))
    #expect(throws: DeflateError.self) {
      try inflated(writer.bytes, count: 11)
    }
  }

  @Test("a stream without a frame is unpacked whole, and must have exactly the stated length")
  func whole() throws {
    for text in texts() {
      // Behind zlib's header of two bytes stands the bare stream.
      let file = deflated(text)
      let range = 2..<file.count - 4
      #expect(try unpacked(file, in: range, byteCount: text.count) == text)
      let error = DeflateError.tooShort(expected: text.count + 1, found: text.count)
      #expect(throws: error) { try unpacked(file, in: range, byteCount: text.count + 1) }
      #expect(throws: DeflateError.tooLong(expected: text.count - 1)) {
        try unpacked(file, in: range, byteCount: text.count - 1)
      }
      // What follows the stream is not read.
      #expect(
        try unpacked(file + [1, 2, 3], in: 2..<file.count + 3, byteCount: text.count) == text
      )
    }
    #expect(try unpacked([3, 0], in: 0..<2, byteCount: 0) == [])
  }

  @Test(
    "a changed stream is unpacked to other bytes or refused, never more",
    arguments: [UInt64(7)]
  )
  func changed(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let text = (0..<2000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let file = deflated(text)
    for _ in 0..<2000 {
      var changed = file
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 2..<file.count, using: &generator)
        changed[place] = UInt8.random(in: 0...255, using: &generator)
      }
      let result = try? unpacked(changed, in: 2..<file.count, byteCount: text.count)
      #expect(result == nil || result?.count == text.count)
    }
  }

  @Test("what is not asked for is not unpacked")
  func onDemand() throws {
    // Ten bytes of a stream whose later part is broken.
    let stream = deflated([UInt8](repeating: 1, count: 100_000)) + deflated([2])
    #expect(try inflated(stream, count: 10) == [UInt8](repeating: 1, count: 10))
  }

  @Test("a stream cut anywhere before its last symbol gives an error, never other bytes")
  func cut() throws {
    let text = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let stream = deflated(text)
    for count in 1..<stream.count - 5 {
      #expect(throws: DeflateError.self) {
        try inflated(Array(stream[..<count]), count: text.count)
      }
    }
  }

  @Test("lengths of codes are optimal, and none exceeds the limit")
  func lengths() {
    #expect(codeLengths(frequencies: [1, 1, 2, 4], limit: 15) == [3, 3, 2, 1])
    #expect(codeLengths(frequencies: [5, 0, 5], limit: 7) == [1, 0, 1])
    // Fibonacci numbers make the deepest trees.
    var fibonacci = [1, 1]
    while fibonacci.count < 40 {
      fibonacci.append(fibonacci[fibonacci.count - 1] + fibonacci[fibonacci.count - 2])
    }
    for limit in [7, 9, 15] {
      let lengths = codeLengths(frequencies: fibonacci, limit: limit)
      #expect(lengths.allSatisfy { $0 > 0 && Int($0) <= limit })
      let used = lengths.reduce(0) { $0 + 1 << (limit - Int($1)) }
      #expect(used == 1 << limit, "the code space is used up")
      #expect(DeflateCodes(lengths: lengths.span, meaning: { UInt32($0) << 16 }) != nil)
    }
  }

  @Test("lengths and distances begin where the standard says")
  func ranges() {
    #expect(
      (0..<29).map { deflateLength($0).base }.suffix(10) == [
        59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
      ]
    )
    #expect(
      (0..<30).map { deflateDistance($0).base }.suffix(6) == [
        4097, 6145, 8193, 12_289, 16_385, 24_577,
      ]
    )
    for code in 0..<28 {
      let (base, extraBits) = deflateLength(code)
      #expect(code == 27 || base + 1 << extraBits == deflateLength(code + 1).base)
    }
  }

  @Test("the checksum of zlib is that of its specification")
  func checksum() {
    #expect(adler32(Array("abc".utf8).span) == 0x024D_0127)
    let long = [UInt8](repeating: 255, count: 100_000)
    var sums: (UInt64, UInt64) = (1, 0)
    for byte in long {
      sums.0 = (sums.0 + UInt64(byte)) % 65_521
      sums.1 = (sums.1 + sums.0) % 65_521
    }
    #expect(UInt64(adler32(long.span)) == sums.1 << 16 | sums.0)
  }
}
