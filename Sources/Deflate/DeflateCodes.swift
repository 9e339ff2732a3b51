/// The Huffman codes of a deflate block (RFC 1951, 3.2.2), laid out for decoding.
///
/// Codes come with their first bit in the lowest place. The next ten bits index `lookup`; codes of
/// eleven bits and more are found by comparison, length by length.
///
/// A word of either, from its lowest bit: four bits length of the code (0: longer than ten bits, or no
/// code), four bits number of extra bits, two bits kind, from bit 16 the value: the byte, or the
/// smallest length or distance.
struct DeflateCodes {
  /// What a code stands for, in place.
  enum Kind {
    static let literal: UInt32 = 0 << 8
    static let copy: UInt32 = 1 << 8
    static let end: UInt32 = 2 << 8
    /// A code that has a place in the tables but no meaning.
    static let invalid: UInt32 = 3 << 8
    static let mask: UInt32 = 3 << 8
  }

  static let lookupBits = 10

  private(set) var lookup: [UInt32]
  /// For each code length the number of codes.
  private var counts: InlineArray<16, Int> = .init(repeating: 0)
  /// The words of all codes in order.
  private var ordered: [UInt32]

  /// Builds the codes that belong to the lengths of all symbols.
  ///
  /// There are none (nil) when the lengths ask for more codes than there are, or for fewer; no code
  /// at all and a single code of one bit are allowed.
  ///
  /// - Parameters:
  ///   - lengths: the length of each symbol's code, 0 to 15, 0 for none.
  ///   - meaning: the word of each symbol, without the length of the code.
  init?(lengths: Span<UInt8>, meaning: (Int) -> UInt32) {
    var codeCount = 0
    for index in lengths.indices where lengths[index] > 0 {
      counts[Int(lengths[index])] += 1
      codeCount += 1
    }
    lookup = [UInt32](repeating: 0, count: 1 << Self.lookupBits)
    ordered = [UInt32](repeating: 0, count: codeCount)

    var left = 1
    var nextCodes: InlineArray<16, Int> = .init(repeating: 0)
    var nextPlaces: InlineArray<16, Int> = .init(repeating: 0)
    for length in 1...15 {
      left = left * 2 - counts[length]
      guard left >= 0 else { return nil }
      nextCodes[length] = (nextCodes[length - 1] + counts[length - 1]) << 1
      nextPlaces[length] = nextPlaces[length - 1] + counts[length - 1]
    }
    guard left == 0 || codeCount == 0 || (codeCount == 1 && counts[1] == 1) else { return nil }

    for symbol in lengths.indices where lengths[symbol] > 0 {
      let length = Int(lengths[symbol])
      let word = meaning(symbol) | UInt32(length)
      ordered[nextPlaces[length]] = word
      nextPlaces[length] += 1
      let code = nextCodes[length]
      nextCodes[length] += 1
      if length <= Self.lookupBits {
        var index = reversed(code, bits: length)
        while index < 1 << Self.lookupBits {
          lookup[index] = word
          index += 1 << length
        }
      }
    }
  }

  /// The word of a code of more than ten bits that the lowest bits of `bits` begin with, 0 when there
  /// is none.
  @inline(never)
  func longWord(_ bits: UInt64) -> UInt32 {
    var code = 0
    var first = 0
    var place = 0
    for length in 1...15 {
      code |= Int(truncatingIfNeeded: bits >> UInt64(length - 1)) & 1
      if code - first < counts[length] {
        return ordered[place + code - first]
      }
      place += counts[length]
      first = (first + counts[length]) << 1
      code <<= 1
    }
    return 0
  }

  /// The codes of literals and lengths.
  static func literals(lengths: Span<UInt8>) -> DeflateCodes? {
    DeflateCodes(lengths: lengths) { symbol in
      if symbol < 256 {
        return UInt32(symbol) << 16 | Kind.literal
      }
      if symbol == 256 {
        return Kind.end
      }
      guard symbol <= 285 else {
        return Kind.invalid
      }
      let length = deflateLength(symbol - 257)
      return UInt32(length.base) << 16 | Kind.copy | UInt32(length.extraBits) << 4
    }
  }

  /// The codes of distances.
  static func distances(lengths: Span<UInt8>) -> DeflateCodes? {
    DeflateCodes(lengths: lengths) { symbol in
      guard symbol <= 29 else {
        return Kind.invalid
      }
      let distance = deflateDistance(symbol)
      return UInt32(distance.base) << 16 | Kind.copy | UInt32(distance.extraBits) << 4
    }
  }
}

/// The smallest length that code 257 + `index` stands for, and the number of bits to add to it.
///
/// Example: index 8 is 11 and one bit; index 28, the last, is 258 and none.
func deflateLength(_ index: Int) -> (base: Int, extraBits: Int) {
  if index < 8 {
    return (3 + index, 0)
  }
  if index == 28 {
    return (258, 0)
  }
  let extraBits = index / 4 - 1
  return (3 + (4 + index % 4) << extraBits, extraBits)
}

/// The smallest distance that code `index` stands for, and the number of bits to add to it.
///
/// Example: index 4 is 5 and one bit; index 29, the last, is 24 577 and thirteen.
func deflateDistance(_ index: Int) -> (base: Int, extraBits: Int) {
  if index < 4 {
    return (1 + index, 0)
  }
  let extraBits = index / 2 - 1
  return (1 + (2 + index % 2) << extraBits, extraBits)
}

/// The order in which the lengths of the codes for code lengths stand (RFC 1951, 3.2.7).
let codeLengthOrder: InlineArray<19, Int> = [
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]

/// The lengths of the fixed codes (RFC 1951, 3.2.6): 288 for literals and lengths, 32 for distances.
func fixedCodeLengths() -> [UInt8] {
  [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
    + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8)
    + [UInt8](repeating: 5, count: 32)
}

/// The lowest `bits` bits in the opposite order.
func reversed(_ value: Int, bits: Int) -> Int {
  var value = value
  var result = 0
  for _ in 0..<bits {
    result = result << 1 | value & 1
    value >>= 1
  }
  return result
}
