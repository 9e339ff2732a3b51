/// A sequential scan of all components, whose blocks become pixels band by band.
struct BandedScan {
  /// A block of the unit.
  private struct UnitBlock {
    /// The index of the component in the frame.
    let component: Int
    /// The index of the member of the scan.
    let member: Int
    /// The column in the unit.
    let column: Int
    /// The row in the unit.
    let row: Int
    /// The number of the component's blocks side by side in a unit.
    let columnsPerUnit: Int
    /// The number of the component's blocks one above the other in a unit.
    let rowsPerUnit: Int
    /// The number of blocks side by side that belong to the picture.
    let blocksPerRow: Int
    /// The number of blocks one above the other that belong to the picture.
    let blockRows: Int
    /// The index of the first word of the block in the first unit of a band.
    let start: Int
    let wordsPerRow: Int
  }

  private let frame: JPEGFrame
  private let rows: PixelRows
  private let factors: [InverseDCT.Block<SIMD8<Int16>>]
  private let blocks: [UnitBlock]

  /// - Parameters:
  ///   - frame: the header of the frame.
  ///   - scan: a scan with all components of the frame.
  ///   - rows: what makes pixels of samples.
  ///   - factors: the quantisation factors of each component.
  init(
    frame: JPEGFrame,
    scan: JPEGScan,
    rows: PixelRows,
    factors: [InverseDCT.Block<SIMD8<Int16>>]
  ) {
    self.frame = frame
    self.rows = rows
    self.factors = factors
    var blocks: [UnitBlock] = []
    for (member, scanned) in scan.members.enumerated() {
      let component = frame.components[scanned.component]
      let plane = rows.bands.planes[scanned.component]
      for row in 0..<component.vertical {
        for column in 0..<component.horizontal {
          blocks.append(
            UnitBlock(
              component: scanned.component,
              member: member,
              column: column,
              row: row,
              columnsPerUnit: component.horizontal,
              rowsPerUnit: component.vertical,
              blocksPerRow: component.blocksPerRow,
              blockRows: component.blockRows,
              start: plane.start + row * 8 * plane.wordsPerRow + column,
              wordsPerRow: plane.wordsPerRow
            )
          )
        }
      }
    }
    self.blocks = blocks
  }

  /// Decodes the scan.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - reader: the data of the scan.
  ///   - words: memory for `rows.bands.wordCount` words of samples.
  ///   - pixels: the samples of the picture.
  /// - Throws: ``JPEGError`` where the data are broken.
  func decode(
    _ bytes: Span<UInt8>,
    reader: ScanReader,
    words: inout MutableSpan<SIMD8<UInt8>>,
    pixels: inout MutableSpan<UInt8>
  ) throws(JPEGError) {
    var reader = reader
    var block = [Int16](repeating: 0, count: 64)
    var coefficients = block.mutableSpan
    let blocks = blocks.span
    let factors = factors.span
    let tables = reader.tables
    let tableWords = tables.span
    for unitRow in 0..<frame.unitRows {
      for unitColumn in 0..<frame.unitsPerRow {
        try reader.beginUnit(bytes)
        for index in blocks.indices {
          let member = blocks[index].member
          let last = try reader.entropy.takeSequentialBlock(
            bytes,
            tables: tableWords,
            dc: reader.dcTables[member],
            ac: reader.acTables[member],
            predictor: &reader.predictors[member],
            into: &coefficients,
            at: 0
          )
          // Blocks that only fill up the unit are not transformed.
          let column = unitColumn &* blocks[index].columnsPerUnit
          let isVisible =
            column &+ blocks[index].column < blocks[index].blocksPerRow
            && unitRow &* blocks[index].rowsPerUnit &+ blocks[index].row < blocks[index].blockRows
          if isVisible {
            InverseDCT.reconstruct(
              coefficients,
              at: 0,
              last: last,
              factors: factors[blocks[index].component],
              into: &words,
              at: blocks[index].start &+ column,
              stride: blocks[index].wordsPerRow
            )
          }
          clear(&coefficients, last: last)
        }
        try reader.endUnit()
      }
      rows.write(after: unitRow, words: &words, pixels: &pixels)
    }
  }

  @inline(__always)
  private func clear(_ coefficients: inout MutableSpan<Int16>, last: Int) {
    var bytes = coefficients.mutableBytes
    for row in 0..<8 {
      bytes.storeBytes(of: .zero, toByteOffset: row &* 16, as: SIMD8<Int16>.self)
    }
  }
}
