import CheckedJSON
import Deflate
import Foundation
import Testing

@testable import Checkpoints

@Suite struct ArchiveTests {
  private func expect(
    _ message: String,
    _ bytes: [UInt8],
    entry: String? = nil,
    location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ArchiveError.self, sourceLocation: location) {
      var archive = try ZipArchive(ByteView(bytes))
      if let entry {
        _ = try archive.contents(of: #require(archive.entries[entry]), name: entry)
      }
    }
    #expect(error?.description == message, sourceLocation: location)
  }

  @Test("every way of packing is unpacked")
  func packed() throws {
    // The formulas of make.py.
    var noise: [UInt8] = []
    for index in 0..<20000 {
      let number = index * index * 31 + (index >> 3) * 7
      noise.append(UInt8(number % 251))
    }
    var runs: [UInt8] = []
    for index in 0..<300 {
      runs += [UInt8](repeating: UInt8(index % 256), count: index % 300)
    }
    let expected = ["noise": noise, "runs": runs, "empty": [], "one": [0x78]]
    var archive = try ZipArchive(ByteView(try Fixtures.bytes("packed.zip")))
    #expect(archive.entries.count == 24)
    for (name, entry) in archive.entries {
      let contents = try archive.contents(of: entry, name: name)
      let content = name.split(separator: "-").first.map(String.init) ?? ""
      #expect(contents.withUnsafeBytes { [UInt8]($0) } == expected[content], "\(name)")
    }
  }

  @Test("an archive changed anywhere is read, with the right checksums, or refused")
  func damaged() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("ArchiveTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let file = try Fixtures.bytes("packed.zip")
    let whole = try ZipArchive(ByteView(file)).entries
    for _ in 0..<300 {
      var changed = file
      let index = Int.random(in: 0..<changed.count, using: &generator)
      changed[index] = UInt8.random(in: 0...255, using: &generator)
      guard var archive = try? ZipArchive(ByteView(changed)) else { continue }
      for (name, entry) in archive.entries where whole[name] != nil {
        guard let contents = try? archive.contents(of: entry, name: name) else { continue }
        #expect(contents.count == Int(entry.length))
      }
    }
  }

  @Test("each fault of an archive has its error")
  func archiveErrors() throws {
    let good = zipArchive([("a", [1, 2, 3]), ("b", [])])
    var archive = try ZipArchive(ByteView(good))
    let entry = try #require(archive.entries["a"])
    #expect(
      try archive.contents(of: entry, name: "a").withUnsafeBytes { [UInt8]($0) } == [1, 2, 3]
    )
    // A comment may follow.
    var commented = good + Array("hello".utf8)
    commented[good.count - 2] = 5
    #expect(try ZipArchive(ByteView(commented)).entries.count == 2)

    let end = good.count - 22
    let directory = end - 47 - 47
    func changed(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
      var copy = good
      copy.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      return copy
    }
    expect("expected a zip end record, found none: the archive is cut off", Array(good.dropLast()))
    expect("expected a zip end record, found none: the archive is cut off", [])
    expect(
      "the zip directory needs bytes 9999 and 94 more, the file holds \(good.count)",
      changed(end + 16, littleEndian(UInt32(9999)))
    )
    expect("expected 3 zip entries, found 2", changed(end + 10, [3]))
    expect(
      "byte \(directory): expected a zip directory entry, found something else",
      changed(directory, [0])
    )
    expect(
      "byte \(directory): expected a zip 64-bit length, found something else",
      changed(directory + 24, [255, 255, 255, 255])
    )
    expect(
      "entry 'a': expected once, found twice",
      changed(directory + 47 + 46, Array("a".utf8))
    )
    expect(
      "entry 'a': expected its name before its data, found 'x'",
      changed(30, Array("x".utf8)),
      entry: "a"
    )
    expect("byte 0: expected a zip entry, found something else", changed(0, [0]), entry: "a")
    expect(
      "entry 'a': needs 60000 bytes from byte 31 on, the file holds \(good.count)",
      changed(directory + 20, littleEndian(UInt32(60000))),
      entry: "a"
    )
    expect(
      "entry 'a': needs 3 bytes from byte 60000 on, the file holds \(good.count)",
      changed(directory + 42, littleEndian(UInt32(60000))),
      entry: "a"
    )
    expect(
      "entry 'a': expected plain data, found encrypted data",
      changed(directory + 8, [1]),
      entry: "a"
    )
    expect(
      "entry 'a': expected method 0 (stored) or 8 (deflated), found 12",
      changed(directory + 10, [12]),
      entry: "a"
    )
    expect(
      "entry 'a': expected one length of stored data, found 3 and 4",
      changed(directory + 24, [4]),
      entry: "a"
    )
    expect(
      "entry 'a': expected at most 3096 bytes when unpacked, found 65535",
      changed(directory + 10, [8]).replacing(directory + 24, littleEndian(UInt32(65535))),
      entry: "a"
    )
    expect(
      "entry 'a': byte 34: expected more packed data, found their end",
      changed(directory + 10, [8]).replacing(31, [0]),
      entry: "a"
    )
    // Fixed code, end of block: nothing, whose checksum is 0.
    let empty = changed(directory + 10, [8]).replacing(31, [3, 0, 0])
      .replacing(directory + 24, [0])
    expect(
      "entry 'a': expected checksum 7, found 0",
      empty.replacing(directory + 16, [7]),
      entry: "a"
    )
  }
}

extension [UInt8] {
  fileprivate func replacing(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
    var copy = self
    copy.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    return copy
  }
}
