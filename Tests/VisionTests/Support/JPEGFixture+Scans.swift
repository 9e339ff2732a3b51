@testable import Vision

extension JPEGFixture {
  func scanHeader(_ members: [Int], first: Int, last: Int, high: Int, low: Int) -> [UInt8] {
    Self.segment(
      0xDA,
      [UInt8(members.count)] + members.flatMap { [components[$0].id, 0] }
        + [UInt8(first), UInt8(last), UInt8(high << 4 | low)]
    )
  }

  func sequentialScan(_ members: [Int]) -> [UInt8] {
    scanHeader(members, first: 0, last: 63, high: 0, low: 0)
      + units(members) { block, predictor, writer in
        writeDC(Int(block[0]), &predictor, &writer)
        var run = 0
        for place in 1..<64 {
          let value = Int(block[Int(zigzag[place])])
          if value == 0 {
            run += 1
            continue
          }
          writeRun(&run, &writer)
          writer.writeValue(value, run: run, codeLength: codeLength)
          run = 0
        }
        if run > 0 {
          writer.write(0, codeLength)
        }
      } atEnd: { _ in
      }
  }

  func scan(_ members: [Int], first: Int, last: Int, high: Int, low: Int) -> [UInt8] {
    var emptyBlocks = 0
    var correctionBits: [Int] = []
    return scanHeader(members, first: first, last: last, high: high, low: low)
      + units(members) { block, predictor, writer in
        if first == 0, high == 0 {
          writeDC(Int(block[0]) >> low, &predictor, &writer)
        } else if first == 0 {
          writer.write(Int(block[0]) >> low & 1, 1)
        } else if high == 0 {
          writeFirstAC(block, first...last, low, &emptyBlocks, &writer)
        } else {
          writeNextAC(block, first...last, low, &emptyBlocks, &correctionBits, &writer)
        }
      } atEnd: { writer in
        endEmptyBlocks(&emptyBlocks, &correctionBits, &writer)
      }
  }

  /// Calls `write` for the blocks of all units in order, with restart markers in between.
  private func units(
    _ members: [Int],
    _ write: ([Int16], inout Int, inout EntropyWriter) -> Void,
    atEnd: (inout EntropyWriter) -> Void
  ) -> [UInt8] {
    var writer = EntropyWriter()
    var predictors = [Int](repeating: 0, count: components.count)
    var unit = 0
    func begin() {
      if restartInterval > 0, unit > 0, unit % restartInterval == 0 {
        atEnd(&writer)
        writer.restart(unit / restartInterval - 1)
        predictors = [Int](repeating: 0, count: components.count)
      }
      unit += 1
    }
    if members.count == 1, let member = members.first {
      let component = components[member]
      let columns = (width * component.horizontal + 8 * maxHorizontal - 1) / (8 * maxHorizontal)
      let rows = (height * component.vertical + 8 * maxVertical - 1) / (8 * maxVertical)
      // A component alone has its own size, not that of whole units.
      for row in 0..<(components.count == 1 ? (height + 7) / 8 : rows) {
        for column in 0..<(components.count == 1 ? (width + 7) / 8 : columns) {
          begin()
          write(
            component.blocks[blockIndex(member, row: row, column: column)],
            &predictors[member],
            &writer
          )
        }
      }
    } else {
      for unitRow in 0..<unitRows {
        for unitColumn in 0..<unitsPerRow {
          begin()
          for member in members {
            let component = components[member]
            for row in 0..<component.vertical {
              for column in 0..<component.horizontal {
                let index = blockIndex(
                  member,
                  row: unitRow * component.vertical + row,
                  column: unitColumn * component.horizontal + column
                )
                write(component.blocks[index], &predictors[member], &writer)
              }
            }
          }
        }
      }
    }
    atEnd(&writer)
    return writer.finish()
  }

  private func writeDC(_ value: Int, _ predictor: inout Int, _ writer: inout EntropyWriter) {
    writer.writeValue(value - predictor, run: 0, codeLength: codeLength)
    predictor = value
  }

  private func writeRun(_ run: inout Int, _ writer: inout EntropyWriter) {
    while run > 15 {
      writer.write(0xF0, codeLength)
      run -= 16
    }
  }

