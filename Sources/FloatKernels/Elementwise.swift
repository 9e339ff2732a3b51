extension FloatKernelTable {
  /// Writes the sum of two operands, shared out over the pool; the output may be either of them.
  public func add(
    _ left: UnsafePointer<Float>,
    _ right: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>,
    count: Int,
    pool: WorkerPool
  ) {
    pool.parallelFor(count, grain: 4096) { range, _ in
      let first = range.lowerBound
      add(
        ElementwiseOperation(
          left: left + first,
          right: right + first,
          output: output + first,
          count: range.count
        )
      )
    }
  }

  /// Writes an activation of the input, shared out over the pool; the output may be the input.
  public func activate(
    _ kind: Activation,
    _ input: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>,
    count: Int,
    pool: WorkerPool
  ) {
    pool.parallelFor(count, grain: 4096) { range, _ in
      let first = range.lowerBound
      activate(
        ElementwiseOperation(
          left: input + first,
          right: input + first,
          output: output + first,
          count: range.count
        ),
        kind
      )
    }
  }

  /// Turns every row of a contiguous matrix into its softmax, in place, shared out over the pool.
  public func softmax(
    _ matrix: UnsafeMutablePointer<Float>,
    rows: Int,
    columns: Int,
    pool: WorkerPool
  ) {
    pool.parallelFor(rows) { range, _ in
      softmaxRows(
        SoftmaxRows(
          matrix: matrix + range.lowerBound * columns,
          rows: range.count,
          columns: columns,
          stride: columns,
          columnBias: nil
        )
      )
    }
  }
}
