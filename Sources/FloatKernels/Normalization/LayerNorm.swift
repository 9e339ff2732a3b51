/// Normalises every row over its channels, rows shared out over the pool.
///
/// - Parameters:
///   - rows: all rows with their operands.
///   - table: the kernels.
///   - pool: the threads.
public func layerNorm(_ rows: LayerNormRows, table: FloatKernelTable, pool: WorkerPool) {
  pool.parallelFor(rows.rows) { range, _ in
    let offset = range.lowerBound * rows.columns
    var part = rows
    part.input += offset
    if let residual = part.residual { part.residual = residual + offset }
    part.output += offset
    part.rows = range.count
    table.layerNormRows(part)
  }
}