  private func writeFirstAC(
    _ block: [Int16],
    _ band: ClosedRange<Int>,
    _ low: Int,
    _ emptyBlocks: inout Int,
    _ writer: inout EntropyWriter
  ) {
    var run = 0
    for place in band {
      let coefficient = Int(block[Int(zigzag[place])])
      let value = coefficient < 0 ? -(-coefficient >> low) : coefficient >> low
      if value == 0 {
        run += 1
        continue
      }
      var none: [Int] = []
      endEmptyBlocks(&emptyBlocks, &none, &writer)
      writeRun(&run, &writer)
      writer.writeValue(value, run: run, codeLength: codeLength)
      run = 0
    }
    if run > 0 {
      emptyBlocks += 1
    }
  }

  private func writeNextAC(
    _ block: [Int16],
    _ band: ClosedRange<Int>,
    _ low: Int,
    _ emptyBlocks: inout Int,
    _ correctionBits: inout [Int],
    _ writer: inout EntropyWriter
  ) {
    let magnitudes = band.map { Int(block[Int(zigzag[$0])].magnitude) >> low }
    let lastNew = magnitudes.lastIndex(of: 1) ?? -1
    var run = 0
    var bits: [Int] = []
    for (index, magnitude) in magnitudes.enumerated() {
      if magnitude == 0 {
        run += 1
        continue
      }
      // A run of 16 zeros can only be written while a new coefficient is still to come.
      while run > 15, index <= lastNew {
        endEmptyBlocks(&emptyBlocks, &correctionBits, &writer)
        writer.write(0xF0, codeLength)
        run -= 16
        bits.forEach { writer.write($0, 1) }
        bits = []
      }
      if magnitude > 1 {
        bits.append(magnitude & 1)
        continue
      }
      endEmptyBlocks(&emptyBlocks, &correctionBits, &writer)
      writer.write(run << 4 | 1, codeLength)
      writer.write(block[Int(zigzag[band.lowerBound + index])] > 0 ? 1 : 0, 1)
      bits.forEach { writer.write($0, 1) }
      bits = []
      run = 0
    }
    if run > 0 || !bits.isEmpty {
      emptyBlocks += 1
      correctionBits += bits
    }
  }

  /// Writes how many blocks had nothing more, and their correction bits.
  private func endEmptyBlocks(
    _ emptyBlocks: inout Int,
    _ correctionBits: inout [Int],
    _ writer: inout EntropyWriter
  ) {
    if emptyBlocks > 0 {
      let size = Int.bitWidth - 1 - emptyBlocks.leadingZeroBitCount
      precondition(size < 15)
      writer.write(size << 4, codeLength)
      writer.write(emptyBlocks - 1 << size, size)
      emptyBlocks = 0
    }
    correctionBits.forEach { writer.write($0, 1) }
    correctionBits = []
  }
}

/// Bits of a scan, the highest first, with a zero behind each byte FF.
struct EntropyWriter {
  private var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count = 0

  mutating func write(_ value: Int, _ length: Int) {
    bits = bits << UInt64(length) | UInt64(value)
    count += length
    while count >= 8 {
      let byte = UInt8(truncatingIfNeeded: bits >> UInt64(count - 8))
      bytes += byte == 0xFF ? [0xFF, 0] : [byte]
      count -= 8
    }
    bits &= (1 << UInt64(count)) - 1
  }

  /// A code for the run and the size, and the value bits.
  mutating func writeValue(_ value: Int, run: Int, codeLength: Int) {
    let size = Int.bitWidth - value.magnitude.leadingZeroBitCount
    write(run << 4 | size, codeLength)
    write(value < 0 ? value + 1 << size - 1 : value, size)
  }

  mutating func restart(_ number: Int) {
    fill()
    bytes += [0xFF, UInt8(0xD0 + number % 8)]
  }

  private mutating func fill() {
    if count > 0 {
      write((1 << (8 - count)) - 1, 8 - count)
    }
  }

  mutating func finish() -> [UInt8] {
    fill()
    return bytes
  }
}
