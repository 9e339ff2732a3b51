import Testing

@testable import Vision

@Suite("PNM")
struct PortableMapTests {
  private func file(_ header: String, _ samples: [UInt8]) -> [UInt8] {
    Array(header.utf8) + samples
  }

  @Test("headers with comments and any white space are read")
  func headers() throws {
    let samples: [UInt8] = [1, 2, 3, 4, 5, 6]
    let expected = Image(width: 2, height: 1, pixels: samples)
    let headers = [
      "P6 2 1 255 ", "P6\n2 1\n255\n", "P6\n# made\n2 # wide\n1\t\r255\n", "P6#x\n2 1 255\n",
      "P6\n#\n#\n  2\n1 255\r", "P6 002 01 0255 ",
    ]
    for header in headers {
      #expect(try Image(decoding: file(header, samples)) == expected, "\(header)")
    }
    #expect(try Image(decoding: file("P6 2 1 255 ", samples + [9, 9])) == expected)
  }

  @Test("gray becomes three equal channels")
  func gray() throws {
    #expect(
      try Image(decoding: file("P5 3 1 255 ", [0, 128, 255])).pixels
        == [0, 0, 0, 128, 128, 128, 255, 255, 255]
    )
  }

  @Test("samples of any maximum are scaled as Python's round() does")
  func scaling() {
    for maximum in (1...300).map({ $0 }) + [1023, 4095, 9999, 32_767, 65_534, 65_535] {
      for sample in stride(from: 0, through: maximum, by: max(1, maximum / 300)) {
        for range in [255, 65_535] {
          let expected = (Double(sample) / Double(maximum) * Double(range))
            .rounded(.toNearestOrEven)
          #expect(rescale(sample, maximum: maximum, to: range) == Int(expected))
        }
      }
    }
    #expect(rescale(50, maximum: 100, to: 255) == 128)
    #expect(rescale(1, maximum: 6, to: 255) == 42)
    #expect(rescale(9, maximum: 3, to: 255) == 255)
  }

  @Test("samples of two bytes are read, the high one first")
  func wideSamples() throws {
    #expect(
      try Image(decoding: file("P6 1 1 65535 ", [0xFF, 0xFF, 0x80, 0x80, 0, 0])).pixels
        == [255, 128, 0]
    )
    #expect(
      try Image(decoding: file("P5 1 1 65535 ", [0x12, 0xFF])).pixels == [0x12, 0x12, 0x12]
    )
    #expect(
      try Image(decoding: file("P5 1 1 1023 ", [0x03, 0xFF])).pixels == [255, 255, 255]
    )
  }

  @Test("what is written is read again")
  func roundTrip() throws {
    for (width, height) in [(1, 1), (10, 9), (100, 1), (123, 45)] {
      let image = Image(
        width: width,
        height: height,
        pixels: (0..<width * height * 3).map { UInt8($0 & 255) }
      )
      #expect(try Image(decoding: image.encodedPPM()) == image)
    }
  }

  @Test("each way to be wrong has its error")
  func errors() {
    func error(_ bytes: [UInt8]) -> PictureError? {
      do {
        _ = try Image(decoding: bytes)
        return nil
      } catch {
        return error
      }
    }
    #expect(
      error(file("P4 1 1 ", [0]))
        == .portableMap(.unsupportedVariant(digit: UInt8(ascii: "4")))
    )
    #expect(error(file("P6 1 1", [])) == .portableMap(.headerEnds(offset: 6)))
    #expect(error(file("P6 ", [])) == .portableMap(.headerEnds(offset: 3)))
    #expect(
      error(file("P6 -1 1 255 ", [0]))
        == .portableMap(.notANumber(offset: 3, byte: UInt8(ascii: "-")))
    )
    #expect(
      error(file("P6 1000000000 1 255 ", [0])) == .portableMap(.numberTooLong(offset: 3))
    )
    #expect(error(file("P6 1 1 0 ", [0, 0, 0])) == .portableMap(.maximumOutOfRange(found: 0)))
    #expect(
      error(file("P6 1 1 65536 ", [0, 0, 0])) == .portableMap(.maximumOutOfRange(found: 65_536))
    )
    #expect(
      error(file("P6 2 1 255 ", [0, 0, 0]))
        == .portableMap(.tooFewSamples(offset: 11, neededBytes: 6, foundBytes: 3))
    )
    #expect(error(file("P5 0 1 255 ", [])) == .noPixels(width: 0, height: 1))
  }
}
