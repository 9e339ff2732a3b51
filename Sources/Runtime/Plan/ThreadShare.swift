/// A thread's part of `count` items, in whole blocks of `unit`; the last block may be short.
///
/// The products have 64 bits, so that they stay exact where Int has 32.
func threadShare(of count: Int, unit: Int, thread: Int, of threads: Int) -> Range<Int> {
  let blocks = (Int64(count) + Int64(unit) - 1) / Int64(unit)
  let first = blocks * Int64(thread) / Int64(threads) * Int64(unit)
  let end = blocks * (Int64(thread) + 1) / Int64(threads) * Int64(unit)
  let limit = Int64(count)
  return Int(truncatingIfNeeded: min(first, limit))..<Int(truncatingIfNeeded: min(end, limit))
}
