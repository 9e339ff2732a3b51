/// The bits of a scan.
///
/// Bits stand at the upper end of `buffer`. Reading stops before a marker; from there on zeros
/// follow, `bitCount` becomes negative, and whoever reads asks `isOverdrawn` after each block unit.
struct EntropyReader {
  /// The next byte to load: at or before the marker that ends the data.
  private(set) var position: Int
  private var buffer: UInt64 = 0
  /// How many bits of `buffer` are from the file; negative when more were taken than it had.
  private var bitCount = 0

  init(position: Int) {
    self.position = position
  }

  /// Whether bits were taken that the file does not have.
  var isOverdrawn: Bool { bitCount < 0 }

  /// Goes on at another place, with no bits left from before.
  mutating func restart(at position: Int) {
    self.position = position
    buffer = 0
    bitCount = 0
  }

  /// Makes at least 32 bits available, or all that are left before the marker.
  ///
  /// A Huffman code and its value bits take at most 31.
  @inline(__always)
  mutating func refill(_ bytes: Span<UInt8>) {
    if bitCount >= 32 {
      return
    }
    if bitCount >= 0, position <= bytes.count &- 8 {
      // The load is checked against the length of the span like any other.
      let word = UInt64(
        bigEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
      )
      // No byte of the eight is FF: no byte of the complement is 0.
      if (~word &- 0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 == 0 {
        buffer |= word &>> UInt64(truncatingIfNeeded: bitCount)
        let taken = (63 &- bitCount) >> 3
        position &+= taken
        bitCount &+= taken &* 8
        return
      }
    }
    refillSlowly(bytes)
  }

  /// Loads byte by byte, takes the zero out that follows a data byte FF, stops at a marker.
  @inline(never)
  private mutating func refillSlowly(_ bytes: Span<UInt8>) {
    while bitCount >= 0, bitCount <= 56, position < bytes.count {
      let byte = bytes[position]
      if byte == 0xFF {
        guard position + 1 < bytes.count, bytes[position + 1] == 0 else { return }
        position += 1
      }
      position += 1
      buffer |= UInt64(byte) << UInt64(56 - bitCount)
      bitCount += 8
    }
  }

  /// The next `count` bits, 1 to 16, which stay unread.
  @inline(__always)
  func peek(_ count: Int) -> Int {
    Int(truncatingIfNeeded: buffer &>> UInt64(truncatingIfNeeded: 64 &- count))
  }

  /// Takes `count` bits, 0 to 32.
  @inline(__always)
  mutating func skip(_ count: Int) {
    buffer = buffer &<< UInt64(truncatingIfNeeded: count)
    bitCount &-= count
  }

  /// Takes the next `count` bits, 1 to 16.
  @inline(__always)
  mutating func take(_ count: Int) -> Int {
    let bits = peek(count)
    skip(count)
    return bits
  }

  /// Takes one bit.
  @inline(__always)
  mutating func takeBit(_ bytes: Span<UInt8>) -> Bool {
    refill(bytes)
    return take(1) == 1
  }

  /// Takes the next code, for which `refill` has been called, and gives its word.
  ///
  /// The word is laid out as in ``HuffmanTable``; the bits that it counts are taken, value bits
  /// among them only where it holds the value.
  ///
  /// - Parameters:
  ///   - tables: the words of several tables.
  ///   - table: where the words of the wanted one begin.
  /// - Returns: the word, never 0.
  /// - Throws: ``JPEGError`` where the bits are no code.
  @inline(__always)
  mutating func takeCode(_ tables: Span<UInt32>, table: Int) throws(JPEGError) -> UInt32 {
    let word = tables[table &+ peek(HuffmanTable.lookupBits)]
    if word != 0 {
      skip(Int(truncatingIfNeeded: word & 0xFF))
      return word
    }
    return try takeLongCode(tables, table: table)
  }

  /// Takes a code that is longer than the lookup.
  @inline(never)
  private mutating func takeLongCode(
    _ tables: Span<UInt32>,
    table: Int
  ) throws(JPEGError) -> UInt32 {
    let bits = peek(16)
    for place in 0..<6 where bits < Int(tables[table + HuffmanTable.limits + place]) {
      let length = HuffmanTable.lookupBits + 1 + place
      let index =
        UInt32(bits >> (16 - length)) &+ tables[table + HuffmanTable.symbolOffsets + place]
      let symbol = tables[table + HuffmanTable.symbols + Int(index & 255)]
      skip(length)
      return UInt32(length) | (symbol & 15) << 8 | (symbol >> 4) << 12
    }
    throw .badCode(offset: position)
  }

  /// The value of a word: its own, or that of the next `size` bits.
  @inline(__always)
  mutating func takeValue(_ word: UInt32, size: Int) -> Int {
    let known = Int32(bitPattern: word) >> 16
    return known != 0 ? Int(known) : extend(take(size), bits: size)
  }
}
