import Deflate
import Testing

@testable import Vision

@Suite("PNG")
struct PNGTests {
  static let kinds: [(colorType: Int, bitDepth: Int)] = [
    (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8),
    (4, 8),
    (4, 16), (6, 8), (6, 16),
  ]

  private func palette(_ count: Int) -> [Color] {
    (0..<count).map { index in
      let level = UInt8(index)
      return Color(red: level, green: 255 - level, blue: level &* 7)
    }
  }

  private func chunk(_ palette: [Color]) -> [UInt8] {
    PNGFixture.chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
  }

  @Test("every colour type, depth, filter and interlacing gives its pixels")
  func kinds() throws {
    let sizes = [(1, 1), (2, 3), (5, 5), (8, 8), (9, 17), (33, 12), (3, 40)]
    for (index, kind) in Self.kinds.enumerated() {
      for (width, height) in sizes {
        for isInterlaced in [false, true] {
          var fixture = PNGFixture(
            width: width,
            height: height,
            colorType: kind.colorType,
            bitDepth: kind.bitDepth,
            seed: UInt64(index)
          )
          fixture.isInterlaced = isInterlaced
          fixture.pieceCount = 1 + index % 4
          let colors = kind.colorType == 3 ? palette(1 << kind.bitDepth) : []
          if kind.colorType == 3 {
            fixture.chunks = [chunk(colors)]
          }
          #expect(
            difference(try Image(decoding: fixture.file()), fixture.picture(palette: colors))
              == nil,
            "\(kind), \(width) x \(height), interlaced \(isInterlaced)"
          )
        }
      }
    }
  }

  @Test("transparency and other chunks change nothing, broken ones that are not needed neither")
  func otherChunks() throws {
    var fixture = PNGFixture(width: 10, height: 10, colorType: 2, bitDepth: 8, seed: 1)
    var brokenExif = PNGFixture.chunk("eXIf", exifData(orientation: 6, littleEndian: true))
    brokenExif[brokenExif.count - 1] ^= 1
    fixture.chunks = [
      PNGFixture.chunk("gAMA", bigEndianBytes(45_455)),
      PNGFixture.chunk("tRNS", [0, 1, 0, 2, 0, 3]),
      PNGFixture.chunk("tEXt", Array("Title\0x".utf8)), brokenExif,
      chunk(palette(3)),
    ]
    #expect(difference(try Image(decoding: fixture.file()), fixture.picture()) == nil)
  }

  @Test("a palette index without a colour is black")
  func shortPalette() throws {
    var fixture = PNGFixture(width: 16, height: 4, colorType: 3, bitDepth: 4, seed: 1)
    fixture.chunks = [chunk(palette(5))]
    #expect(
      difference(try Image(decoding: fixture.file()), fixture.picture(palette: palette(5))) == nil
    )
  }

  @Test("what is written is read again, whatever the content")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 77)
    for (width, height) in [(1, 1), (1, 700), (700, 1), (64, 48), (333, 251)] {
      for kind in 0..<5 {
        var pixels = [UInt8](repeating: 200, count: width * height * 3)
        for index in pixels.indices {
          switch kind {
          case 0: pixels[index] = UInt8.random(in: 0...255, using: &generator)
          case 1: pixels[index] = UInt8(truncatingIfNeeded: index / 3)
          case 2: pixels[index] = UInt8(truncatingIfNeeded: index % 7 * index / 1000)
          case 3: pixels[index] = index % 50 == 0 ? UInt8.random(in: 0...9, using: &generator) : 3
          default: break
          }
        }
        let image = Image(width: width, height: height, pixels: pixels)
        let file = image.encodedPNG()
        #expect(
          difference(try Image(decoding: file), image) == nil,
          "\(width) x \(height), \(kind)"
        )
        if kind == 4, width * height > 1000 {
          #expect(file.count < width * height / 10)
        }
        #expect(file.count < width * height * 3 + height + 1000)
      }
    }
  }

  @Test("a file cut anywhere is refused", arguments: [false, true])
  func cut(isInterlaced: Bool) throws {
    var fixture = PNGFixture(width: 13, height: 11, colorType: 6, bitDepth: 8, seed: 4)
    fixture.isInterlaced = isInterlaced
    fixture.pieceCount = 3
    let file = fixture.file()
    _ = try Image(decoding: file)
    for count in 0..<file.count {
      #expect(throws: PictureError.self) {
        try Image(decoding: Array(file[..<count]))
      }
    }
  }

  @Test("a changed bit in a needed chunk is refused")
  func changedBits() throws {
    var fixture = PNGFixture(width: 6, height: 5, colorType: 3, bitDepth: 8, seed: 4)
    fixture.chunks = [chunk(palette(256))]
    let file = fixture.file()
    for bit in 0..<file.count * 8 {
      var changed = file
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: PictureError.self, "bit \(bit)") {
        try Image(decoding: changed)
      }
    }
  }

  @Test("the fast checksum equals the slow one")
  func checksums() {
    var generator = SeededGenerator(seed: 32)
    let checksums = CRC32()
    let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for start in 0..<9 {
      for end in start...200 {
        #expect(checksums.checksum(bytes.span, start..<end) == slowCRC(Array(bytes[start..<end])))
      }
    }
    #expect(checksums.checksum(Array("IEND".utf8).span, 0..<4) == 0xAE42_6082)
  }
}
