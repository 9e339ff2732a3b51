import CheckedJSON

/// Unpacks data that were packed with deflate (RFC 1951).
///
/// - Parameters:
///   - packed: the packed data, without a header.
///   - length: how many bytes they must unpack to; no more memory than this is taken, beside 8 KiB.
/// - Returns: the unpacked data.
/// - Throws: `InflateError`.
func inflate(_ packed: ByteView, length: Int) throws(InflateError) -> [UInt8] {
  var inflater = Inflater(packed, limit: length)
  try inflater.run()
  guard inflater.output.count == length else {
    throw .tooShort(expected: length, found: inflater.output.count)
  }
  return inflater.output
}

/// The state of unpacking: bits read ahead, and what was unpacked so far.
private struct Inflater {
  private(set) var output: [UInt8] = []

  private let packed: ByteView
  private let limit: Int
  private var position = 0
  private var bits: UInt64 = 0
  private var bitCount = 0

  init(_ packed: ByteView, limit: Int) {
    self.packed = packed
    self.limit = limit
    output.reserveCapacity(limit)
  }

  mutating func run() throws(InflateError) {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored()
      case 1: try unpack(Self.fixedLiterals, Self.fixedDistances)
      case 2:
        let (literals, distances) = try readCodes()
        try unpack(literals, distances)
      default: throw .unknownBlock(offset: position)
      }
    }
  }

  private mutating func copyStored() throws(InflateError) {
    // What is left of the current byte is passed over; whole bytes read ahead are given back.
    position -= bitCount / 8
    bits = 0
    bitCount = 0
    guard let length = packed.integer(at: position, as: UInt16.self),
      let complement = packed.integer(at: position + 2, as: UInt16.self)
    else { throw .unexpectedEnd(offset: position) }
    guard length == ~complement else { throw .storedLength(offset: position) }
    guard let block = packed.slice(at: position + 4, count: Int(length)) else {
      throw .unexpectedEnd(offset: packed.count)
    }
    guard output.count + block.count <= limit else { throw .tooLong(limit: limit) }
    block.withUnsafeBytes { output.append(contentsOf: $0) }
    position += 4 + block.count
  }

  private mutating func unpack(
    _ literals: PrefixCode,
    _ distances: PrefixCode
  ) throws(InflateError) {
    while true {
      let symbol = try next(literals)
      if symbol < 256 {
        guard output.count < limit else { throw .tooLong(limit: limit) }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol < 286 else { throw .unknownSymbol(offset: position) }
      let (lengthBase, lengthBits) = Self.lengths[symbol - 257]
      let length = lengthBase + (try take(lengthBits))
      let distanceSymbol = try next(distances)
      guard distanceSymbol < 30 else { throw .unknownSymbol(offset: position) }
      let (distanceBase, distanceBits) = Self.distances[distanceSymbol]
      let distance = distanceBase + (try take(distanceBits))
      guard distance <= output.count else {
        throw .distanceTooFar(offset: position, distance: distance, available: output.count)
      }
      guard output.count + length <= limit else { throw .tooLong(limit: limit) }
      // What is copied may be what was just written, so byte by byte.
      var source = output.count - distance
      for _ in 0..<length {
        output.append(output[source])
        source += 1
      }
    }
  }

  /// Reads the codes of a block that brings its own.
  private mutating func readCodes() throws(InflateError) -> (PrefixCode, PrefixCode) {
    let literalCount = 257 + (try take(5))
    let distanceCount = 1 + (try take(5))
    let lengthCount = 4 + (try take(4))
    guard literalCount <= 286, distanceCount <= 30 else { throw .malformedCode(offset: position) }
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<lengthCount { codeLengths[Self.lengthOrder[index]] = UInt8(try take(3)) }
    guard let lengthCode = PrefixCode(codeLengths[...]) else {
      throw .malformedCode(offset: position)
    }
    var lengths: [UInt8] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try next(lengthCode)
      let (value, times): (UInt8, Int)
      switch symbol {
      case 0..<16: (value, times) = (UInt8(symbol), 1)
      case 16:
        guard let previous = lengths.last else { throw .malformedCode(offset: position) }
        (value, times) = (previous, 3 + (try take(2)))
      case 17: (value, times) = (0, 3 + (try take(3)))
      default: (value, times) = (0, 11 + (try take(7)))
      }
      lengths.append(contentsOf: repeatElement(value, count: times))
    }
    guard lengths.count == literalCount + distanceCount, lengths[256] != 0,
      let literals = PrefixCode(lengths[..<literalCount]),
      let distances = PrefixCode(lengths[literalCount...])
    else { throw .malformedCode(offset: position) }
    return (literals, distances)
  }

  private mutating func next(_ code: PrefixCode) throws(InflateError) -> Int {
    fill()
    guard let (symbol, length) = code.symbol(for: bits), length <= bitCount else {
      throw bitCount < 15 ? .unexpectedEnd(offset: position) : .unknownSymbol(offset: position)
    }
    bits >>= UInt64(length)
    bitCount -= length
    return symbol
  }

  private mutating func take(_ count: Int) throws(InflateError) -> Int {
    if count == 0 { return 0 }
    fill()
    guard count <= bitCount else { throw .unexpectedEnd(offset: position) }
    let value = bits & (1 << UInt64(count) - 1)
    bits >>= UInt64(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func fill() {
    while bitCount <= 48, let byte = packed.byte(at: position) {
      bits |= UInt64(byte) << UInt64(bitCount)
      bitCount += 8
      position += 1
    }
  }

  private static let lengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  /// The first length of each symbol from 257 on, and the bits to add (RFC 1951, 3.2.5).
  private static let lengths: [(Int, Int)] = {
    var table: [(Int, Int)] = []
    var base = 3
    for symbol in 0..<28 {
      let extra = max(0, symbol / 4 - 1)
      table.append((base, extra))
      base += 1 << extra
    }
    return table + [(258, 0)]
  }()

  /// The first distance of each symbol, and the bits to add.
  private static let distances: [(Int, Int)] = {
    var table: [(Int, Int)] = []
    var base = 1
    for symbol in 0..<30 {
      let extra = max(0, symbol / 2 - 1)
      table.append((base, extra))
      base += 1 << extra
    }
    return table
  }()

  private static let fixedLiterals: PrefixCode = {
    let lengths = (0..<288).map { UInt8($0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8) }
    return PrefixCode(lengths[...])!
  }()

  private static let fixedDistances = PrefixCode([UInt8](repeating: 5, count: 32)[...])!
}

/// A canonical prefix code of up to 15 bits: a table for codes of up to 9 bits, counting for longer.
private struct PrefixCode {
  private static let tableBits = 9

  // Symbol times 16 plus length; 0 where the code is longer or none.
  private var table = [UInt16](repeating: 0, count: 1 << tableBits)
  private var counts = [Int](repeating: 0, count: 16)
  private var symbols: [UInt16] = []

  /// Makes the code of the given lengths; `nil` when it has more codes than there is room for, or
  /// fewer and more than one.
  ///
  /// - Parameter lengths: for each symbol the bits of its code, 0 for none.
  init?(_ lengths: ArraySlice<UInt8>) {
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var room = 1
    for length in 1...15 {
      room = room * 2 - counts[length]
      if room < 0 { return nil }
    }
    let used = counts.reduce(0, +)
    // A single code of one bit is allowed for distances, and none where nothing is repeated.
    if room > 0 && used > 1 { return nil }
    var starts = [Int](repeating: 0, count: 16)
    for length in 1..<15 { starts[length + 1] = starts[length] + counts[length] }
    symbols = [UInt16](repeating: 0, count: used)
    var nextCode = [Int](repeating: 0, count: 16)
    for length in 2...15 { nextCode[length] = (nextCode[length - 1] + counts[length - 1]) << 1 }
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let length = Int(length)
      symbols[starts[length]] = UInt16(symbol)
      starts[length] += 1
      let code = nextCode[length]
      nextCode[length] += 1
      guard length <= Self.tableBits else { continue }
      var reversed = 0
      for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
      while reversed < table.count {
        table[reversed] = UInt16(symbol << 4 | length)
        reversed += 1 << length
      }
    }
  }

  /// The symbol whose code comes next.
  ///
  /// - Parameter bits: the next bits, the first in the lowest place, zeros after the end.
  /// - Returns: the symbol and the length of its code, or `nil` when no code matches.
  @inline(__always)
  func symbol(for bits: UInt64) -> (symbol: Int, length: Int)? {
    let entry = table[Int(bits & UInt64(table.count - 1))]
    if entry != 0 { return (Int(entry >> 4), Int(entry & 15)) }
    var code = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      code |= Int(bits >> UInt64(length - 1) & 1)
      let count = counts[length]
      if code - count < first { return (Int(symbols[index + code - first]), length) }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return nil
  }
}
