/// Checked reading of numbers and signatures; nothing here can leave the span.
extension Span where Element == UInt8 {
  /// The 16-bit number at `offset`, nil when it does not lie inside.
  func uint16(at offset: Int, littleEndian: Bool = false) -> Int? {
    guard offset >= 0, offset <= count - 2 else { return nil }
    let first = Int(self[offset])
    let second = Int(self[offset + 1])
    return littleEndian ? second << 8 | first : first << 8 | second
  }

  /// The 32-bit number at `offset`, nil when it does not lie inside.
  func uint32(at offset: Int, littleEndian: Bool = false) -> UInt32? {
    guard offset >= 0, offset <= count - 4 else { return nil }
    var value: UInt32 = 0
    for index in 0..<4 {
      value = value << 8 | UInt32(self[littleEndian ? offset + 3 - index : offset + index])
    }
    return value
  }

  /// Whether the given bytes stand at the beginning.
  func starts(with expected: UInt8...) -> Bool {
    holds(expected, at: 0)
  }

  /// Whether the given bytes stand at `offset`.
  func holds(_ expected: UInt8..., at offset: Int) -> Bool {
    holds(expected, at: offset)
  }

  /// Whether the given bytes stand at `offset`.
  func holds(_ expected: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= count - expected.count else { return false }
    for index in expected.indices where self[offset + index] != expected[index] {
      return false
    }
    return true
  }
}
