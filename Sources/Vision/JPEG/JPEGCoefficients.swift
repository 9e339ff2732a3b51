/// All coefficients of a frame, for frames that several scans code.
struct JPEGCoefficients {
  /// The place of one component.
  struct Plane {
    /// The index of its first block.
    let start: Int
    /// The number of blocks side by side, with those that only fill up units.
    let blocksPerRow: Int
    /// The number of blocks one above the other, with those that only fill up units.
    let rowCount: Int
  }

  private let frame: JPEGFrame
  private let planes: [Plane]
  /// 64 values a block, row by row.
  private var values: [Int16]

  init(_ frame: JPEGFrame) {
    self.frame = frame
    var planes: [Plane] = []
    var blockCount = 0
    for component in frame.components {
      let blocksPerRow = frame.paddedBlocksPerRow(component)
      let rowCount = frame.paddedBlockRows(component)
      planes.append(Plane(start: blockCount, blocksPerRow: blocksPerRow, rowCount: rowCount))
      blockCount += blocksPerRow * rowCount
    }
    self.planes = planes
    values = [Int16](repeating: 0, count: blockCount * 64)
  }

  /// The number of block units in a scan.
  static func units(of scan: JPEGScan, frame: JPEGFrame) -> (perRow: Int, rows: Int) {
    if scan.isInterleaved {
      return (frame.unitsPerRow, frame.unitRows)
    }
    let component = frame.components[scan.members[0].component]
    return (component.blocksPerRow, component.blockRows)
  }

  /// Decodes what a scan brings.
  mutating func add(
    _ bytes: Span<UInt8>,
    scan: JPEGScan,
    reader: ScanReader
  ) throws(JPEGError) {
    var reader = reader
    let units = Self.units(of: scan, frame: frame)
    let tables = reader.tables
    let tableWords = tables.span
    let frame = frame
    let planes = planes
    var values = values.mutableSpan
    for unitRow in 0..<units.rows {
      for unitColumn in 0..<units.perRow {
        try reader.beginUnit(bytes)
        for (index, member) in scan.members.enumerated() {
          let component = frame.components[member.component]
          let plane = planes[member.component]
          let width = scan.isInterleaved ? component.horizontal : 1
          let height = scan.isInterleaved ? component.vertical : 1
          for row in 0..<height {
            for column in 0..<width {
              let block =
                plane.start + (unitRow * height + row) * plane.blocksPerRow
                + unitColumn * width + column
              try reader.takeBlock(
                bytes,
                content: scan.content,
                tables: tableWords,
                member: index,
                into: &values,
                at: block * 64
              )
            }
          }
        }
        try reader.endUnit()
      }
    }
  }

  /// Makes the pixels of the picture.
  ///
  /// - Parameters:
  ///   - rows: what makes pixels of samples.
  ///   - factors: the quantisation factors of each component.
  ///   - smoothing: the estimates of what no scan has brought, nil where the scans are complete.
  ///   - words: memory for `rows.bands.wordCount` words of samples.
  ///   - pixels: the samples of the picture.
  mutating func write(
    rows: PixelRows,
    factors: [InverseDCT.Block<SIMD8<Int16>>],
    smoothing: BlockSmoothing?,
    words: inout MutableSpan<SIMD8<UInt8>>,
    pixels: inout MutableSpan<UInt8>
  ) {
    let frame = frame
    let planes = planes
    let values = values.mutableSpan
    var estimated = [Int16](repeating: 0, count: 64)
    var block = estimated.mutableSpan
    for unitRow in 0..<frame.unitRows {
      for index in frame.components.indices {
        let component = frame.components[index]
        let samples = rows.bands.planes[index]
        for row in 0..<component.vertical {
          let blockRow = unitRow * component.vertical + row
          if blockRow >= component.blockRows {
            continue
          }
          for column in 0..<component.blocksPerRow {
            let start =
              (planes[index].start + blockRow * planes[index].blocksPerRow + column) * 64
            let place = samples.start + row * 8 * samples.wordsPerRow + column
            guard let smoothing else {
              InverseDCT.reconstruct(
                values,
                at: start,
                last: InverseDCT.last(values, at: start),
                factors: factors[index],
                into: &words,
                at: place,
                stride: samples.wordsPerRow
              )
              continue
            }
            for coefficient in 0..<64 {
              block[coefficient] = values[start + coefficient]
            }
            smoothing.fill(
              &block,
              component: index,
              factors: factors[index],
              neighbors: Self.neighbors(
                values,
                planes[index],
                component,
                row: blockRow,
                column: column
              )
            )
            InverseDCT.reconstruct(
              block,
              at: 0,
              last: InverseDCT.last(block, at: 0),
              factors: factors[index],
              into: &words,
              at: place,
              stride: samples.wordsPerRow
            )
          }
        }
      }
      rows.write(after: unitRow, words: &words, pixels: &pixels)
    }
  }

