/// Reads the 32-bit little-endian words of a section, each access checked.
struct WordReader {
  let bytes: UnsafeRawBufferPointer
  /// Place of the section in the file, for errors.
  let base: Int
  private(set) var next: Int
  let end: Int

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - base: where the words start.
  ///   - count: how many there are; the caller has checked that they lie in the file.
  init(bytes: UnsafeRawBufferPointer, base: Int, count: Int) {
    self.bytes = bytes
    self.base = base
    next = base
    end = base + count * 4
  }

  var isAtEnd: Bool { next >= end }
  var remainingWords: Int { (end - next) / 4 }

  mutating func word() throws(ModelError) -> Int32 {
    guard end - next >= 4 else {
      throw .words(offset: next, needed: 1, available: remainingWords)
    }
    // Inside `bytes`: base and end were checked against the file's length.
    let word = bytes.loadUnaligned(fromByteOffset: next, as: UInt32.self)
    next += 4
    return Int32(bitPattern: UInt32(littleEndian: word))
  }

  /// A word within bounds, as an Int.
  mutating func number(_ bounds: ClosedRange<Int32>) throws(ModelError) -> Int {
    let offset = next
    let word = try word()
    guard bounds.contains(word) else {
      throw .number(
        offset: offset,
        found: word,
        lowest: bounds.lowerBound,
        highest: bounds.upperBound
      )
    }
    return Int(word)
  }

  mutating func doubleWord() throws(ModelError) -> UInt64 {
    let low = UInt32(bitPattern: try word())
    let high = UInt32(bitPattern: try word())
    return UInt64(high) << 32 | UInt64(low)
  }

  /// A reader for the next `count` words, which are skipped here.
  mutating func part(words count: Int) throws(ModelError) -> WordReader {
    guard count >= 0, count <= remainingWords else {
      throw .words(offset: next, needed: count, available: remainingWords)
    }
    let part = WordReader(bytes: bytes, base: next, count: count)
    next += count * 4
    return part
  }
}

/// Collects the words of a section.
struct WordWriter {
  private(set) var words: [Int32] = []

  mutating func word(_ word: Int32) { words.append(word) }
  mutating func number(_ number: Int) { words.append(Int32(number)) }
  mutating func doubleWord(_ number: UInt64) {
    words.append(Int32(truncatingIfNeeded: number))
    words.append(Int32(truncatingIfNeeded: number >> 32))
  }
}
