import Testing

@testable import Vision

@Suite("JPEG")
struct JPEGTests {
  /// All samplings of three components whose units have at most ten blocks.
  static let samplings: [[(Int, Int)]] = {
    var all: [[(Int, Int)]] = []
    for horizontal in 1...4 {
      for vertical in 1...4 where horizontal * vertical <= 8 {
        all.append([(horizontal, vertical), (1, 1), (1, 1)])
      }
    }
    all += [
      [(2, 2), (2, 1), (1, 2)], [(2, 2), (1, 2), (1, 1)], [(4, 1), (2, 1), (1, 1)],
      [(1, 4), (1, 2), (1, 1)], [(2, 2), (2, 2), (1, 1)], [(1, 1), (2, 2), (2, 2)],
    ]
    return all
  }()

  @Test("pixels equal the scalar definition for every sampling and many sizes")
  func samplings() throws {
    let sizes = [(1, 1), (2, 3), (7, 9), (8, 8), (16, 16), (17, 33), (33, 17), (40, 5), (67, 50)]
    for (index, sampling) in Self.samplings.enumerated() {
      for (width, height) in sizes {
        let fixture = JPEGFixture(
          width: width,
          height: height,
          sampling: sampling,
          seed: UInt64(index * 100 + width)
        )
        let image = try Image(decoding: fixture.baseline())
        #expect(
          difference(image, fixture.picture(.yCbCr)) == nil,
          "\(sampling), \(width) x \(height)"
        )
      }
    }
  }

  @Test("baseline, extended, separate scans and progressive scans give the same pixels")
  func kindsOfCoding() throws {
    for (index, sampling) in Self.samplings.enumerated() {
      var fixture = JPEGFixture(
        width: 45,
        height: 38,
        sampling: sampling,
        seed: UInt64(index),
        amplitude: 9
      )
      for (codeLength, restartInterval) in [(9, 0), (10, 3), (11, 7), (16, 1)] {
        fixture.codeLength = codeLength
        fixture.restartInterval = restartInterval
        let expected = fixture.picture(.yCbCr)
        let files = [
          fixture.baseline(), fixture.baseline(marker: 0xC1), fixture.separateScans(),
          fixture.progressive(),
        ]
        for (kind, file) in files.enumerated() {
          #expect(
            difference(try Image(decoding: file), expected) == nil,
            "\(sampling), kind \(kind), codes of \(codeLength), restart \(restartInterval)"
          )
        }
      }
    }
  }

  @Test("a single component is gray whatever its sampling factors are")
  func gray() throws {
    for (horizontal, vertical) in [(1, 1), (2, 2), (4, 3)] {
      var fixture = JPEGFixture(width: 29, height: 21, sampling: [(1, 1)], seed: 3)
      let expected = fixture.picture(.gray)
      fixture.components[0].horizontal = 1
      for file in [fixture.baseline(), fixture.progressive()] {
        var bytes = file
        // The factors stand ten bytes behind the frame's marker.
        let marker = bytes.indices.first {
          bytes[$0] == 0xFF && [0xC0, 0xC2].contains(bytes[$0 + 1])
        }
        bytes[marker! + 11] = UInt8(horizontal << 4 | vertical)
        #expect(difference(try Image(decoding: bytes), expected) == nil)
      }
    }
  }

  @Test("quantisation factors of 16 bits, and products that exceed 16 bits")
  func wideFactors() throws {
    for scale in [30, 900] as [UInt16] {
      let fixture = JPEGFixture(
        width: 31,
        height: 31,
        sampling: [(2, 2), (1, 1), (1, 1)],
        seed: 8
      ) { UInt16($0 + 1) * scale }
      #expect(
        difference(try Image(decoding: fixture.baseline()), fixture.picture(.yCbCr)) == nil
      )
    }
  }

  @Test("markers and identifiers decide on the colour space")
  func colorSpaces() throws {
    let jfif = JPEGFixture.segment(
      0xE0,
      [0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
    )
    func adobe(_ transform: UInt8) -> [UInt8] {
      JPEGFixture.segment(0xEE, [0x41, 0x64, 0x6F, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform])
    }
    let named: [UInt8] = [0x52, 0x47, 0x42]
    let numbered: [UInt8] = [1, 2, 3]
    let cases: [([[UInt8]], [UInt8], JPEGColorSpace)] = [
      ([], numbered, .yCbCr), ([], named, .rgb), ([], [9, 8, 7], .yCbCr), ([jfif], named, .yCbCr),
      ([adobe(0)], numbered, .rgb), ([adobe(1)], named, .yCbCr), ([adobe(0), jfif], named, .yCbCr),
    ]
    for (segments, ids, expected) in cases {
      var fixture = JPEGFixture(
        width: 19,
        height: 10,
        sampling: [(1, 1), (1, 1), (1, 1)],
        seed: 2
      )
      fixture.segments = segments
      for index in 0..<3 {
        fixture.components[index].id = ids[index]
      }
      #expect(
        difference(try Image(decoding: fixture.baseline()), fixture.picture(expected)) == nil
      )
    }
    let inks: [([[UInt8]], JPEGColorSpace)] = [
      ([], .cmyk), ([adobe(0)], .cmyk), ([adobe(2)], .ycck),
    ]
    for (segments, expected) in inks {
      var fixture = JPEGFixture(
        width: 19,
        height: 10,
        sampling: [(2, 1), (1, 1), (1, 1), (2, 1)],
        seed: 4
      )
      fixture.segments = segments
      for file in [fixture.baseline(), fixture.progressive()] {
        #expect(difference(try Image(decoding: file), fixture.picture(expected)) == nil)
      }
    }
  }

  @Test("fill bytes, comments, unknown segments and bytes behind the end change nothing")
  func otherSegments() throws {
    var fixture = JPEGFixture(width: 24, height: 24, sampling: [(2, 2), (1, 1), (1, 1)], seed: 6)
    let expected = fixture.picture(.yCbCr)
    fixture.segments = [
      [0xFF, 0xFF], JPEGFixture.segment(0xFE, [0x68, 0x69, 0xFF, 0xD9]), [0xFF],
      JPEGFixture.segment(0xED, [UInt8](repeating: 0xFF, count: 300)),
      JPEGFixture.segment(0xE1, []), JPEGFixture.segment(0xE0, [1]),
    ]
    var file = fixture.baseline() + [1, 2, 3, 0xFF, 0xC0]
    #expect(difference(try Image(decoding: file), expected) == nil)
    // Stray bytes before the end marker, and a comment.
    file = Array(fixture.baseline().dropLast(2)) + [7, 0, 0xFF, 0x00, 9]
    file += JPEGFixture.segment(0xFE, [1, 2]) + [0xFF, 0xFF, 0xD9]
    #expect(difference(try Image(decoding: file), expected) == nil)
  }

  @Test("frames without Huffman tables, as cameras send them, use the standard ones")
  func standardTables() throws {
    // A gray block of 8 x 8 with DC difference 0 (code 00) and no AC (code 1010), padded with ones.
    let factors = JPEGFixture.segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
    let frame = JPEGFixture.segment(0xC0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])
    let scan = JPEGFixture.segment(0xDA, [1, 1, 0, 0, 63, 0])
    let file = [0xFF, 0xD8] + factors + frame + scan + [0b0010_1011, 0xFF, 0xD9]
    let image = try Image(decoding: file)
    #expect(image == Image(width: 8, height: 8, color: Color(red: 128, green: 128, blue: 128)))
    // DC difference 8 has the code 101 and four bits 1000; one step of DC is an eighth of a level.
    let brighter = [0xFF, 0xD8] + factors + frame + scan + [0b1011_0001, 0b0101_1111, 0xFF, 0xD9]
    #expect(
      try Image(decoding: brighter)
        == Image(width: 8, height: 8, color: Color(red: 129, green: 129, blue: 129))
    )
  }

  @Test(
    "what the scans of a progressive picture leave out is estimated as libjpeg-turbo does",
    arguments: [
      "progressive-dc-only", "progressive-three-scans", "progressive-without-last-bits",
      "progressive-gray-dc-only",
    ]
  )
  func incompleteScans(name: String) throws {
    let image = try Image(decoding: fixtureBytes("\(name).jpg"))
    let expected = try readPlainPPM(fixtureBytes("\(name).ppm"), name)
    #expect(difference(image, expected) == nil)
  }

  @Test("a file cut anywhere is refused", arguments: [0, 1, 2, 3])
  func cut(kind: Int) throws {
    var fixture = JPEGFixture(width: 20, height: 17, sampling: [(2, 1), (1, 1), (1, 1)], seed: 1)
    fixture.restartInterval = kind == 3 ? 2 : 0
    let file =
      kind == 1 ? fixture.progressive() : kind == 2 ? fixture.separateScans() : fixture.baseline()
    _ = try Image(decoding: file)
    for count in 0..<file.count {
      #expect(throws: PictureError.self) {
        try Image(decoding: Array(file[..<count]))
      }
    }
  }
}
