/// The checksum of PNG chunks and zip entries (ISO 3309, polynomial 0xEDB88320 reflected), eight bytes a step.
///
/// Example: the checksum of the bytes "IEND" is 0xAE426082.
public struct CRC32: Sendable {
  /// Table `k` holds what a byte contributes that `k` more bytes follow.
  private let tables: [UInt32]

  /// Computes the tables.
  public init() {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 {
        value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
      }
      tables[byte] = value
    }
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 255)]
    }
    self.tables = tables
  }

  /// The checksum of the bytes in `range`.
  ///
  /// - Parameters:
  ///   - bytes: a text that holds them.
  ///   - range: which of its bytes count.
  /// - Returns: the checksum.
  /// - Precondition: `range` lies inside `bytes`.
  public func checksum(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
    let tables = tables.span
    var value = UInt32.max
    var offset = range.lowerBound
    while range.upperBound - offset >= 8 {
      // The load is checked against the length of the span like any other.
      let word =
        UInt64(
          littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        )
        ^ UInt64(value)
      value = 0
      for index in 0..<8 {
        value ^=
          tables[(7 - index) * 256 + Int(truncatingIfNeeded: word >> UInt64(8 * index) & 255)]
      }
      offset += 8
    }
    while offset < range.upperBound {
      value = value >> 8 ^ tables[Int((value ^ UInt32(bytes[offset])) & 255)]
      offset += 1
    }
    return ~value
  }
}
