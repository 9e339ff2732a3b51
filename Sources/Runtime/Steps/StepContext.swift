import Kernels

/// What a step needs to know beside its own numbers: which part of the work is the caller's.
struct StepContext {
  let thread: Int
  let threads: Int
  let table: UnsafePointer<KernelTable>
  /// The picture and the bytes from one of its rows to the next.
  let picture: UnsafePointer<UInt8>
  let pictureStride: Int
  /// Present on the first thread of a session that measures its operations.
  let clock: OperationClock?

  /// This thread's part of `count` items, in whole blocks of `unit`; the last block may be short.
  func share(of count: Int, unit: Int) -> Range<Int> {
    threadShare(of: count, unit: unit, thread: thread, of: threads)
  }
}

/// A part of the arena that every thread has a piece of.
struct ThreadScratch {
  let base: UnsafeMutableRawPointer
  /// Bytes of one thread, a multiple of 64.
  let byteCount: Int

  func start(_ context: StepContext) -> UnsafeMutableRawPointer {
    base + context.thread * byteCount
  }

  func start(thread: Int) -> UnsafeMutableRawPointer { base + thread * byteCount }
}

/// Lays arrays out one after the other, each on a 64-byte boundary.
///
/// Sizes come from shapes that were checked and are kept in 64 bits, so that the sum can be compared with
/// what the machine can address before anything is taken.
struct ScratchLayout {
  private(set) var byteCount: Int64 = 0

  /// The place of an array.
  mutating func add(_ count: Int, bytes: Int) -> Int {
    let offset = byteCount
    byteCount += (Int64(count) * Int64(bytes) + 63) / 64 * 64
    return Int(truncatingIfNeeded: offset)
  }
}
