import CheckedJSON
import Deflate

/// The entries of a zip archive as PyTorch writes it, stored or deflated, with 64-bit lengths.
///
/// The directory at the end is what counts (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5). Stored
/// entries are used in place; deflated ones are unpacked when they are asked for, which is refused
/// before any memory is taken when an entry claims more than 1032 times its packed length (deflate
/// cannot do more) or all of them together more than 4 times the archive plus 16 MiB. Checksums are
/// compared where data are unpacked. Names are only looked up, never used as paths.
struct ZipArchive {
  /// Where an entry lies.
  struct Entry {
    fileprivate let method: UInt16
    fileprivate let flags: UInt16
    fileprivate let checksum: UInt32
    fileprivate let packedLength: UInt64
    /// The length when unpacked.
    let length: UInt64
    fileprivate let headerOffset: UInt64
  }

  /// The entries by name.
  private(set) var entries: [String: Entry] = [:]

  private let bytes: ByteView
  private var unpackedSoFar = 0

  private static let largestRatio: UInt64 = 1032

  /// Reads the directory.
  ///
  /// - Parameter bytes: the whole archive.
  /// - Throws: `ArchiveError`.
  init(_ bytes: ByteView) throws(ArchiveError) {
    self.bytes = bytes
    let end = try Self.findEndRecord(bytes)
    guard let offset = Int(exactly: end.directoryOffset),
      let length = Int(exactly: end.directoryLength),
      let directory = bytes.slice(at: offset, count: length), offset + length <= end.recordOffset
    else {
      throw .directoryOutside(
        offset: end.directoryOffset,
        length: end.directoryLength,
        available: bytes.count
      )
    }
    try readDirectory(directory, at: offset, count: end.entryCount)
  }

  /// The most bytes that all deflated entries together may unpack to.
  var unpackedLimit: Int { 4 * bytes.count + 16 << 20 }

  /// The contents of an entry.
  ///
  /// - Parameters:
  ///   - entry: from `entries`.
  ///   - name: its name, for errors.
  /// - Returns: its bytes, in place when they are stored.
  /// - Throws: `ArchiveError`.
  mutating func contents(of entry: Entry, name: String) throws(ArchiveError) -> ByteView {
    guard entry.flags & 1 == 0 else { throw .encrypted(name) }
    let (packed, start) = try packedData(of: entry, name: name)
    switch entry.method {
    case 0:
      guard entry.packedLength == entry.length else {
        throw .storedLength(name, packed: entry.packedLength, unpacked: entry.length)
      }
      return packed
    case 8:
      let ratioLimit = Int(clamping: UInt64(packed.count) * Self.largestRatio)
      let limit = min(ratioLimit, unpackedLimit - unpackedSoFar)
      guard let length = Int(exactly: entry.length), length <= limit else {
        throw .unpacksTooLarge(name, length: entry.length, limit: limit)
      }
      let unpacked: ByteView
      do throws(DeflateError) {
        unpacked = try unpack(start..<start + packed.count, byteCount: length)
      } catch {
        throw .inflate(name, error)
      }
      let checksum = unpacked.withUnsafeBytes {
        CRC32().checksum($0.bindMemory(to: UInt8.self).span, 0..<length)
      }
      guard checksum == entry.checksum else {
        throw .checksum(name, expected: entry.checksum, found: checksum)
      }
      unpackedSoFar += length
      return unpacked
    default: throw .unknownMethod(name, found: entry.method)
    }
  }

  private func unpack(_ range: Range<Int>, byteCount: Int) throws(DeflateError) -> ByteView {
    try ByteView(byteCount: byteCount) { target throws(DeflateError) in
      try bytes.withUnsafeBytes { bytes throws(DeflateError) in
        try Inflater.unpack(bytes.bindMemory(to: UInt8.self).span, in: range, into: &target)
      }
    }
  }

  /// The data of an entry as they lie in the archive, and where they begin.
  private func packedData(
    of entry: Entry,
    name: String
  ) throws(ArchiveError) -> (data: ByteView, start: Int) {
    guard let start = Int(exactly: entry.headerOffset),
      let header = bytes.slice(at: start, count: 30),
      let length = Int(exactly: entry.packedLength)
    else {
      throw .entryOutside(
        name,
        offset: entry.headerOffset,
        length: entry.packedLength,
        available: bytes.count
      )
    }
    guard header.integer(at: 0, as: UInt32.self) == 0x0403_4B50,
      let nameLength = header.integer(at: 26, as: UInt16.self),
      let extraLength = header.integer(at: 28, as: UInt16.self)
    else { throw .noRecord("entry", offset: start) }
    // A slice of 30 bytes was found, so these sums stay far below overflow.
    let dataStart = start + 30 + Int(nameLength) + Int(extraLength)
    let found = bytes.slice(at: start + 30, count: Int(nameLength)).map(Self.text) ?? ""
    guard found == name else { throw .nameMismatch(name, found: found) }
    guard let data = bytes.slice(at: dataStart, count: length) else {
      throw .entryOutside(
        name,
        offset: UInt64(dataStart),
        length: entry.packedLength,
        available: bytes.count
      )
    }
    return (data, dataStart)
  }

