/// Unpacks a deflate stream (RFC 1951), bare or as zlib frames it (RFC 1950), on demand.
///
/// What is unpacked passes through a window of fixed size, of which the last 32 768 bytes serve
/// copies, so that a stream that claims gigabytes takes no more memory or time than what is asked of
/// it. The checksum at the end of a zlib stream is not read.
///
///     var inflater = try Inflater(file, data: [range], framing: .zlib)
///     let filter = try inflater.takeByte(file)
///     try inflater.take(file, into: &row, from: 0)
///
/// For a stream whose unpacked length is known and that is wanted whole, see ``unpack(_:in:into:)``.
public struct Inflater {
  /// What stands around a stream.
  public enum Framing: Sendable {
    /// Nothing, as in a zip archive.
    case bare
    /// A header of two bytes and a checksum, as in a PNG.
    case zlib
  }

  /// What one inflater holds: the window and the codes.
  public static let memoryByteCount = windowSize + 16_384

  /// How far back a copy can reach.
  private static let reach = 32_768
  private static let windowSize = 3 * reach
  private static let longestCopy = 258

  private enum State: Equatable {
    case beforeBlock
    case stored(left: Int)
    case coded
    case ended
  }

  private var reader: PieceReader
  private var state = State.beforeBlock
  private var isLastBlock = false
  private var literals: DeflateCodes?
  private var distances: DeflateCodes?
  private var window: [UInt8]
  /// The first byte of the window that nobody has taken.
  private var taken = 0
  /// The end of what is unpacked.
  private var filled = 0

  /// Begins a stream; reads its header where it has one.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - data: where the stream stands in it, at least one piece.
  ///   - framing: what stands around it.
  /// - Precondition: all pieces lie inside the file.
  /// - Throws: ``DeflateError`` when that is no zlib header, or one that asks for a dictionary.
  public init(
    _ bytes: Span<UInt8>,
    data: [Range<Int>],
    framing: Framing
  ) throws(DeflateError) {
    reader = PieceReader(data)
    window = [UInt8](repeating: 0, count: Self.windowSize)
    guard framing == .zlib else { return }
    let offset = reader.position
    reader.refill(bytes)
    let method = reader.take(8)
    let flags = reader.take(8)
    if reader.isOverdrawn {
      throw .dataEnd(offset: reader.position)
    }
    guard method & 15 == 8, method >> 4 <= 7, (method << 8 | flags) % 31 == 0, flags & 32 == 0
    else {
      throw .zlibHeader(offset: offset, found: method << 8 | flags)
    }
  }

  /// Unpacks one byte.
  ///
  /// - Parameter bytes: the file.
  /// - Returns: the byte.
  /// - Throws: ``DeflateError``, also when the stream has ended.
  public mutating func takeByte(_ bytes: Span<UInt8>) throws(DeflateError) -> UInt8 {
    guard try !isAtEnd(bytes) else { throw .streamEnd(offset: reader.position) }
    defer { taken += 1 }
    return window[taken]
  }

  /// Unpacks as many bytes as `target` has from `start` on.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - target: takes the bytes.
  ///   - start: where the first one goes.
  /// - Throws: ``DeflateError``, also when the stream ends before.
  public mutating func take(
    _ bytes: Span<UInt8>,
    into target: inout MutableSpan<UInt8>,
    from start: Int
  ) throws(DeflateError) {
    let taken = try takeAvailable(bytes, into: &target, from: start)
    guard taken == target.count - start else { throw .streamEnd(offset: reader.position) }
  }

  /// Unpacks as many bytes as `target` has from `start` on, or as the stream still gives.
  ///
  /// - Returns: how many.
  mutating func takeAvailable(
    _ bytes: Span<UInt8>,
    into target: inout MutableSpan<UInt8>,
    from start: Int
  ) throws(DeflateError) -> Int {
    var place = start
    while place < target.count, try !isAtEnd(bytes) {
      let count = min(target.count - place, filled - taken)
      copy(count, into: &target, at: place)
      place += count
      taken += count
    }
    return place - start
  }

