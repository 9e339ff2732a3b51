/// Places and constants of the file format; all numbers are little-endian. The page `FileFormat` of the
/// documentation has every field.
///
///      0  magic "edetr" 0 CR LF
///      8  version                  uint32
///     12  number of sections       uint32
///     16  length of the file       uint64
///     24  structure checksum       uint64   over the bytes 8…23 and 32… up to the data section
///     32  data checksum            uint64   over the data section
///     40  sections: offset, length uint64 each: information, values, operations, text, data
///    128  the sections in this order, each from a 64-byte boundary on, zeros between
///
/// The data section ends with 64 bytes of zeros behind its last array, so that kernels may read
/// whole vectors of any array in place.
enum FileLayout {
  static let magic: [UInt8] = [0x65, 0x64, 0x65, 0x74, 0x72, 0x00, 0x0D, 0x0A]
  static let version: UInt32 = 1
  static let headerBytes = 128
  static let sectionTable = 40
  static let structureChecksum = 24
  static let dataChecksum = 32
  static let alignment = 64
  /// Bytes behind the last array.
  static let dataPadding = 64

  enum Section: Int, CaseIterable {
    case information, values, operations, text, data
  }

  /// Words of one record of the values section.
  static let valueWords = 8

  /// The next multiple of the alignment; `offset` is far below the greatest Int.
  static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

  /// A 64-bit checksum of bytes, eight at a time, the last ones filled up with zeros.
  ///
  ///     h = (h ^ word) · 0x9E3779B97F4A7C15;  h = h ^ (h >> 29)
  ///
  /// It finds damage, it is no signature: validation never relies on it.
  static func checksum(
    _ bytes: UnsafeRawBufferPointer,
    seed: UInt64 = 0x6564_6574_7200_0D0A
  ) -> UInt64 {
    var hash = seed
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      offset += 8
    }
    if offset < bytes.count {
      var word: UInt64 = 0
      var shift: UInt64 = 0
      while offset < bytes.count {
        word |= UInt64(bytes[offset]) << shift
        shift += 8
        offset += 1
      }
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return hash
  }

  /// A file of sections in their order, with header and checksums.
  static func file(sections: [[UInt8]]) -> [UInt8] {
    var file = [UInt8](repeating: 0, count: headerBytes)
    file.replaceSubrange(0..<8, with: magic)
    put(UInt64(version) | UInt64(sections.count) << 32, in: &file, at: 8)
    var dataOffset = file.count
    for (index, section) in sections.enumerated() {
      file += [UInt8](repeating: 0, count: aligned(file.count) - file.count)
      dataOffset = file.count
      put(UInt64(file.count), in: &file, at: sectionTable + index * 16)
      put(UInt64(section.count), in: &file, at: sectionTable + index * 16 + 8)
      file += section
    }
    put(UInt64(file.count), in: &file, at: 16)
    let data = file.withUnsafeBytes { bytes in
      checksum(UnsafeRawBufferPointer(rebasing: bytes[dataOffset...]))
    }
    put(data, in: &file, at: dataChecksum)
    let structure = file.withUnsafeBytes { Model.structureChecksum($0, dataOffset: dataOffset) }
    put(structure, in: &file, at: structureChecksum)
    return file
  }

  private static func put(_ number: UInt64, in bytes: inout [UInt8], at offset: Int) {
    for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
  }
}
