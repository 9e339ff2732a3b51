import Testing

@testable import Deflate
@testable import Vision

@Suite("Refusals of PNG")
struct PNGRefusalTests {
  @Test("each way in which the chunks of a PNG can be wrong has its error")
  func pngChunks() {
    let fixture = PNGFixture(width: 4, height: 3, colorType: 2, bitDepth: 8, seed: 1)
    let signature = fixture.fileSignature
    let header = PNGFixture.chunk("IHDR", fixture.header())
    let data = PNGFixture.chunk("IDAT", zlibStored(fixture.rows()))
    let end = PNGFixture.chunk("IEND", [])
    let palette = PNGFixture.chunk("PLTE", [1, 2, 3])
    func check(_ chunks: [[UInt8]], _ expected: PNGError) {
      #expect(refusal(signature + chunks.flatMap { $0 }) == .png(expected))
    }
    func code(_ name: String) -> UInt32 {
      Array(name.utf8).reduce(0) { $0 << 8 | UInt32($1) }
    }
    func changedHeader(_ index: Int, _ value: UInt8) -> [UInt8] {
      var content = fixture.header()
      content[index] = value
      return PNGFixture.chunk("IHDR", content)
    }
    #expect(refusal(signature + header + data + end) == nil)
    check([], .ends(offset: 8))
    check([header, data], .ends(offset: 8 + header.count + data.count))
    check(
      [Array(header[..<20])],
      .chunkPastEnd(chunk: code("IHDR"), offset: 8, length: 13, available: 12)
    )
    check([data, header, end], .misplacedChunk(chunk: code("IDAT"), offset: 8))
    check(
      [PNGFixture.chunk("IHDR", [1, 2])],
      .chunkLength(chunk: code("IHDR"), offset: 8, length: 2)
    )
    check([header, header], .unknownCriticalChunk(chunk: code("IHDR"), offset: 33))
    check(
      [header, PNGFixture.chunk("ABCD", [])],
      .unknownCriticalChunk(chunk: code("ABCD"), offset: 33)
    )
    check([header, end], .missingData)
    check([header, PNGFixture.chunk("IDAT", []), end], .missingData)
    check(
      [header, data, palette, data, end],
      .misplacedChunk(chunk: code("PLTE"), offset: 33 + data.count)
    )
    let text = PNGFixture.chunk("tEXt", [])
    check(
      [header, data, text, data, end],
      .misplacedChunk(chunk: code("IDAT"), offset: 33 + data.count + text.count)
    )
    check([header, palette, palette], .misplacedChunk(chunk: code("PLTE"), offset: 33 + 15))
    for count in [0, 1, 4, 771] {
      check(
        [header, PNGFixture.chunk("PLTE", [UInt8](repeating: 0, count: count))],
        .chunkLength(chunk: code("PLTE"), offset: 33, length: count)
      )
    }
    check([changedHeader(8, 3)], .colorType(2, bitDepth: 3))
    check([changedHeader(9, 5)], .colorType(5, bitDepth: 8))
    check([changedHeader(10, 1)], .method(compression: 1, filter: 0, interlace: 0))
    check([changedHeader(11, 1)], .method(compression: 0, filter: 1, interlace: 0))
    check([changedHeader(12, 2)], .method(compression: 0, filter: 0, interlace: 2))
    check([changedHeader(9, 3), data, end], .missingPalette)
    var broken = data
    broken[broken.count - 1] ^= 1
    guard
      case .png(.wrongChecksum(chunk: code("IDAT"), offset: 33, _, _))? = refusal(
        signature + header + broken + end
      )
    else {
      Issue.record("a wrong checksum was accepted")
      return
    }
    #expect(
      refusal(signature + changedHeader(0, 0x80) + data + end)
        == .sideTooLong(width: 0x8000_0004, height: 3, limit: 65_500)
    )
    #expect(
      refusal(signature + changedHeader(3, 0) + data + end) == .noPixels(width: 0, height: 3)
    )
  }

  @Test("each way in which the data of a PNG can be wrong has its error")
  func pngData() {
    let fixture = PNGFixture(width: 4, height: 3, colorType: 2, bitDepth: 8, seed: 1)
    let header = fixture.fileSignature + PNGFixture.chunk("IHDR", fixture.header())
    let end = PNGFixture.chunk("IEND", [])
    let begin = header.count + 8
    func check(_ data: [UInt8], _ expected: PNGError) {
      #expect(refusal(header + PNGFixture.chunk("IDAT", data) + end) == .png(expected))
    }
    /// A stream of the given bits, pairs of a value and a count.
    func bits(_ values: [(Int, Int)]) -> [UInt8] {
      var writer = BitWriter()
      writer.write(byte: 0x78)
      writer.write(byte: 0x01)
      for (value, count) in values {
        writer.write(value, count: count)
      }
      writer.fillByte()
      return writer.bytes + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    }
    func isBadCodes(_ data: [UInt8]) -> Bool {
      if case .png(.data(.blockCodes))? = refusal(header + PNGFixture.chunk("IDAT", data) + end) {
        return true
      }
      return false
    }
    check([0x78], .data(.dataEnd(offset: begin + 1)))
    check([0x79, 0x01, 0], .data(.zlibHeader(offset: begin, found: 0x7901)))
    check([0x78, 0x02, 0], .data(.zlibHeader(offset: begin, found: 0x7802)))
    check([0x78, 0x20, 0], .data(.zlibHeader(offset: begin, found: 0x7820)))
    check([0x78, 0x01], .data(.dataEnd(offset: begin + 2)))
    check([0x78, 0x01, 7], .data(.blockKind(offset: begin + 3)))
    check(
      [0x78, 0x01, 1, 5, 0, 5, 0],
      .data(.storedLength(offset: begin + 7, found: 5, complement: 5))
    )
    check([0x78, 0x01, 1, 5, 0, 0xFA, 0xFF, 1, 2], .data(.dataEnd(offset: begin + 9)))
    check(zlibStored([0, 1, 2]), .data(.streamEnd(offset: begin + 14)))
    var rows = fixture.rows()
    rows[13] = 5
    check(zlibStored(rows), .rowFilter(row: 1, found: 5))

    // Codes of a block of its own: 287 literals; 31 distances; all codes of lengths 1 bit long; the
    // first length repeats the one before; a run past the end.
    #expect(isBadCodes(bits([(1, 1), (2, 2), (30, 5), (0, 5), (0, 4)])))
    #expect(isBadCodes(bits([(1, 1), (2, 2), (0, 5), (30, 5), (0, 4)])))
    #expect(isBadCodes(bits([(1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (0x249, 12)])))
    #expect(isBadCodes(bits([(1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (1, 3), (1, 9), (0, 4)])))
    // Codes for lengths: 18 and 0 with one bit each; 138 zeros three times exceed 258.
    let zeros = [(1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (0, 6), (1, 3), (1, 3)]
    #expect(isBadCodes(bits(zeros + [(1, 1), (127, 7), (1, 1), (127, 7)])))
    // 258 zeros: no code ends the block.
    #expect(isBadCodes(bits(zeros + [(1, 1), (127, 7), (1, 1), (109, 7)])))

    // Fixed codes: a copy before the first byte, symbols 286 and distance 30 without meaning.
    check(
      bits([(1, 1), (1, 2), (reversed(1, bits: 7), 7), (0, 5)]),
      .data(.distance(offset: begin + 10, found: 1, available: 0))
    )
    check(
      bits([(1, 1), (1, 2), (reversed(0xC6, bits: 8), 8)]),
      .data(.badCode(offset: begin + 10))
    )
    check(
      bits([(1, 1), (1, 2), (reversed(1, bits: 7), 7), (reversed(30, bits: 5), 5)]),
      .data(.badCode(offset: begin + 10))
    )
  }
}
