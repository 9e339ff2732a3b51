/// Archives as PyTorch writes them, and others that the format allows.
enum ZipSamples {
  /// An entry to be written.
  struct Entry {
    var name: String
    /// As it lies in the file.
    var bytes: [UInt8]
    /// 0 for stored, 8 for deflated.
    var method: UInt16 = 0
    /// The length when unpacked.
    var length: UInt32
    /// Of the unpacked data.
    var checksum: UInt32

    /// An entry that is stored.
    init(_ name: String, stored bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
      length = UInt32(bytes.count)
      checksum = edgedetr_fuzz.checksum(bytes)
    }

    /// An entry that is deflated.
    init(_ name: String, deflated bytes: [UInt8], length: UInt32, checksum: UInt32) {
      self.name = name
      self.bytes = bytes
      method = 8
      self.length = length
      self.checksum = checksum
    }
  }

  /// Entries one after the other, the directory and its end record.
  static func archive(_ entries: [Entry], comment: String = "", isLarge: Bool = false) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let start = UInt32(file.count)
      file.append(little: 0x0403_4B50 as UInt32)
      file += header(entry, extraLength: 0)
      file += entry.name.utf8
      file += entry.bytes
      directory.append(little: 0x0201_4B50 as UInt32)
      directory.append(little: 20 as UInt16)
      directory += header(entry, extraLength: 0)
      directory += [UInt8](repeating: 0, count: 10)
      directory.append(little: start)
      directory += entry.name.utf8
    }
    let start = file.count
    file += directory
    if isLarge { file += largeEnd(entries.count, directory.count, start) }
    file.append(little: 0x0605_4B50 as UInt32)
    file += [0, 0, 0, 0]
    file.append(little: isLarge ? UInt16.max : UInt16(entries.count))
    file.append(little: isLarge ? UInt16.max : UInt16(entries.count))
    file.append(little: isLarge ? UInt32.max : UInt32(directory.count))
    file.append(little: isLarge ? UInt32.max : UInt32(start))
    file.append(little: UInt16(comment.utf8.count))
    return file + comment.utf8
  }

  /// What the local header and the directory have in common.
  private static func header(_ entry: Entry, extraLength: UInt16) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: 20 as UInt16)
    bytes.append(little: 0 as UInt16)
    bytes.append(little: entry.method)
    bytes.append(little: 0 as UInt32)
    bytes.append(little: entry.checksum)
    bytes.append(little: UInt32(entry.bytes.count))
    bytes.append(little: entry.length)
    bytes.append(little: UInt16(entry.name.utf8.count))
    bytes.append(little: extraLength)
    return bytes
  }

  /// The end records with 64-bit numbers.
  private static func largeEnd(_ count: Int, _ length: Int, _ start: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: 0x0606_4B50 as UInt32)
    bytes.append(little: 44 as UInt64)
    bytes += [45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    for number in [count, count, length, start] { bytes.append(little: UInt64(number)) }
    bytes.append(little: 0x0706_4B50 as UInt32)
    bytes.append(little: 0 as UInt32)
    bytes.append(little: UInt64(start + length))
    bytes.append(little: 1 as UInt32)
    return bytes
  }

  static let all: [[UInt8]] = {
    let pickle = PickleSamples.checkpoint(isLegacy: false)
    let data = PickleSamples.storages.map { Entry("archive/data/\($0.key)", stored: $0.bytes) }
    let version = Entry("archive/version", stored: Array("3\n".utf8))
    let stored = [Entry("archive/data.pkl", stored: pickle), version] + data
    let packed = DeflateSamples.stored(pickle)
    let deflated = Entry(
      "archive/data.pkl",
      deflated: packed,
      length: UInt32(pickle.count),
      checksum: checksum(pickle)
    )
    return [
      archive(stored), archive([deflated, version] + data, comment: "a comment"),
      archive(stored, isLarge: true),
    ]
  }()

  static let words: [[UInt8]] =
    [
      "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "data.pkl",
      "archive/", "data/0", "../", "byteorder", "big", "version",
    ].map { Array($0.utf8) } + [[0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 16, 0]]
}
