import Testing

@testable import ModelFile

@Suite("A model file may carry a sample and the digest of its detections")
struct SelfTestTests {
  private static let plain: [UInt8] = {
    var sample = RoundTripTests.everything()
    return sample.file()
  }()

  private static let pixels = (0..<5 * 3 * 3).map { UInt8(truncatingIfNeeded: $0 * 37) }

  private static let file: [UInt8] = {
    let aligned = AlignedFile(plain)
    return withExtendedLifetime(aligned) {
      try! aligned.model().fileWithSelfTest(
        height: 5,
        width: 3,
        pixels: pixels,
        digest: 0xFEDC_BA98_7654_3210,
        detections: 7
      )
    }
  }()

  /// The bytes of a section.
  private static func bytes(_ file: [UInt8], _ part: FileLayout.Section) -> ArraySlice<UInt8> {
    let entry = FileLayout.sectionTable + 16 * part.rawValue + 8
    let count = file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: entry, as: UInt64.self) }
    return file[section(file, part)...].prefix(Int(count))
  }

  /// Where the record begins: nine words before the end of the information section.
  private static var record: Int {
    let start = section(file, .information)
    let count = file.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: FileLayout.sectionTable + 8, as: UInt64.self)
    }
    return start + Int(count) - 9 * 4
  }

  @Test("what is added is read again, and the rest of the model is as before")
  func roundTrip() throws {
    let before = AlignedFile(Self.plain)
    let after = AlignedFile(Self.file)
    let (plain, model) = (try before.model(), try after.model())
    #expect(plain.information.selfTest == nil)
    let test = try #require(model.information.selfTest)
    #expect(test.height == 5)
    #expect(test.width == 3)
    #expect(test.digest == 0xFEDC_BA98_7654_3210)
    #expect(test.detections == 7)
    let pixels = model.elements(test.pixels, as: UInt8.self)
    #expect((0..<45).map { pixels[$0] } == Self.pixels)
    try model.verifyData()

    for part in [FileLayout.Section.values, .operations, .text] {
      #expect(Self.bytes(Self.file, part) == Self.bytes(Self.plain, part))
    }
    #expect(model.labels == ["cell", "плод"])
    withExtendedLifetime((before, after)) {}
  }

  @Test("one flipped bit anywhere in the structure is refused")
  func flips() {
    let dataOffset = section(Self.file, .data)
    for byte in 0..<dataOffset where !(FileLayout.dataChecksum..<40).contains(byte) {
      var damaged = Self.file
      damaged[byte] ^= 1 << UInt8(byte % 8)
      if refusal(damaged) == nil { Issue.record("byte \(byte) is not covered") }
    }
  }

  @Test("a damaged sample does not match the data's checksum")
  func damagedSample() throws {
    var damaged = Self.file
    damaged[damaged.count - FileLayout.dataPadding - 64] ^= 1
    let aligned = AlignedFile(damaged)
    let model = try aligned.model()
    #expect(throws: ModelError.self) { try model.verifyData() }
    withExtendedLifetime(aligned) {}
  }

  @Test(
    "records of another kind or version, and numbers out of range, are refused where they stand"
  )
  func numbers() {
    let refusals: [(word: Int, number: Int32, lowest: Int32, highest: Int32)] = [
      (0, 2, 1, 1), (1, 2, 1, 1), (2, 0, 1, 4096), (2, 4097, 1, 4096), (3, 0, 1, 4096),
      (6, -1, 0, .max),
    ]
    for (word, number, lowest, highest) in refusals {
      let offset = Self.record + 4 * word
      #expect(
        refusal(replaced(Self.file, at: offset, by: number))
          == .number(offset: offset, found: number, lowest: lowest, highest: highest)
      )
    }
  }

  @Test("pixels that are not those of the size, or lie outside of the data, are refused")
  func pixels() throws {
    let aligned = AlignedFile(Self.file)
    let pixels = try #require(try aligned.model().information.selfTest).pixels
    let section = Self.file.count - section(Self.file, .data)
    #expect(
      refusal(replaced(Self.file, at: Self.record + 8, by: 6))
        == .selfTest(height: 6, width: 3, offset: pixels.offset, count: 45, section: section)
    )
    #expect(
      refusal(replaced(Self.file, at: Self.record + 20, by: 44))
        == .selfTest(height: 5, width: 3, offset: pixels.offset, count: 44, section: section)
    )
    let outside = Int32(section / 64)
    #expect(
      refusal(replaced(Self.file, at: Self.record + 16, by: outside))
        == .selfTest(height: 5, width: 3, offset: section / 64 * 64, count: 45, section: section)
    )
    #expect(
      refusal(replaced(Self.file, at: Self.record + 16, by: Int32(pixels.offset / 64 - 1)))
        == .blobGap(offset: pixels.offset - 64, expected: pixels.offset)
    )
    withExtendedLifetime(aligned) {}
  }

  @Test("the digest is the format's checksum: another order or one other bit give another")
  func digest() {
    let numbers: [Int32] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    let changed: [Int32] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]
    let digests = [numbers, changed, numbers.reversed()].map { list in
      list.withUnsafeBytes { SelfTest.digest(of: $0) }
    }
    #expect(Set(digests).count == 3)
  }
}
