extension EntropyReader {
  /// Decodes a block of a baseline or extended sequential scan (ITU-T T.81, F.2.2).
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - tables: the words of all Huffman tables.
  ///   - dc: where the table of the component's DC differences begins.
  ///   - ac: where the table of its AC coefficients begins.
  ///   - predictor: the DC value of the component's previous block; becomes that of this one.
  ///   - coefficients: where the block's 64 values are, all 0 before; row by row afterwards.
  ///   - start: the index of the first of them.
  /// - Returns: the index of the last coefficient that is not 0, in zigzag order.
  /// - Throws: ``JPEGError`` where the data are broken.
  @inline(__always)
  mutating func takeSequentialBlock(
    _ bytes: Span<UInt8>,
    tables: Span<UInt32>,
    dc: Int,
    ac: Int,
    predictor: inout Int32,
    into coefficients: inout MutableSpan<Int16>,
    at start: Int
  ) throws(JPEGError) -> Int {
    refill(bytes)
    let first = try takeCode(tables, table: dc)
    let size = Int(truncatingIfNeeded: first >> 8 & 15)
    if size > 0 {
      predictor &+= Int32(truncatingIfNeeded: takeValue(first, size: size))
    }
    coefficients[start] = Int16(truncatingIfNeeded: predictor)

    var last = 0
    var index = 1
    while index < 64 {
      refill(bytes)
      let word = try takeCode(tables, table: ac)
      let run = Int(truncatingIfNeeded: word >> 12 & 15)
      let size = Int(truncatingIfNeeded: word >> 8 & 15)
      if size == 0 {
        if run < 15 {
          break
        }
        index &+= 16
        continue
      }
      index &+= run
      guard index < 64 else {
        throw .runPastBlock(offset: position)
      }
      let value = takeValue(word, size: size)
      coefficients[start &+ naturalOrder(index)] = Int16(truncatingIfNeeded: value)
      last = index
      index &+= 1
    }
    return last
  }
}
