import Testing

@testable import Vision

/// EXIF data with an orientation behind another entry.
func exifData(orientation: Int, littleEndian: Bool, type: Int = 3) -> [UInt8] {
  func number(_ value: Int, _ size: Int) -> [UInt8] {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    return littleEndian ? bytes : bytes.reversed()
  }
  let size = [1: 1, 3: 2, 4: 4][type]!
  var data: [UInt8] = littleEndian ? [0x49, 0x49, 0x2A, 0] : [0x4D, 0x4D, 0, 0x2A]
  data += number(10, 4) + [0, 0] + number(2, 2)
  data += number(0x010F, 2) + number(2, 2) + number(3, 4) + [0x41, 0x42, 0, 0]
  data += number(0x0112, 2) + number(type, 2) + number(1, 4) + number(orientation, size)
  return data + [UInt8](repeating: 0, count: 4 - size) + [0, 0, 0, 0]
}

@Suite("Orientation")
struct OrientationTests {
  /// Where the pixel of the upright picture comes from (EXIF 2.3, table of tag 274).
  private func source(
    _ orientation: Int,
    x: Int,
    y: Int,
    width: Int,
    height: Int
  ) -> (x: Int, y: Int) {
    switch orientation {
    case 2: (width - 1 - x, y)
    case 3: (width - 1 - x, height - 1 - y)
    case 4: (x, height - 1 - y)
    case 5: (y, x)
    case 6: (y, height - 1 - x)
    case 7: (width - 1 - y, height - 1 - x)
    case 8: (width - 1 - y, x)
    default: (x, y)
    }
  }

  private func upright(_ image: Image, _ orientation: Int) -> Image {
    let turned = (5...8).contains(orientation)
    var result = Image(
      width: turned ? image.height : image.width,
      height: turned ? image.width : image.height
    )
    for y in 0..<result.height {
      for x in 0..<result.width {
        let place = source(orientation, x: x, y: y, width: image.width, height: image.height)
        result[x, y] = image[place.x, place.y]
      }
    }
    return result
  }

  @Test("a JPEG is turned as its EXIF data say, in both byte orders")
  func jpeg() throws {
    var fixture = JPEGFixture(width: 21, height: 13, sampling: [(2, 1), (1, 1), (1, 1)], seed: 5)
    let stored = fixture.picture(.yCbCr)
    for orientation in 0...9 {
      for littleEndian in [true, false] {
        for type in [1, 3, 4] {
          let data = exifData(orientation: orientation, littleEndian: littleEndian, type: type)
          fixture.segments = [JPEGFixture.segment(0xE1, Array("Exif\0\0".utf8) + data)]
          #expect(
            difference(try Image(decoding: fixture.baseline()), upright(stored, orientation))
              == nil,
            "orientation \(orientation)"
          )
        }
      }
    }
  }

  @Test("a PNG is turned as its EXIF data say, before or behind the pixels")
  func png() throws {
    var fixture = PNGFixture(width: 5, height: 9, colorType: 2, bitDepth: 8, seed: 3)
    let stored = fixture.picture()
    for orientation in 1...8 {
      let chunk = PNGFixture.chunk("eXIf", exifData(orientation: orientation, littleEndian: false))
      fixture.chunks = [chunk]
      #expect(try Image(decoding: fixture.file()) == upright(stored, orientation))
      fixture.chunks = []
      let file = fixture.file()
      let end = file.count - 12
      let late = Array(file[..<end]) + chunk + Array(file[end...])
      #expect(try Image(decoding: late) == upright(stored, orientation))
    }
  }

  @Test("where EXIF data tell nothing, XMP text does")
  func xmp() throws {
    var fixture = JPEGFixture(width: 9, height: 4, sampling: [(1, 1)], seed: 5)
    let stored = fixture.picture(.gray)
    let name = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
    let texts = ["<x tiff:Orientation=\"6\"/>", "<tiff:Orientation>6</tiff:Orientation>"]
    for text in texts {
      fixture.segments = [JPEGFixture.segment(0xE1, name + Array(text.utf8))]
      #expect(try Image(decoding: fixture.baseline()) == upright(stored, 6))
      // EXIF data come first.
      let exif = Array("Exif\0\0".utf8) + exifData(orientation: 3, littleEndian: true)
      fixture.segments.append(JPEGFixture.segment(0xE1, exif))
      #expect(try Image(decoding: fixture.baseline()) == upright(stored, 3))
    }
    for text in [
      "tiff:Orientation", "tiff:Orientation=\"", "tiff:Orientation=6", "tiff:Orientation>x",
    ] {
      fixture.segments = [JPEGFixture.segment(0xE1, name + Array(text.utf8))]
      #expect(try Image(decoding: fixture.baseline()) == stored)
    }
    var png = PNGFixture(width: 5, height: 9, colorType: 2, bitDepth: 8, seed: 3)
    let expected = upright(png.picture(), 8)
    png.chunks = [
      PNGFixture.chunk(
        "iTXt",
        Array("XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation=\"8\"/>".utf8)
      )
    ]
    #expect(try Image(decoding: png.file()) == expected)
  }

  @Test("EXIF data cut or changed anywhere turn nothing over and break nothing")
  func broken() throws {
    let data = exifData(orientation: 6, littleEndian: true)
    for count in 0..<data.count {
      let cut = Array(data[..<count])
      let found = Orientation(exif: cut.span, in: 0..<count)
      #expect(found == nil || count >= data.count - 6)
    }
    for index in data.indices {
      for value in [0, 1, 127, 128, 255] as [UInt8] {
        var changed = data
        changed[index] = value
        _ = Orientation(exif: changed.span, in: 0..<changed.count)
      }
    }
  }
}