  /// Whether all has been taken: unpacks until there is a byte to take or the stream ends.
  ///
  /// - Parameter bytes: the file.
  /// - Returns: false when there is a byte to take.
  /// - Throws: ``DeflateError`` when what follows is broken.
  public mutating func isAtEnd(_ bytes: Span<UInt8>) throws(DeflateError) -> Bool {
    while taken == filled, state != .ended { try step(bytes) }
    return taken == filled
  }

  /// Copies unpacked bytes.
  private func copy(_ count: Int, into target: inout MutableSpan<UInt8>, at place: Int) {
    let source = window.span
    for index in 0..<count {
      target[place &+ index] = source[taken &+ index]
    }
  }

  /// Unpacks a little, perhaps nothing: everything before has been taken.
  private mutating func step(_ bytes: Span<UInt8>) throws(DeflateError) {
    if filled > Self.windowSize - Self.longestCopy {
      makeRoom()
    }
    switch state {
    case .beforeBlock:
      try beginBlock(bytes)
    case .stored(let left):
      try copyStored(bytes, left: left)
    case .coded:
      try decode(bytes)
    case .ended:
      return
    }
    if reader.isOverdrawn {
      throw .dataEnd(offset: reader.position)
    }
  }

  /// Moves the last part of the window to its beginning.
  private mutating func makeRoom() {
    let start = filled - Self.reach
    var span = window.mutableSpan
    for index in 0..<Self.reach {
      span[index] = span[start &+ index]
    }
    filled = Self.reach
    taken = Self.reach
  }

  private mutating func beginBlock(_ bytes: Span<UInt8>) throws(DeflateError) {
    if isLastBlock {
      state = .ended
      return
    }
    reader.refill(bytes)
    isLastBlock = reader.take(1) == 1
    switch reader.take(2) {
    case 0:
      reader.skipToByte()
      reader.refill(bytes)
      let length = reader.take(16)
      let complement = reader.take(16)
      if reader.isOverdrawn {
        throw .dataEnd(offset: reader.position)
      }
      guard length == complement ^ 0xFFFF else {
        throw .storedLength(offset: reader.position, found: length, complement: complement)
      }
      state = .stored(left: length)
    case 1:
      let lengths = fixedCodeLengths()
      literals = .literals(lengths: lengths.span.extracting(0..<288))
      distances = .distances(lengths: lengths.span.extracting(288..<320))
      state = .coded
    case 2:
      try readCodes(bytes)
      state = .coded
    default:
      throw .blockKind(offset: reader.position)
    }
  }

  /// Reads the codes of a block with codes of its own.
  private mutating func readCodes(_ bytes: Span<UInt8>) throws(DeflateError) {
    reader.refill(bytes)
    let literalCount = reader.take(5) + 257
    let distanceCount = reader.take(5) + 1
    let lengthCount = reader.take(4) + 4
    var codeLengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<lengthCount {
      reader.refill(bytes)
      codeLengths[codeLengthOrder[index]] = UInt8(reader.take(3))
    }
    guard literalCount <= 286, distanceCount <= 30,
      let codes = DeflateCodes(
        lengths: codeLengths.span,
        meaning: { UInt32($0) << 16 }
      )
    else {
      throw .blockCodes(offset: reader.position)
    }

    var lengths = [UInt8](repeating: 0, count: literalCount + distanceCount)
    var index = 0
    while index < lengths.count {
      reader.refill(bytes)
      let word = try takeWord(codes)
      let symbol = Int(word >> 16)
      if symbol < 16 {
        lengths[index] = UInt8(symbol)
        index += 1
        continue
      }
      // 16 repeats the last length 3 to 6 times, 17 and 18 bring 3 to 10 and 11 to 138 zeros.
      guard symbol > 16 || index > 0 else {
        throw .blockCodes(offset: reader.position)
      }
      let value = symbol == 16 ? lengths[index - 1] : 0
      let count =
        symbol == 16 ? 3 + reader.take(2) : symbol == 17 ? 3 + reader.take(3) : 11 + reader.take(7)
      guard count <= lengths.count - index else {
        throw .blockCodes(offset: reader.position)
      }
      for _ in 0..<count {
        lengths[index] = value
        index += 1
      }
    }
    if reader.isOverdrawn {
      throw .dataEnd(offset: reader.position)
    }
    // Without the code that ends the block it has no end.
    guard lengths[256] > 0,
      let literals = DeflateCodes.literals(lengths: lengths.span.extracting(0..<literalCount)),
      let distances = DeflateCodes.distances(
        lengths: lengths.span.extracting(literalCount..<lengths.count)
      )
    else {
      throw .blockCodes(offset: reader.position)
    }
    self.literals = literals
    self.distances = distances
  }