  /// The DC values of the 5 x 5 blocks around a block; beyond the edges those of the edge.
  ///
  /// Rows are counted as libjpeg-turbo counts them: where the last row of units has fewer rows of
  /// blocks, all units are taken to have so few, which moves the upper edge there; and rows that only
  /// fill up the last unit lie inside.
  private static func neighbors(
    _ values: borrowing MutableSpan<Int16>,
    _ plane: Plane,
    _ component: JPEGComponent,
    row: Int,
    column: Int
  ) -> InlineArray<25, Int16> {
    let vertical = component.statedVertical
    let unitRow = row / vertical
    let unitRows = component.blockRows.dividedUp(by: vertical)
    let rowsPerUnit =
      unitRow < unitRows - 1 ? vertical : component.blockRows - unitRow * vertical
    let counted = unitRow * rowsPerUnit + row % vertical
    let countedRows = unitRows * rowsPerUnit
    var result = InlineArray<25, Int16>(repeating: 0)
    for y in 0..<5 {
      let nearRow = row + max(-counted, min(countedRows - 1 - counted, y - 2))
      for x in 0..<5 {
        let nearColumn = max(0, min(component.blocksPerRow - 1, column + x - 2))
        // A component that is never interleaved has no blocks that fill up a unit.
        result[y * 5 + x] =
          nearRow < plane.rowCount
          ? values[(plane.start + nearRow * plane.blocksPerRow + nearColumn) * 64] : 0
      }
    }
    return result
  }
}

extension ScanReader {
  /// Decodes what the scan codes of one block.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - content: what that is.
  ///   - tables: the words of the scan's Huffman tables.
  ///   - member: the index of the member of the scan.
  ///   - values: the coefficients of all blocks.
  ///   - start: the index of the block's first coefficient.
  /// - Throws: ``JPEGError`` where the data are broken.
  @inline(__always)
  mutating func takeBlock(
    _ bytes: Span<UInt8>,
    content: JPEGScan.Content,
    tables: Span<UInt32>,
    member: Int,
    into values: inout MutableSpan<Int16>,
    at start: Int
  ) throws(JPEGError) {
    switch content {
    case .sequential:
      _ = try entropy.takeSequentialBlock(
        bytes,
        tables: tables,
        dc: dcTables[member],
        ac: acTables[member],
        predictor: &predictors[member],
        into: &values,
        at: start
      )
    case .firstDC(let lowBit):
      try entropy.takeFirstDC(
        bytes,
        tables: tables,
        dc: dcTables[member],
        predictor: &predictors[member],
        lowBit: lowBit,
        into: &values,
        at: start
      )
    case .nextDC(let lowBit):
      entropy.takeNextDC(bytes, lowBit: lowBit, into: &values, at: start)
    case .firstAC(let band):
      try entropy.takeFirstAC(
        bytes,
        tables: tables,
        ac: acTables[member],
        band: band,
        emptyBlocks: &emptyBlocks,
        into: &values,
        at: start
      )
    case .nextAC(let band):
      try entropy.takeNextAC(
        bytes,
        tables: tables,
        ac: acTables[member],
        band: band,
        emptyBlocks: &emptyBlocks,
        into: &values,
        at: start
      )
    }
  }
}
