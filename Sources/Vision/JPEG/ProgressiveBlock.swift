/// What a scan of a progressive frame codes of each block (ITU-T T.81, annex G).
struct ProgressiveBand {
  /// The first and last coefficient in zigzag order; both 0 for DC.
  let coefficients: ClosedRange<Int>
  /// The number of low bits that later scans will bring.
  let lowBit: Int
}

extension EntropyReader {
  /// Decodes the upper bits of a DC coefficient.
  @inline(__always)
  mutating func takeFirstDC(
    _ bytes: Span<UInt8>,
    tables: Span<UInt32>,
    dc: Int,
    predictor: inout Int32,
    lowBit: Int,
    into coefficients: inout MutableSpan<Int16>,
    at start: Int
  ) throws(JPEGError) {
    refill(bytes)
    let word = try takeCode(tables, table: dc)
    let size = Int(truncatingIfNeeded: word >> 8 & 15)
    if size > 0 {
      predictor &+= Int32(truncatingIfNeeded: takeValue(word, size: size))
    }
    coefficients[start] = Int16(truncatingIfNeeded: predictor &<< Int32(lowBit))
  }

  /// Decodes one more bit of a DC coefficient.
  @inline(__always)
  mutating func takeNextDC(
    _ bytes: Span<UInt8>,
    lowBit: Int,
    into coefficients: inout MutableSpan<Int16>,
    at start: Int
  ) {
    if takeBit(bytes) {
      coefficients[start] |= 1 &<< Int16(lowBit)
    }
  }

  /// Decodes the upper bits of a band of AC coefficients.
  ///
  /// `emptyBlocks` counts how many blocks from this one on have nothing (more) in this band.
  @inline(__always)
  mutating func takeFirstAC(
    _ bytes: Span<UInt8>,
    tables: Span<UInt32>,
    ac: Int,
    band: ProgressiveBand,
    emptyBlocks: inout Int,
    into coefficients: inout MutableSpan<Int16>,
    at start: Int
  ) throws(JPEGError) {
    if emptyBlocks > 0 {
      emptyBlocks -= 1
      return
    }
    var index = band.coefficients.lowerBound
    while index <= band.coefficients.upperBound {
      refill(bytes)
      let word = try takeCode(tables, table: ac)
      let run = Int(truncatingIfNeeded: word >> 12 & 15)
      let size = Int(truncatingIfNeeded: word >> 8 & 15)
      if size == 0 {
        if run < 15 {
          emptyBlocks = takeRunOfBlocks(run) - 1
          return
        }
        index += 16
        continue
      }
      index += run
      guard index <= band.coefficients.upperBound else {
        throw .runPastBlock(offset: position)
      }
      let value = takeValue(word, size: size)
      coefficients[start + naturalOrder(index)] =
        Int16(truncatingIfNeeded: value &<< band.lowBit)
      index += 1
    }
  }

  /// Decodes one more bit of a band of AC coefficients.
  ///
  /// Coefficients that are not 0 already take a correction bit each, in between come those that
  /// this bit makes 1 or -1.
  @inline(__always)
  mutating func takeNextAC(
    _ bytes: Span<UInt8>,
    tables: Span<UInt32>,
    ac: Int,
    band: ProgressiveBand,
    emptyBlocks: inout Int,
    into coefficients: inout MutableSpan<Int16>,
    at start: Int
  ) throws(JPEGError) {
    let unit: Int16 = 1 &<< Int16(band.lowBit)
    let last = band.coefficients.upperBound
    var index = band.coefficients.lowerBound
    while emptyBlocks == 0, index <= last {
      refill(bytes)
      let word = try takeCode(tables, table: ac)
      var run = Int(truncatingIfNeeded: word >> 12 & 15)
      let size = Int(truncatingIfNeeded: word >> 8 & 15)
      guard size <= 1 else {
        throw .badCode(offset: position)
      }
      if size == 0, run < 15 {
        emptyBlocks = takeRunOfBlocks(run)
        break
      }
      let value = size == 0 ? 0 : takeValue(word, size: 1)
      while index <= last {
        let place = start + naturalOrder(index)
        if coefficients[place] != 0 {
          correct(bytes, unit: unit, coefficient: &coefficients[place])
        } else if run == 0 {
          break
        } else {
          run -= 1
        }
        index += 1
      }
      if value != 0 {
        guard index <= last else {
          throw .runPastBlock(offset: position)
        }
        coefficients[start + naturalOrder(index)] = value > 0 ? unit : -unit
      }
      index += 1
    }
    if emptyBlocks > 0 {
      while index <= last {
        let place = start + naturalOrder(index)
        if coefficients[place] != 0 {
          correct(bytes, unit: unit, coefficient: &coefficients[place])
        }
        index += 1
      }
      emptyBlocks -= 1
    }
  }

  /// The number of blocks that an end-of-band code with `bits` more bits stands for.
  @inline(__always)
  private mutating func takeRunOfBlocks(_ bits: Int) -> Int {
    bits == 0 ? 1 : 1 << bits + take(bits)
  }

  /// Takes the next bit of a coefficient that is not 0.
  @inline(__always)
  private mutating func correct(
    _ bytes: Span<UInt8>,
    unit: Int16,
    coefficient: inout Int16
  ) {
    if takeBit(bytes), coefficient & unit == 0 {
      coefficient = coefficient >= 0 ? coefficient &+ unit : coefficient &- unit
    }
  }
}
