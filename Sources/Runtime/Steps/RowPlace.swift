/// Where the rows of a value lie: one after the other, or only the last few of them in a ring of
/// each thread's.
struct RowPlace {
  /// Row 0 of the first thread.
  let base: UnsafeMutableRawPointer
  let rowBytes: Int
  /// Rows that there is room for: row r lies in place r modulo this.
  let capacity: Int
  /// Bytes from one thread's ring to the next one's; 0 where all threads share the value.
  let threadStride: Int

  /// Rows one after the other.
  init(_ base: UnsafeMutableRawPointer, rowBytes: Int) {
    self.init(base, rowBytes: rowBytes, capacity: Int.max, threadStride: 0)
  }

  init(
    _ base: UnsafeMutableRawPointer,
    rowBytes: Int,
    capacity: Int,
    threadStride: Int
  ) {
    self.base = base
    self.rowBytes = rowBytes
    self.capacity = capacity
    self.threadStride = threadStride
  }

  /// Row 0 of a thread's ring.
  func start(_ thread: Int) -> UnsafeMutableRawPointer { base + thread * threadStride }

  func row(_ row: Int, _ thread: Int) -> UnsafeMutableRawPointer {
    start(thread) + row % capacity * rowBytes
  }

  /// How many rows from `row` on lie one after the other.
  func contiguous(from row: Int) -> Int { capacity - row % capacity }
}

extension StepContext {
  /// Cuts rows into pieces that lie one after the other in both values.
  ///
  /// - Parameters:
  ///   - rows: the rows.
  ///   - input: where the rows that are read lie.
  ///   - output: where the rows that are written lie.
  ///   - body: gets both places and the number of rows of each piece.
  @inline(__always)
  func forEachPiece(
    of rows: Range<Int>,
    _ input: RowPlace,
    _ output: RowPlace,
    _ body: (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
  ) {
    forEachPiece(of: rows, input, input, output) { input, _, output, count in
      body(input, output, count)
    }
  }

  /// The same for two values that are read.
  @inline(__always)
  func forEachPiece(
    of rows: Range<Int>,
    _ a: RowPlace,
    _ b: RowPlace,
    _ output: RowPlace,
    _ body: (UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
  ) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(
        rows.upperBound - row,
        a.contiguous(from: row),
        b.contiguous(from: row),
        output.contiguous(from: row)
      )
      body(
        UnsafeRawPointer(a.row(row, thread)),
        UnsafeRawPointer(b.row(row, thread)),
        output.row(row, thread),
        count
      )
      row += count
    }
  }
}
