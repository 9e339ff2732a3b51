import Deflate
import Testing

@Suite("Each fault of packed data has its error")
struct DeflateErrorTests {
  static let faults: [([UInt8], Int, String)] = [
    ([], 0, "byte 2: expected more packed data, found their end"),
    ([0x07], 0, "before byte 3: expected a block of kind 0, 1 or 2, found 3"),
    (
      [0x01, 1, 0, 0, 0, 7], 1,
      "before byte 8: expected a length and its complement, found 1 and 0"
    ),
    ([0x01, 2, 0, 0xFD, 0xFF, 7], 2, "byte 8: expected more packed data, found their end"),
    ([0x01, 1, 0], 1, "byte 5: expected more packed data, found their end"),
    // Fixed code: length 3 (0000001), distance 1 (00000) before anything was written.
    (
      [0b0000_0011, 0b0000_0010, 0, 0], 3,
      "before byte 6: expected a copy from at most 0 bytes back, found 1"
    ),
    // Fixed code: symbol 286 (11000110), which has no meaning.
    ([0x1B, 0x03, 0, 0], 1, "before byte 6: expected a code of the block, found other bits"),
    // Codes of its own: 286 + 1 literals.
    (
      [0b1111_0101, 0, 0, 0], 0,
      "before byte 6: expected code lengths that make a prefix code, found others"
    ),
    ([0x03, 0], 1, "expected 1 bytes when unpacked, found 0"),
    // The literal 0 (00110000), then the end.
    ([0x63, 0, 0], 0, "expected 0 bytes when unpacked, found more"),
  ]

  @Test("of a bare stream, with its place in the file", arguments: faults)
  func bare(stream: [UInt8], byteCount: Int, message: String) {
    let file = [0xAA, 0xBB] + stream
    let error = #expect(throws: DeflateError.self) {
      try unpacked(file, in: 2..<file.count, byteCount: byteCount)
    }
    #expect(error?.description == message)
  }

  @Test("of zlib's frame, and of a stream that ends too early for what is asked")
  func framed() throws {
    #expect(throws: DeflateError.zlibHeader(offset: 0, found: 0x7902)) {
      _ = try Inflater([0x79, 0x02].span, data: [0..<2], framing: .zlib)
    }
    #expect(throws: DeflateError.dataEnd(offset: 1)) {
      _ = try Inflater([0x78].span, data: [0..<1], framing: .zlib)
    }
    let stream = zlibStored([5, 6], blockSize: 2)
    var inflater = try Inflater(stream.span, data: [0..<stream.count], framing: .zlib)
    let ends = [
      try inflater.isAtEnd(stream.span), try inflater.takeByte(stream.span) == 5,
      try inflater.takeByte(stream.span) == 6, try inflater.isAtEnd(stream.span),
    ]
    #expect(ends == [false, true, true, true])
    let error = #expect(throws: DeflateError.self) { _ = try inflater.takeByte(stream.span) }
    #expect(
      error?.description
        == "before byte 13: expected more unpacked data, found the end of the packed stream"
    )
  }

  @Test("the checksum of zip and PNG is that of its standard")
  func checksum() {
    let bytes = Array("123456789".utf8)
    let checksum = CRC32().checksum(bytes.span, 0..<bytes.count)
    #expect(checksum == 0xCBF4_3926)
  }
}
