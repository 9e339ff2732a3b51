/// Bits, the lowest first, of data that lie in several pieces of a file.
struct PieceReader {
  private let pieces: [Range<Int>]
  private var piece = 0
  /// The next byte to load.
  private(set) var position: Int
  private var pieceEnd: Int
  private(set) var buffer: UInt64 = 0
  /// How many bits of `buffer` are from the file; negative when more were taken than it had.
  private(set) var bitCount = 0

  /// - Precondition: there is at least one piece, and all lie inside the file.
  init(_ pieces: [Range<Int>]) {
    self.pieces = pieces
    position = pieces[0].lowerBound
    pieceEnd = pieces[0].upperBound
  }

  /// Whether bits were taken that the file does not have.
  var isOverdrawn: Bool { bitCount < 0 }

  /// Makes at least 56 bits available, or all that are left; zeros follow those.
  @inline(__always)
  mutating func refill(_ bytes: Span<UInt8>) {
    if bitCount >= 0, pieceEnd &- position >= 8 {
      // The load is checked against the length of the span like any other.
      let word = UInt64(
        littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
      )
      buffer |= word &<< UInt64(truncatingIfNeeded: bitCount)
      let taken = (63 &- bitCount) >> 3
      position &+= taken
      bitCount &+= taken &* 8
      return
    }
    refillSlowly(bytes)
  }

  @inline(never)
  private mutating func refillSlowly(_ bytes: Span<UInt8>) {
    while bitCount >= 0, bitCount < 56 {
      while position == pieceEnd {
        piece += 1
        guard piece < pieces.count else {
          // Keep later calls short.
          piece = pieces.count - 1
          return
        }
        position = pieces[piece].lowerBound
        pieceEnd = pieces[piece].upperBound
      }
      buffer |= UInt64(bytes[position]) << UInt64(bitCount)
      position += 1
      bitCount += 8
    }
  }

  /// Takes `count` bits, 0 to 32, that `refill` has made available.
  @inline(__always)
  mutating func take(_ count: Int) -> Int {
    let bits = Int(truncatingIfNeeded: buffer & (1 &<< UInt64(truncatingIfNeeded: count) &- 1))
    skip(count)
    return bits
  }

  /// Drops `count` bits, 0 to 32.
  @inline(__always)
  mutating func skip(_ count: Int) {
    buffer = buffer &>> UInt64(truncatingIfNeeded: count)
    bitCount &-= count
  }

  /// Drops the bits that are left of a byte.
  mutating func skipToByte() {
    skip(bitCount & 7)
  }
}