  /// Takes a code for which `refill` has been called.
  private mutating func takeWord(_ codes: DeflateCodes) throws(DeflateError) -> UInt32 {
    var word = codes.lookup[Int(truncatingIfNeeded: reader.buffer & 1023)]
    if word == 0 {
      word = codes.longWord(reader.buffer)
    }
    guard word != 0 else {
      throw .badCode(offset: reader.position)
    }
    reader.skip(Int(word & 15))
    return word
  }

  private mutating func copyStored(_ bytes: Span<UInt8>, left: Int) throws(DeflateError) {
    var left = left
    while left > 0, filled < Self.windowSize {
      reader.refill(bytes)
      window[filled] = UInt8(reader.take(8))
      if reader.isOverdrawn {
        throw .dataEnd(offset: reader.position)
      }
      filled += 1
      left -= 1
    }
    state = left > 0 ? .stored(left: left) : .beforeBlock
  }

  /// Decodes until the block ends or the window has no room for a copy.
  ///
  /// Behind the end of the data zeros are decoded until then; the caller looks whether it was so.
  private mutating func decode(_ bytes: Span<UInt8>) throws(DeflateError) {
    guard let literals, let distances else { return }
    let literalLookup = literals.lookup.span
    let distanceLookup = distances.lookup.span
    var reader = reader
    var filled = filled
    var window = window.mutableSpan
    defer {
      self.reader = reader
      self.filled = filled
    }
    while filled <= Self.windowSize &- Self.longestCopy {
      // 15 bits of a code, 5 more of a length, 15 of a code, 13 more of a distance: 48 of 56.
      reader.refill(bytes)
      var word = literalLookup[Int(truncatingIfNeeded: reader.buffer & 1023)]
      if word == 0 {
        word = literals.longWord(reader.buffer)
      }
      reader.skip(Int(truncatingIfNeeded: word & 15))
      if word & DeflateCodes.Kind.mask == DeflateCodes.Kind.literal, word != 0 {
        window[filled] = UInt8(truncatingIfNeeded: word >> 16)
        filled &+= 1
        continue
      }
      if word & DeflateCodes.Kind.mask == DeflateCodes.Kind.end {
        state = .beforeBlock
        return
      }
      guard word & DeflateCodes.Kind.mask == DeflateCodes.Kind.copy else {
        throw reader.isOverdrawn
          ? .dataEnd(offset: reader.position) : .badCode(offset: reader.position)
      }
      let length =
        Int(truncatingIfNeeded: word >> 16)
        &+ reader.take(Int(truncatingIfNeeded: word >> 4 & 15))

      word = distanceLookup[Int(truncatingIfNeeded: reader.buffer & 1023)]
      if word == 0 {
        word = distances.longWord(reader.buffer)
      }
      guard word & DeflateCodes.Kind.mask == DeflateCodes.Kind.copy else {
        throw reader.isOverdrawn
          ? .dataEnd(offset: reader.position) : .badCode(offset: reader.position)
      }
      reader.skip(Int(truncatingIfNeeded: word & 15))
      let distance =
        Int(truncatingIfNeeded: word >> 16)
        &+ reader.take(Int(truncatingIfNeeded: word >> 4 & 15))
      guard distance <= filled else {
        throw .distance(offset: reader.position, found: distance, available: filled)
      }
      var source = filled &- distance
      let end = filled &+ length
      while filled < end {
        window[filled] = window[source]
        filled &+= 1
        source &+= 1
      }
    }
  }
}
