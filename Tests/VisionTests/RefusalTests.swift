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
