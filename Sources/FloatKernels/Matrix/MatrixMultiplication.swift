/// What happens to a product before it is written for the last time.
public struct MatrixEpilogue {
  /// Rows that are added to those of the output, after the bias.
  public var residual: UnsafePointer<Float>?
  /// The distance of two rows of the residual, in elements.
  public var residualStride: Int
  /// Whether negative results become 0.
  public var rectifies: Bool

  /// Makes the record; without arguments, nothing happens.
  ///
  /// - Parameters:
  ///   - residual: rows to add, or none.
  ///   - residualStride: the distance of two of them, in elements.
  ///   - rectifies: whether negative results become 0.
  public init(
    residual: UnsafePointer<Float>? = nil,
    residualStride: Int = 0,
    rectifies: Bool = false
  ) {
    self.residual = residual
    self.residualStride = residualStride
    self.rectifies = rectifies
  }
}

/// Computes `output = input · matrix (+ bias) (+ residual)`, rows shared out over the pool.
///
/// Every output is the sum over the depth in one order, cut at fixed places, so the result does not
/// depend on the number of threads.
///
/// - Parameters:
///   - input: `[rows, matrix.depth]`, with `inputStride` elements from row to row.
///   - inputStride: the distance of two input rows, in elements.
///   - rows: the number of rows.
///   - matrix: the right factor.
///   - output: `[rows, matrix.columns]`; it must not overlap the input.
///   - outputStride: the distance of two output rows, in elements.
///   - epilogue: what is done to the product.
///   - pool: the threads.
public func multiply(
  _ input: UnsafePointer<Float>,
  inputStride: Int,
  rows: Int,
  by matrix: PackedMatrix,
  into output: UnsafeMutablePointer<Float>,
  outputStride: Int,
  epilogue: MatrixEpilogue = MatrixEpilogue(),
  pool: WorkerPool
) {
  let product = MatrixProduct(
    source: StridedRows(base: input, stride: inputStride),
    matrix: matrix,
    blocks: matrix.blocks,
    output: output,
    outputStride: outputStride,
    epilogue: epilogue
  )
  product.compute(rows: rows, pool: pool)
}

/// A product whose rows and columns can be computed in any order and on any thread.
struct MatrixProduct<Source: TileRowSource> {
  let source: Source
  let matrix: PackedMatrix
  let blocks: [PackedMatrix.Block]
  let output: UnsafeMutablePointer<Float>
  let outputStride: Int
  let epilogue: MatrixEpilogue

  /// Computes everything: tiles of rows are shared out where there are enough, else panels.
  func compute(rows: Int, pool: WorkerPool) {
    let tileRows = matrix.table.tileRows
    let tiles = (rows + tileRows - 1) / tileRows
    if tiles >= 4 * pool.threads || tiles >= matrix.panelCount {
      pool.parallelFor(tiles) { range, worker in
        let rows = range.lowerBound * tileRows..<min(range.upperBound * tileRows, rows)
        let scratch = pool.scratch(worker: worker, byteCount: layout.byteCount)
        compute(rows: rows, panels: 0..<matrix.panelCount, scratch: scratch)
      }
    } else {
      pool.parallelFor(matrix.panelCount) { panels, worker in
        let scratch = pool.scratch(worker: worker, byteCount: layout.byteCount)
        compute(rows: 0..<rows, panels: panels, scratch: scratch)
      }
    }
  }

  private var layout: TileRunLayout {
    TileRunLayout(
      matrix: matrix,
      tapCount: source.tapCount,
      gatheredWidth: source.gatheredWidth
    )
  }

  /// Computes some rows of some panels on the calling thread.
  func compute(rows: Range<Int>, panels: Range<Int>, scratch: UnsafeMutableRawPointer) {
    let tileRows = matrix.table.tileRows
    let layout = layout
    let pointers = scratch.bindMemory(
      to: UnsafePointer<Float>.self,
      capacity: layout.rows * source.tapCount
    )
    let edge = (scratch + layout.edgeOffset).bindMemory(
      to: Float.self,
      capacity: layout.rows * matrix.table.tileColumns
    )
    let gathered = (scratch + layout.gatheredOffset).bindMemory(
      to: Float.self,
      capacity: layout.rows * source.gatheredWidth
    )
    var first = rows.lowerBound
    while first < rows.upperBound {
      let run = first..<min(first + layout.rows, rows.upperBound)
      source.locate(run, tileRows: tileRows, pointers: pointers, gathered: gathered)
      repeatLastRow(of: run.count, in: pointers)
      for panel in panels { compute(run: run, panel: panel, pointers: pointers, edge: edge) }
      first = run.upperBound
    }
  }

