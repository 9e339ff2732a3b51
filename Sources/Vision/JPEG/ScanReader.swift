/// The data of a scan: bits, tables, predictors, restart markers.
struct ScanReader {
  var entropy: EntropyReader
  /// The DC value of the last block of each member of the scan.
  var predictors: InlineArray<4, Int32> = [0, 0, 0, 0]
  /// How many blocks from the next one on have nothing (more) in the scan's band.
  var emptyBlocks = 0
  /// The words of all Huffman tables that the scan uses.
  let tables: [UInt32]
  /// Where each member's DC table begins.
  private(set) var dcTables: InlineArray<4, Int> = [0, 0, 0, 0]
  /// Where each member's AC table begins.
  private(set) var acTables: InlineArray<4, Int> = [0, 0, 0, 0]

  private let unitCount: Int
  private let restartInterval: Int
  private var unit = 0
  private var unitsToRestart: Int
  private var nextRestart: UInt8 = 0

  /// - Parameters:
  ///   - scan: the header of the scan.
  ///   - tables: the tables defined before it.
  ///   - unitCount: the number of block units in the scan.
  ///   - restartInterval: the number of units between restart markers, 0 for none.
  /// - Throws: ``JPEGError`` where a table is missing.
  init(
    _ scan: JPEGScan,
    tables: JPEGTables,
    unitCount: Int,
    restartInterval: Int
  ) throws(JPEGError) {
    entropy = EntropyReader(position: scan.dataOffset)
    self.unitCount = unitCount
    self.restartInterval = restartInterval
    unitsToRestart = restartInterval
    var words: [UInt32] = []
    for (index, member) in scan.members.enumerated() {
      if scan.usesDCTables {
        guard let table = member.dcTable < 4 ? tables.dc[member.dcTable] : nil else {
          throw .missingHuffmanTable(number: member.dcTable, forDC: true, offset: scan.offset)
        }
        dcTables[index] = words.count
        words += table.words
      }
      if scan.usesACTables {
        guard let table = member.acTable < 4 ? tables.ac[member.acTable] : nil else {
          throw .missingHuffmanTable(number: member.acTable, forDC: false, offset: scan.offset)
        }
        acTables[index] = words.count
        words += table.words
      }
    }
    self.tables = words
  }

  /// Prepares for the next unit: where one is due, passes a restart marker.
  @inline(__always)
  mutating func beginUnit(_ bytes: Span<UInt8>) throws(JPEGError) {
    if restartInterval > 0 {
      if unitsToRestart == 0 {
        try restart(bytes)
      }
      unitsToRestart -= 1
    }
  }

  /// Makes sure that the file had all the bits of the unit.
  @inline(__always)
  mutating func endUnit() throws(JPEGError) {
    if entropy.isOverdrawn {
      throw .scanEnds(offset: entropy.position, unit: unit, unitCount: unitCount)
    }
    unit &+= 1
  }

  private mutating func restart(_ bytes: Span<UInt8>) throws(JPEGError) {
    guard let (marker, end) = bytes.jpegMarker(from: entropy.position) else {
      throw .scanEnds(offset: bytes.count, unit: unit, unitCount: unitCount)
    }
    let expected = JPEGMarker.restart0 + nextRestart
    guard marker == expected else {
      throw .restartMarker(offset: end - 2, found: marker, expected: expected)
    }
    entropy.restart(at: end)
    predictors = [0, 0, 0, 0]
    emptyBlocks = 0
    nextRestart = (nextRestart + 1) & 7
    unitsToRestart = restartInterval
  }
}
