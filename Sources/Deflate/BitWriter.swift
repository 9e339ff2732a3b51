/// Writes bits, the lowest first, into bytes.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var buffer: UInt64 = 0
  private var bitCount = 0

  /// The number of bits written so far.
  var count: Int { bytes.count * 8 + bitCount }

  /// Appends the lowest `count` bits, 0 to 32; those above have to be 0.
  mutating func write(_ bits: Int, count: Int) {
    buffer |= UInt64(truncatingIfNeeded: bits) &<< UInt64(truncatingIfNeeded: bitCount)
    bitCount &+= count
    while bitCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: buffer))
      buffer = buffer &>> 8
      bitCount &-= 8
    }
  }

  /// Fills the last byte up with zeros.
  mutating func fillByte() {
    if bitCount > 0 {
      write(0, count: 8 - bitCount)
    }
  }

  /// Appends a byte; the last one has to be full.
  mutating func write(byte: UInt8) {
    bytes.append(byte)
  }
}
