/// The checksum of zip: CRC-32 with the reflected polynomial 0xEDB88320 (ISO 3309).
///
/// - Parameter bytes: the data; those of "123456789" give 0xCBF43926.
/// - Returns: the checksum.
func cyclicRedundancyCheck(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(0xFFFF_FFFF) { sum, byte in
    checksumTable[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
  }
}

private let checksumTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
}