  private mutating func readDirectory(
    _ directory: ByteView,
    at start: Int,
    count: UInt64
  ) throws(ArchiveError) {
    var position = 0
    while position < directory.count {
      guard let fixed = directory.slice(at: position, count: 46),
        fixed.integer(at: 0, as: UInt32.self) == 0x0201_4B50,
        let nameLength = fixed.integer(at: 28, as: UInt16.self),
        let extraLength = fixed.integer(at: 30, as: UInt16.self),
        let commentLength = fixed.integer(at: 32, as: UInt16.self),
        let name = directory.slice(at: position + 46, count: Int(nameLength)),
        let extra = directory.slice(
          at: position + 46 + Int(nameLength),
          count: Int(extraLength)
        ),
        let flags = fixed.integer(at: 8, as: UInt16.self),
        let method = fixed.integer(at: 10, as: UInt16.self),
        let checksum = fixed.integer(at: 16, as: UInt32.self),
        let packedLength = fixed.integer(at: 20, as: UInt32.self),
        let length = fixed.integer(at: 24, as: UInt32.self),
        let headerOffset = fixed.integer(at: 42, as: UInt32.self)
      else { throw .noRecord("directory entry", offset: start + position) }
      var large = LargeNumbers(extra)
      // In this order, and only those that do not fit.
      let longLength = try large.replace(length, at: start + position)
      let longPackedLength = try large.replace(packedLength, at: start + position)
      let longOffset = try large.replace(headerOffset, at: start + position)
      let entry = Entry(
        method: method,
        flags: flags,
        checksum: checksum,
        packedLength: longPackedLength,
        length: longLength,
        headerOffset: longOffset
      )
      let text = Self.text(name)
      guard entries.updateValue(entry, forKey: text) == nil else { throw .duplicateEntry(text) }
      position += 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
    }
    guard UInt64(entries.count) == count else {
      throw .entryCount(expected: count, found: entries.count)
    }
  }

  private static func text(_ bytes: ByteView) -> String {
    bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// The 64-bit numbers that stand in an entry's extra field in place of those of 32 bits.
  private struct LargeNumbers {
    private var field: ByteView?
    private var position = 0

    init(_ extra: ByteView) {
      var start = 0
      while let kind = extra.integer(at: start, as: UInt16.self),
        let length = extra.integer(at: start + 2, as: UInt16.self)
      {
        if kind == 1 {
          field = extra.slice(at: start + 4, count: Int(length))
          return
        }
        start += 4 + Int(length)
      }
    }

    mutating func replace(_ number: UInt32, at offset: Int) throws(ArchiveError) -> UInt64 {
      guard number == .max else { return UInt64(number) }
      guard let large = field?.integer(at: position, as: UInt64.self) else {
        throw .noRecord("64-bit length", offset: offset)
      }
      position += 8
      return large
    }
  }
}

extension ZipArchive {
  /// Where the directory lies.
  private struct EndRecord {
    let entryCount: UInt64
    let directoryLength: UInt64
    let directoryOffset: UInt64
    let recordOffset: Int
  }

  /// Finds the end record, which a comment of up to 65535 bytes may follow.
  private static func findEndRecord(_ bytes: ByteView) throws(ArchiveError) -> EndRecord {
    var start = bytes.count - 22
    let last = max(0, bytes.count - 22 - 65535)
    while start >= last {
      if bytes.integer(at: start, as: UInt32.self) == 0x0605_4B50,
        let comment = bytes.integer(at: start + 20, as: UInt16.self),
        start + 22 + Int(comment) == bytes.count
      {
        break
      }
      start -= 1
    }
    guard start >= last, let count = bytes.integer(at: start + 10, as: UInt16.self),
      let length = bytes.integer(at: start + 12, as: UInt32.self),
      let offset = bytes.integer(at: start + 16, as: UInt32.self)
    else { throw .noEndRecord }
    guard bytes.integer(at: start - 20, as: UInt32.self) == 0x0706_4B50 else {
      return EndRecord(
        entryCount: UInt64(count),
        directoryLength: UInt64(length),
        directoryOffset: UInt64(offset),
        recordOffset: start
      )
    }
    guard let place = bytes.integer(at: start - 12, as: UInt64.self),
      let large = Int(exactly: place), let record = bytes.slice(at: large, count: 56),
      record.integer(at: 0, as: UInt32.self) == 0x0606_4B50,
      let largeCount = record.integer(at: 32, as: UInt64.self),
      let largeLength = record.integer(at: 40, as: UInt64.self),
      let largeOffset = record.integer(at: 48, as: UInt64.self)
    else { throw .noRecord("64-bit end record", offset: start - 20) }
    return EndRecord(
      entryCount: largeCount,
      directoryLength: largeLength,
      directoryOffset: largeOffset,
      recordOffset: large
    )
  }
}
