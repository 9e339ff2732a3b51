import Testing

@testable import Vision

/// The error that decoding gives, nil when it succeeds.
func refusal(_ bytes: [UInt8], limits: DecodingLimits = .standard) -> PictureError? {
  do {
    _ = try Image(decoding: bytes, limits: limits)
    return nil
  } catch {
    return error
  }
}

@Suite("Refusals")
struct RefusalTests {
  @Test("formats are told apart by their first bytes")
  func formats() {
    func padded(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8](repeating: 0, count: 20)
    }
    let cases: [([UInt8], PictureFormat)] = [
      (Array("GIF89a".utf8), .gif), (Array("RIFF0000WEBP".utf8), .webP),
      ([0x42, 0x4D, 1, 2], .bmp), ([0x49, 0x49, 0x2A, 0], .tiff), ([0x4D, 0x4D, 0, 0x2A], .tiff),
      (Array("0000ftypheic".utf8), .heif), ([0xFF, 0x4F, 0xFF, 0x51], .jpeg2000),
      (Array("0000jP  ".utf8), .jpeg2000),
    ]
    for (bytes, format) in cases {
      #expect(refusal(padded(bytes)) == .unsupportedFormat(format))
    }
    #expect(refusal([]) == .empty)
    for text in ["hello", "P", "P6", "P8 1 1 255 ", "Pixels", "BM", "RIFF"] {
      #expect(refusal(Array(text.utf8)) == .unknownFormat, "\(text)")
    }
  }

  @Test("sizes are held against the limits before anything else")
  func limits() {
    let picture = Image(width: 30, height: 20).encodedPPM()
    var limits = DecodingLimits.standard
    limits.side = 29
    #expect(refusal(picture, limits: limits) == .sideTooLong(width: 30, height: 20, limit: 29))
    limits = .standard
    limits.pixelCount = 599
    #expect(refusal(picture, limits: limits) == .tooManyPixels(width: 30, height: 20, limit: 599))
    limits = .standard
    limits.byteCount = 1799
    #expect(refusal(picture, limits: limits) == .tooMuchMemory(needed: 1800, limit: 1799))
    limits.byteCount = 1800
    #expect(refusal(picture, limits: limits) == nil)

    let fixture = JPEGFixture(width: 64, height: 64, sampling: [(1, 1), (1, 1), (1, 1)], seed: 1)
    limits.byteCount = 30_000
    #expect(refusal(fixture.baseline(), limits: limits) == nil)
    guard
      case .tooMuchMemory(let needed, limit: 30_000)? = refusal(
        fixture.progressive(),
        limits: limits
      )
    else {
      Issue.record("the coefficients were not counted")
      return
    }
    #expect(needed > 64 * 64 * 3 * 3)
    limits = .standard
    limits.scanCount = 10
    #expect(refusal(fixture.progressive(), limits: limits) == .jpeg(.tooManyScans(limit: 10)))

    var turned = PNGFixture(width: 50, height: 50, colorType: 2, bitDepth: 8, seed: 1)
    turned.chunks = [PNGFixture.chunk("eXIf", exifData(orientation: 6, littleEndian: true))]
    limits = .standard
    limits.byteCount = 7500 + 16_384 + 3 * 32_768 + 2 * 150 + 150
    turned.chunks = []
    #expect(refusal(turned.file(), limits: limits) == nil)
    #expect(limits.byteCount > 15_000, "turning needs less than unpacking here")
  }

  @Test("a size that the length of the file cannot justify is refused before memory is taken")
  func tooFewBytes() {
    var jpeg = JPEGFixture(width: 8, height: 8, sampling: [(1, 1), (1, 1), (1, 1)], seed: 1)
    let scan = jpeg.scanHeader([0, 1, 2], first: 0, last: 63, high: 0, low: 0)
    jpeg.width = 8000
    jpeg.height = 8000
    let needed = 3 * 1000 * 1000 / 8
    for marker in [0xC0, 0xC2] as [UInt8] {
      let header = marker == 0xC0 ? scan : jpeg.scanHeader([0], first: 0, last: 0, high: 0, low: 0)
      let file = jpeg.beginning(marker: marker) + header + [1, 2, 3, 0xFF, 0xD9]
      #expect(
        refusal(file)
          == .tooFewBytes(width: 8000, height: 8000, needed: needed, found: file.count)
      )
    }
    var png = PNGFixture(width: 1, height: 1, colorType: 2, bitDepth: 8, seed: 1)
    png.width = 4000
    png.height = 4000
    png.pixels = []
    let header = PNGFixture.chunk("IHDR", png.header())
    let file =
      png.fileSignature + header + PNGFixture.chunk("IDAT", zlibStored([0, 1, 2]))
      + PNGFixture.chunk("IEND", [])
    #expect(
      refusal(file)
        == .tooFewBytes(width: 4000, height: 4000, needed: 4000 * 12_001 / 1032, found: 14)
    )
  }

  @Test("each way in which the segments of a JPEG can be wrong has its error")
  func jpegSegments() {
    let fixture = JPEGFixture(width: 16, height: 16, sampling: [(2, 1), (1, 1), (1, 1)], seed: 1)
    let start: [UInt8] = [0xFF, 0xD8]
    func check(
      _ bytes: [UInt8],
      _ expected: JPEGError,
      _ comment: Comment? = nil
    ) {
      #expect(refusal(bytes) == .jpeg(expected), comment)
    }
    func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
      start + JPEGFixture.segment(marker, content)
    }

    check(start, .ends(offset: 2))
    check(start + [0xFF, 0xDB, 0], .ends(offset: 5))
    check(start + [0xFF, 0xD9], .noScan)
    check(start + [0xFF, 0xFE, 0, 1], .segmentTooShort(marker: 0xFE, offset: 2, length: 1))
    check(
      start + [0xFF, 0xFE, 0, 9, 1],
      .segmentPastEnd(marker: 0xFE, offset: 2, length: 9, available: 3)
    )
    for marker in [0xC3, 0xC5, 0xC9, 0xCB, 0xCC, 0xCF] as [UInt8] {
      check(
        segment(marker, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        .unsupportedProcess(marker: marker, offset: 2)
      )
    }

    // Frames.
    check(segment(0xC0, [8, 0, 8, 0]), .segmentTooShort(marker: 0xC0, offset: 2, length: 6))
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 3, 1, 0x11, 0]),
      .segmentTooShort(marker: 0xC0, offset: 2, length: 11)
    )
    check(segment(0xC1, [12, 0, 8, 0, 8, 1, 1, 0x11, 0]), .unsupportedPrecision(bits: 12))
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0]),
      .unsupportedComponentCount(2)
    )
    #expect(
      refusal(segment(0xC0, [8, 0, 0, 0, 8, 1, 1, 0x11, 0])) == .noPixels(width: 8, height: 0)
    )
    for factors in [0x01, 0x10, 0x51, 0x15, 0xFF] as [UInt8] {
      check(
        segment(0xC0, [8, 0, 8, 0, 8, 1, 1, factors, 0]),
        .samplingFactor(component: 0, horizontal: Int(factors >> 4), vertical: Int(factors & 15))
      )
    }
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 3, 1, 0x31, 0, 2, 0x21, 0, 3, 0x11, 0]),
      .fractionalSampling(component: 1, horizontal: 2, vertical: 1)
    )
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 1, 0x11, 0]),
      .duplicateComponent(id: 1)
    )
    check(
      segment(0xC0, [8, 0, 8, 0, 8, 1, 1, 0x11, 4]),
      .missingQuantizationTable(number: 4, component: 1)
    )
    let frame = fixture.frame(marker: 0xC0)
    check(start + frame + frame, .secondFrame(offset: 2 + frame.count))

    // Tables.
    check(segment(0xDB, [0x20]), .quantizationTable(number: 0, precision: 2, offset: 6))
    check(segment(0xDB, [0x04]), .quantizationTable(number: 4, precision: 0, offset: 6))
    check(segment(0xDB, [0, 1]), .segmentTooShort(marker: 0xDB, offset: 2, length: 4))
    check(segment(0xC4, [0x20]), .huffmanTable(number: 0, kind: 2, offset: 6))
    check(segment(0xC4, [0x04]), .huffmanTable(number: 4, kind: 0, offset: 6))
    check(segment(0xC4, [0, 1]), .segmentTooShort(marker: 0xC4, offset: 2, length: 4))
    let lengths = [UInt8](repeating: 0, count: 14)
    check(
      segment(0xC4, [0, 2] + [0] + lengths + [1, 2]),
      .huffmanOverfull(length: 1, offset: 6),
      "codes 0 and 1 leave none for all ones"
    )
    check(segment(0xC4, [0, 0, 4] + lengths), .huffmanOverfull(length: 2, offset: 6))
    check(
      segment(0xC4, [0, 0, 2] + lengths),
      .segmentTooShort(marker: 0xC4, offset: 2, length: 19)
    )
    check(segment(0xC4, [0, 1, 0] + lengths + [16]), .huffmanSymbol(offset: 6))
    let many = [0] + [UInt8](repeating: 0, count: 8) + [255, 2] + [UInt8](repeating: 0, count: 6)
    check(
      segment(0xC4, many + [UInt8](repeating: 0, count: 257)),
      .huffmanSymbol(offset: 6)
    )
    check(segment(0xDD, [0]), .segmentTooShort(marker: 0xDD, offset: 2, length: 3))
  }

  @Test("each way in which a scan header of a JPEG can be wrong has its error")
  func jpegScanHeaders() {
    let fixture = JPEGFixture(width: 16, height: 16, sampling: [(2, 1), (1, 1), (1, 1)], seed: 1)
    let sequential = fixture.beginning(marker: 0xC0)
    let progressive = fixture.beginning(marker: 0xC2)
    func check(_ beginning: [UInt8], _ content: [UInt8], _ expected: (Int) -> JPEGError) {
      let file = beginning + JPEGFixture.segment(0xDA, content) + [0, 0, 0, 0xFF, 0xD9]
      #expect(refusal(file) == .jpeg(expected(beginning.count)))
    }
    check([0xFF, 0xD8], [1, 1, 0, 0, 63, 0]) { .scanBeforeFrame(offset: $0) }
    check(sequential, []) { .segmentTooShort(marker: 0xDA, offset: $0, length: 2) }
    check(sequential, [2, 1, 0]) { .segmentTooShort(marker: 0xDA, offset: $0, length: 5) }
    check(sequential, [0, 0, 63, 0]) { .scanComponentCount(found: 0, offset: $0) }
    check(sequential, [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]) {
      .scanComponentCount(found: 4, offset: $0)
    }
    check(sequential, [1, 9, 0, 0, 63, 0]) { .scanComponent(id: 9, offset: $0) }
    check(sequential, [2, 1, 0, 1, 0, 0, 63, 0]) { .scanComponent(id: 1, offset: $0) }
    check(sequential, [1, 1, 0x20, 0, 63, 0]) {
      .missingHuffmanTable(number: 2, forDC: true, offset: $0)
    }
    check(sequential, [1, 1, 0x0F, 0, 63, 0]) {
      .missingHuffmanTable(number: 15, forDC: false, offset: $0)
    }
    check(progressive, [1, 1, 0x10, 0, 0, 0]) {
      .missingHuffmanTable(number: 1, forDC: true, offset: $0)
    }
    let parameters: [(first: Int, last: Int, high: Int, low: Int, members: Int)] = [
      (0, 5, 0, 0, 1), (5, 4, 0, 0, 1), (1, 64, 0, 0, 1), (1, 5, 0, 0, 2), (0, 0, 0, 14, 1),
      (0, 0, 2, 0, 1), (1, 5, 1, 1, 1),
    ]
    for (first, last, high, low, members) in parameters {
      let header: [UInt8] = members == 1 ? [1, 1, 0] : [2, 1, 0, 2, 0]
      check(progressive, header + [UInt8(first), UInt8(last), UInt8(high << 4 | low)]) {
        .scanParameters(first: first, last: last, highBit: high, lowBit: low, offset: $0)
      }
    }
    check(progressive, [1, 1, 0, 1, 5, 0]) {
      .progressionOrder(coefficient: 1, highBit: 0, expected: 0, offset: $0)
    }
    check(progressive, [1, 1, 0, 0, 0, 0x10]) {
      .progressionOrder(coefficient: 0, highBit: 1, expected: 0, offset: $0)
    }

    var wide = JPEGFixture(width: 16, height: 16, sampling: [(1, 1), (1, 1), (1, 1)], seed: 1)
    for (index, factors) in [(4, 2), (2, 1), (1, 1)].enumerated() {
      (wide.components[index].horizontal, wide.components[index].vertical) = factors
    }
    check(wide.beginning(marker: 0xC0), [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]) { _ in
      .tooManyBlocksInUnit(found: 11)
    }
    var missing = fixture
    missing.components[1].factors = missing.components[0].factors
    let frame = missing.frame(marker: 0xC0)
    #expect(
      refusal(
        [0xFF, 0xD8] + frame + JPEGFixture.segment(0xDA, [1, 1, 0, 0, 63, 0]) + [0, 0xFF, 0xD9]
      )
        == .jpeg(.missingQuantizationTable(number: 0, component: 1))
    )
  }

  @Test("each way in which the data of a JPEG scan can be wrong has its error")
  func jpegData() {
    var fixture = JPEGFixture(width: 40, height: 16, sampling: [(1, 1)], seed: 1)
    fixture.codeLength = 9
    func file(_ marker: UInt8, _ headers: [UInt8], _ data: [UInt8]) -> [UInt8] {
      fixture.beginning(marker: marker) + headers + data + [0xFF, 0xD9]
    }
    let header = fixture.scanHeader([0], first: 0, last: 63, high: 0, low: 0)
    // All ones are no code.
    let ones: [UInt8] = [0xFF, 0, 0xFF, 0, 0xFF, 0]
    let begin = fixture.beginning(marker: 0xC0).count + header.count
    #expect(refusal(file(0xC0, header, ones)) == .jpeg(.badCode(offset: begin + 6)))
    // DC 0, then 15 zeros and a value four times.
    var writer = EntropyWriter()
    writer.write(0, 9)
    for _ in 0..<4 {
      writer.writeValue(1, run: 15, codeLength: 9)
    }
    guard case .jpeg(.runPastBlock)? = refusal(file(0xC0, header, writer.finish())) else {
      Issue.record("a run past the block was decoded")
      return
    }
    #expect(
      refusal(file(0xC0, header, [0, 0, 0]))
        == .jpeg(.scanEnds(offset: begin + 3, unit: 1, unitCount: 10))
    )

    // Restart markers.
    fixture.restartInterval = 2
    var restarted = fixture.baseline()
    let place = restarted.indices.first {
      restarted[$0] == 0xFF && restarted[$0 + 1] == 0xD1
    }!
    restarted[place + 1] = 0xD5
    #expect(
      refusal(restarted)
        == .jpeg(.restartMarker(offset: place, found: 0xD5, expected: 0xD1))
    )
    let cut = Array(restarted[..<place])
    #expect(
      refusal(cut) == .jpeg(.scanEnds(offset: cut.count, unit: 4, unitCount: 10))
    )
    fixture.restartInterval = 0

    // Progressive: a value of two bits in a refinement, a new coefficient behind the band, a run
    // behind the band, a component that no scan codes.
    func progressive(_ low: Int, _ write: (inout EntropyWriter) -> Void) -> [UInt8] {
      var first = EntropyWriter()
      for _ in 0..<10 {
        first.write(0, 9)
      }
      var next = EntropyWriter()
      write(&next)
      let dc = fixture.scanHeader([0], first: 0, last: 0, high: 0, low: 0) + first.finish()
      let ac = fixture.scanHeader([0], first: 1, last: 5, high: 0, low: 1)
      var blocks = EntropyWriter()
      for _ in 0..<10 {
        blocks.write(0, 9)
      }
      let refinement = fixture.scanHeader([0], first: 1, last: 5, high: 1, low: 0)
      return low == 1
        ? file(0xC2, dc + ac, next.finish())
        : file(0xC2, dc + ac + blocks.finish() + refinement, next.finish())
    }
    guard
      case .jpeg(.runPastBlock)? = refusal(
        progressive(1) { $0.writeValue(1, run: 5, codeLength: 9) }
      )
    else {
      Issue.record("a run past the band was decoded")
      return
    }
    guard
      case .jpeg(.badCode)? = refusal(
        progressive(0) { $0.writeValue(3, run: 0, codeLength: 9) }
      )
    else {
      Issue.record("two bits in a refinement were decoded")
      return
    }
    guard
      case .jpeg(.runPastBlock)? = refusal(
        progressive(0) { $0.writeValue(1, run: 7, codeLength: 9) }
      )
    else {
      Issue.record("a new coefficient behind the band was decoded")
      return
    }
    let two = JPEGFixture(width: 8, height: 8, sampling: [(1, 1), (1, 1), (1, 1)], seed: 1)
    var separate = two.separateScans()
    separate.removeLast(2)
    let last = separate.lastIndex(of: 0xDA)! - 1
    #expect(
      refusal(Array(separate[..<last]) + [0xFF, 0xD9]) == .jpeg(.componentNotCoded(id: 3))
    )
  }

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
      if case .png(.blockCodes)? = refusal(header + PNGFixture.chunk("IDAT", data) + end) {
        return true
      }
      return false
    }
    check([0x78], .dataEnd(offset: begin + 1))
    check([0x79, 0x01, 0], .zlibHeader(offset: begin, found: 0x7901))
    check([0x78, 0x02, 0], .zlibHeader(offset: begin, found: 0x7802))
    check([0x78, 0x20, 0], .zlibHeader(offset: begin, found: 0x7820))
    check([0x78, 0x01], .dataEnd(offset: begin + 2))
    check([0x78, 0x01, 7], .blockKind(offset: begin + 3))
    check(
      [0x78, 0x01, 1, 5, 0, 5, 0],
      .storedLength(offset: begin + 7, found: 5, complement: 5)
    )
    check([0x78, 0x01, 1, 5, 0, 0xFA, 0xFF, 1, 2], .dataEnd(offset: begin + 9))
    check(zlibStored([0, 1, 2]), .dataEnd(offset: begin + 14))
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
      .distance(offset: begin + 10, found: 1, available: 0)
    )
    check(bits([(1, 1), (1, 2), (reversed(0xC6, bits: 8), 8)]), .badCode(offset: begin + 10))
    check(
      bits([(1, 1), (1, 2), (reversed(1, bits: 7), 7), (reversed(30, bits: 5), 5)]),
      .badCode(offset: begin + 10)
    )
  }

  @Test("every error is one line")
  func descriptions() {
    let errors: [PictureError] = [
      .empty, .unknownFormat, .unsupportedFormat(.gif), .noPixels(width: 0, height: 1),
      .sideTooLong(width: 9, height: 9, limit: 3), .tooManyPixels(width: 9, height: 9, limit: 3),
      .tooMuchMemory(needed: 9, limit: 3), .tooFewBytes(width: 9, height: 9, needed: 8, found: 1),
    ]
    for error in errors {
      #expect(!error.description.isEmpty && !error.description.contains("\n"))
    }
    #expect(
      PictureError.jpeg(.restartMarker(offset: 7, found: 0xD5, expected: 0xD1)).description
        == "JPEG: at byte 7: marker FFD5, expected the restart marker FFD1"
    )
    #expect(
      PictureError.png(.chunkLength(chunk: 0x4948_4452, offset: 8, length: 2)).description
        == "PNG: chunk IHDR at byte 8 has a length of 2, which it cannot have"
    )
    #expect(
      PictureError.png(.unknownCriticalChunk(chunk: 0x0041_0A42, offset: 8)).description
        == "PNG: chunk ?A?B at byte 8 is needed but unknown"
    )
  }
}
