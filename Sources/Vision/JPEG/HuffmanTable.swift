/// A Huffman table of a JPEG, laid out for decoding in one run of words.
///
/// The next ten bits of a scan index the first 1024 words. Where they hold a whole code, the word
/// tells its symbol (run of zeros, number of value bits); where they hold the value bits as well, it
/// tells the value too. Codes of eleven bits and more are found by comparison with the last code of
/// their length, all lengths at the left edge of 16 bits.
///
/// A word of the first part, from its lowest bit: eight bits how many bits it takes (0: the code is
/// longer), four bits number of value bits, four bits run, sixteen bits value (0: not in the word).
struct HuffmanTable: Sendable {
  /// The number of bits that index the first part.
  static let lookupBits = 10
  /// Where, for each code length from 11, the first 16-bit pattern behind its codes stands.
  static let limits = 1 << lookupBits
  /// Where, for each code length from 11, the number stands that makes a code the index of its
  /// symbol by addition (wrapping).
  static let symbolOffsets = limits + 6
  /// Where the symbols stand.
  static let symbols = symbolOffsets + 6
  /// The number of words of a table.
  static let wordCount = symbols + 256

  private(set) var words: [UInt32]

  /// Builds a table from the number of codes of each length 1 to 16 and their symbols.
  ///
  /// - Parameters:
  ///   - counts: 16 numbers.
  ///   - symbols: as many symbols as `counts` has codes.
  ///   - forDC: whether symbols are the sizes of DC differences, which end at 15.
  ///   - offset: where the table stands, for errors.
  /// - Throws: ``JPEGError`` where there are too many codes or a symbol makes no sense.
  init(counts: [Int], symbols: [UInt8], forDC: Bool, offset: Int) throws(JPEGError) {
    guard symbols.count <= 256 else {
      throw .huffmanSymbol(offset: offset)
    }
    for symbol in symbols where forDC && symbol > 15 {
      throw .huffmanSymbol(offset: offset)
    }
    words = [UInt32](repeating: 0, count: Self.wordCount)
    for index in symbols.indices {
      words[Self.symbols + index] = UInt32(symbols[index])
    }

    try Self.check(counts: counts, offset: offset)
    var code = 0
    var index = 0
    for length in 1...16 {
      let first = code
      code += counts[length - 1]
      if length <= Self.lookupBits {
        for code in first..<code {
          fill(code: code, length: length, symbol: symbols[index + code - first])
        }
      } else {
        let place = length - Self.lookupBits - 1
        words[Self.limits + place] = UInt32(code << (16 - length))
        words[Self.symbolOffsets + place] = UInt32(truncatingIfNeeded: index - first)
      }
      index += counts[length - 1]
      code <<= 1
    }
  }

  /// Makes sure that there are no more codes of a length than the shorter ones leave.
  ///
  /// The code of all ones stays free: a valid table never has it.
  static func check(counts: [Int], offset: Int) throws(JPEGError) {
    var code = 0
    for length in 1...16 {
      code += counts[length - 1]
      guard code < 1 << length else {
        throw .huffmanOverfull(length: length, offset: offset)
      }
      code <<= 1
    }
  }

  /// Writes all words whose bits begin with a code.
  private mutating func fill(code: Int, length: Int, symbol: UInt8) {
    let free = Self.lookupBits - length
    let size = Int(symbol & 15)
    for rest in 0..<1 << free {
      var word = UInt32(length) | UInt32(size) << 8 | UInt32(symbol >> 4) << 12
      if size > 0, size <= free {
        let value = extend(rest >> (free - size), bits: size)
        word = UInt32(length + size) | UInt32(size) << 8 | UInt32(symbol >> 4) << 12
        word |= UInt32(UInt16(bitPattern: Int16(value))) << 16
      }
      words[code << free | rest] = word
    }
  }
}

/// The value that `bits` value bits stand for (ITU-T T.81, EXTEND): a leading 0 means a negative
/// number.
///
/// Example: of three bits, 100 is 4 and 011 is -4.
@inline(__always)
func extend(_ value: Int, bits: Int) -> Int {
  value < 1 &<< (bits &- 1) ? value &- (1 &<< bits) &+ 1 : value
}
