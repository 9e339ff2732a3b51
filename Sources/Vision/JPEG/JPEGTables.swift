/// The tables that the segments of a JPEG have defined so far.
struct JPEGTables {
  /// Quantisation tables 0 to 3; the 64 factors in the order of rows, not in zigzag order.
  private(set) var quantization: [[Int16]?] = [nil, nil, nil, nil]
  /// DC tables 0 to 3.
  private(set) var dc: [HuffmanTable?] = [nil, nil, nil, nil]
  /// AC tables 0 to 3.
  private(set) var ac: [HuffmanTable?] = [nil, nil, nil, nil]

  /// Reads the tables of a DQT segment.
  ///
  /// Factors of 16 bits keep their bit pattern: products with coefficients wrap at 16 bits, as in
  /// the vector code of libjpeg-turbo.
  mutating func defineQuantization(
    _ bytes: Span<UInt8>,
    segment: Range<Int>
  ) throws(JPEGError) {
    var offset = segment.lowerBound
    while offset < segment.upperBound {
      let precision = Int(bytes[offset] >> 4)
      let number = Int(bytes[offset] & 15)
      guard precision <= 1, number <= 3 else {
        throw .quantizationTable(number: number, precision: precision, offset: offset)
      }
      let size = precision + 1
      guard segment.upperBound - offset - 1 >= 64 * size else {
        throw .segmentTooShort(
          marker: JPEGMarker.defineQuantization,
          offset: segment.lowerBound - 4,
          length: segment.count + 2
        )
      }
      var table = [Int16](repeating: 0, count: 64)
      for index in 0..<64 {
        let place = offset + 1 + index * size
        let factor =
          size == 1 ? UInt16(bytes[place]) : UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
        table[naturalOrder(index)] = Int16(bitPattern: factor)
      }
      quantization[number] = table
      offset += 1 + 64 * size
    }
  }

  /// Reads the tables of a DHT segment.
  mutating func defineHuffman(_ bytes: Span<UInt8>, segment: Range<Int>) throws(JPEGError) {
    var offset = segment.lowerBound
    while offset < segment.upperBound {
      let kind = Int(bytes[offset] >> 4)
      let number = Int(bytes[offset] & 15)
      guard kind <= 1, number <= 3 else {
        throw .huffmanTable(number: number, kind: kind, offset: offset)
      }
      let tooShort = JPEGError.segmentTooShort(
        marker: JPEGMarker.defineHuffman,
        offset: segment.lowerBound - 4,
        length: segment.count + 2
      )
      guard segment.upperBound - offset >= 17 else {
        throw tooShort
      }
      var counts: [Int] = []
      var symbolCount = 0
      for index in 1...16 {
        counts.append(Int(bytes[offset + index]))
        symbolCount += counts[index - 1]
      }
      try HuffmanTable.check(counts: counts, offset: offset)
      guard segment.upperBound - offset >= 17 + symbolCount else {
        throw tooShort
      }
      var symbols: [UInt8] = []
      for index in 0..<symbolCount {
        symbols.append(bytes[offset + 17 + index])
      }
      let table = try HuffmanTable(
        counts: counts,
        symbols: symbols,
        forDC: kind == 0,
        offset: offset
      )
      if kind == 0 {
        dc[number] = table
      } else {
        ac[number] = table
      }
      offset += 17 + symbolCount
    }
  }

  /// Takes the tables of ITU-T T.81, annex K, wherever none are defined.
  ///
  /// The frames of motion JPEG, which cameras send, leave them out.
  mutating func assumeStandardHuffman() throws(JPEGError) {
    for number in 0...1 {
      if dc[number] == nil {
        dc[number] = try StandardHuffmanTables.table(number: number, forDC: true)
      }
      if ac[number] == nil {
        ac[number] = try StandardHuffmanTables.table(number: number, forDC: false)
      }
    }
  }
}

/// The place in a block, row by row, of each coefficient in the order of the file (zigzag).
@inline(__always)
func naturalOrder(_ index: Int) -> Int {
  Int(zigzag[index & 63])
}

let zigzag: InlineArray<64, UInt8> = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]
