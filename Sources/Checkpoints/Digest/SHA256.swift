import CheckedJSON

/// The digest SHA-256 of FIPS 180-4, so that a model can name the files that it was made from.
///
///     var digest = SHA256()
///     digest.add(Array("abc".utf8))
///     digest.text     // "ba7816bf…15ad", as `sha256sum` prints it
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
    0x5BE0_CD19,
  ]
  private var schedule = [UInt32](repeating: 0, count: 64)
  /// Bytes that fill no block yet.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0

  public init() {}

  /// Adds bytes behind those that were added before.
  public mutating func add(_ bytes: [UInt8]) { addBytes(bytes) }

  /// Adds the bytes of a view.
  public mutating func add(_ view: ByteView) { view.withUnsafeBytes { addBytes($0) } }

  private mutating func addBytes(_ bytes: some RandomAccessCollection<UInt8>) {
    byteCount += UInt64(bytes.count)
    var next = bytes.startIndex
    while next < bytes.endIndex {
      let count = min(64 - rest.count, bytes.distance(from: next, to: bytes.endIndex))
      let end = bytes.index(next, offsetBy: count)
      rest += bytes[next..<end]
      next = end
      if rest.count == 64 {
        addBlock()
        rest.removeAll(keepingCapacity: true)
      }
    }
  }

  /// The 32 bytes of the digest of everything added so far.
  public var bytes: [UInt8] {
    var last = self
    let bitCount = byteCount &* 8
    last.add([0x80])
    last.add([UInt8](repeating: 0, count: (120 - last.rest.count) % 64))
    last.add((0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64($0))) })
    return last.state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
  }

  /// The digest as 64 hexadecimal digits.
  public var text: String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  private mutating func addBlock() {
    for index in 0..<16 {
      schedule[index] =
        UInt32(rest[index * 4]) << 24 | UInt32(rest[index * 4 + 1]) << 16
        | UInt32(rest[index * 4 + 2]) << 8 | UInt32(rest[index * 4 + 3])
    }
    for index in 16..<64 {
      let (early, late) = (schedule[index - 15], schedule[index - 2])
      let small = Self.rotated(early, 7) ^ Self.rotated(early, 18) ^ (early >> 3)
      let large = Self.rotated(late, 17) ^ Self.rotated(late, 19) ^ (late >> 10)
      schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let mixed = Self.rotated(e, 6) ^ Self.rotated(e, 11) ^ Self.rotated(e, 25)
      let first = h &+ mixed &+ ((e & f) ^ (~e & g)) &+ Self.constants[index] &+ schedule[index]
      let turned = Self.rotated(a, 2) ^ Self.rotated(a, 13) ^ Self.rotated(a, 22)
      let second = turned &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() {
      state[index] = state[index] &+ word
    }
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, computed
  /// from that definition.
  private static let constants: [UInt32] = {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { prime in
      // The greatest root with root³ ≤ prime · 2⁹⁶; its lower 32 bits are the fraction.
      var root: UInt64 = 0
      for bit in stride(from: 35, through: 0, by: -1) {
        let trial = root | 1 << UInt64(bit)
        let square = trial.multipliedFullWidth(by: trial)
        let low = square.low.multipliedFullWidth(by: trial)
        let high = square.high * trial + low.high
        if high < prime << 32 || (high == prime << 32 && low.low == 0) { root = trial }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }()
}