  /// Fills up the last tile with its last row, which is then computed again and dropped.
  private func repeatLastRow(
    of count: Int,
    in pointers: UnsafeMutablePointer<UnsafePointer<Float>>
  ) {
    let tileRows = matrix.table.tileRows
    let used = count % tileRows
    guard used > 0 else { return }
    for tap in 0..<source.tapCount {
      let row = pointers + (count / tileRows * source.tapCount + tap) * tileRows
      for index in used..<tileRows { row[index] = row[used - 1] }
    }
  }

  private func compute(
    run: Range<Int>,
    panel: Int,
    pointers: UnsafePointer<UnsafePointer<Float>>,
    edge: UnsafeMutablePointer<Float>
  ) {
    let table = matrix.table
    let tileRows = table.tileRows
    let tileColumns = table.tileColumns
    let firstColumn = panel * tileColumns
    let columns = min(tileColumns, matrix.columns - firstColumn)
    // A panel that is not full goes to a place of its own first: tiles write whole panels.
    let isWhole = columns == tileColumns
    let destination = isWhole ? output + run.lowerBound * outputStride + firstColumn : edge
    let stride = isWhole ? outputStride : tileColumns
    let weights = matrix.panel(panel)
    for (index, block) in blocks.enumerated() {
      let isLast = index == blocks.count - 1
      var tile = MatrixTile(
        rowPointers: pointers + block.firstTap * tileRows,
        tapCount: block.tapCount,
        depthOffset: block.depthOffset,
        depth: block.depth,
        panel: weights + block.panelRow * tileColumns,
        output: destination,
        outputStride: stride,
        rows: tileRows,
        accumulates: index > 0,
        bias: isLast ? matrix.bias.map { UnsafePointer($0) + firstColumn } : nil,
        residual: nil,
        residualStride: epilogue.residualStride,
        rectifies: isLast && isWhole && epilogue.rectifies
      )
      if isLast && isWhole, let residual = epilogue.residual {
        tile.residual = residual + run.lowerBound * epilogue.residualStride + firstColumn
      }
      var row = 0
      while row < run.count {
        tile.rows = min(tileRows, run.count - row)
        table.multiplyTile(tile)
        tile.rowPointers += source.tapCount * tileRows
        tile.output += tileRows * stride
        if let residual = tile.residual {
          tile.residual = residual + tileRows * epilogue.residualStride
        }
        row += tileRows
      }
    }
    if !isWhole { finish(edge: edge, run: run, firstColumn: firstColumn, columns: columns) }
  }

  /// Copies a panel that is not full to the output and does what the epilogue asks for.
  private func finish(
    edge: UnsafePointer<Float>,
    run: Range<Int>,
    firstColumn: Int,
    columns: Int
  ) {
    for row in run {
      let source = edge + (row - run.lowerBound) * matrix.table.tileColumns
      let destination = output + row * outputStride + firstColumn
      let residual = epilogue.residual.map { $0 + row * epilogue.residualStride + firstColumn }
      for column in 0..<columns {
        var value = source[column]
        if let residual { value += residual[column] }
        if epilogue.rectifies && !(value > 0) { value = 0 }
        destination[column] = value
      }
    }
  }
}

/// The rows that are computed together, and the memory that a thread needs for them.
///
/// A run of rows is multiplied with all panels in turn, so its input should stay in the second-level
/// cache meanwhile.
struct TileRunLayout {
  /// The number of rows of a run, whole tiles.
  let rows: Int
  /// Where the results of a panel that is not full lie, behind the row pointers.
  let edgeOffset: Int
  /// Where gathered rows lie.
  let gatheredOffset: Int
  /// Bytes of all of it.
  let byteCount: Int

  init(matrix: PackedMatrix, tapCount: Int, gatheredWidth: Int) {
    let residentByteCount = 256 * 1024
    // Neighbouring positions of a convolution share most of their input.
    let depth = matrix.depth * min(matrix.tapCount, 3)
    let tileByteCount = max(matrix.table.tileRows * depth * 4, 1)
    let tiles = min(max(residentByteCount / tileByteCount, 4), 16)
    rows = tiles * matrix.table.tileRows
    edgeOffset = (rows * tapCount * MemoryLayout<UnsafePointer<Float>>.stride + 63) / 64 * 64
    gatheredOffset = edgeOffset + rows * matrix.table.tileColumns * 4
    byteCount = gatheredOffset + rows * gatheredWidth * 4
  }
}
