import Dispatch

/// Shares rows among threads; each row is computed by one of them, so that their number does not matter.
func shareRows(_ rows: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
  let parts = max(1, min(threads * 4, rows))
  guard threads > 1, parts > 1 else {
    body(0..<rows)
    return
  }
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    body(rows * part / parts..<rows * (part + 1) / parts)
  }
}

/// The elements of a result, which threads fill row by row.
///
/// - Parameters:
///   - rows: how many rows there are.
///   - channels: the length of a row.
///   - threads: how many threads compute.
///   - body: fills the rows of a range; the pointer leads to the first row of all.
/// - Returns: the filled elements.
func filledRows(
  _ rows: Int,
  _ channels: Int,
  threads: Int,
  _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Int32>) -> Void
) -> [Int32] {
  [Int32](unsafeUninitializedCapacity: rows * channels) { buffer, count in
    count = rows * channels
    guard count > 0 else { return }
    // Each thread writes rows of its own.
    nonisolated(unsafe) let start = buffer.baseAddress!
    shareRows(rows, threads: threads) { body($0, start) }
  }
}
