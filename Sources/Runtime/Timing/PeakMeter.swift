import Kernels

/// Measures how many multiply-adds a table of kernels could do at best, on several threads at once.
///
///     let meter = try PeakMeter(table: .best, threads: 2)
///     let sample = meter.run(iterations: meter.iterations(nanoseconds: 5_000_000))
public final class PeakMeter {
  /// One measurement.
  public struct Sample: Sendable {
    /// Of all threads together.
    public let multiplyAdds: Int
    /// On the wall.
    public let nanoseconds: UInt64
    /// Of the first thread alone, and the time that it computed.
    public let threadMultiplyAdds: Int
    public let threadNanoseconds: UInt64
  }

  private let table: KernelTable
  private let pool: ThreadPool
  /// For each thread 64 bytes for the loop, then what it has done and how long it took.
  private let memory: UnsafeMutableRawPointer
  private var iterations = 0

  private static let stride = 128
  /// The most rounds at a time; the multiply-adds that they make fit 64 bits by far.
  private static let limit = 1 << 30

  /// - Throws: ``SessionError`` where the threads cannot be had.
  public init(table: KernelTable, threads: Int) throws(SessionError) {
    self.table = table
    pool = try ThreadPool(threads: threads)
    memory = .allocate(byteCount: threads * Self.stride, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 1, count: threads * Self.stride)
  }

  deinit { memory.deallocate() }

  /// How many rounds of the loop take about so long.
  public func iterations(nanoseconds: UInt64) -> Int {
    var trial = 1 << 12
    while true {
      let taken = run(iterations: trial).nanoseconds
      if taken >= 500_000 || trial >= Self.limit {
        let (product, overflow) = UInt64(trial).multipliedReportingOverflow(by: nanoseconds)
        let wanted = overflow ? UInt64.max : product / max(taken, 1)
        return Int(truncatingIfNeeded: min(max(wanted, 1), UInt64(Self.limit)))
      }
      trial *= 2
    }
  }

  /// Runs the loop on all threads.
  public func run(iterations: Int) -> Sample {
    self.iterations = iterations
    let start = SystemClock.nanoseconds
    pool.run(runPart, Unmanaged.passUnretained(self).toOpaque())
    let nanoseconds = SystemClock.nanoseconds &- start
    var sum = 0
    for thread in 0..<pool.threads { sum += done(thread) }
    return Sample(
      multiplyAdds: sum,
      nanoseconds: max(nanoseconds, 1),
      threadMultiplyAdds: done(0),
      threadNanoseconds: max(memory.load(fromByteOffset: 72, as: UInt64.self), 1)
    )
  }

  private func done(_ thread: Int) -> Int {
    memory.load(fromByteOffset: thread * Self.stride + 64, as: Int.self)
  }

  fileprivate func work(_ thread: Int) {
    let own = memory + thread * Self.stride
    let start = SystemClock.threadNanoseconds
    let done = table.multiplyAddLoop(iterations, own)
    let taken = SystemClock.threadNanoseconds &- start
    own.storeBytes(of: done, toByteOffset: 64, as: Int.self)
    own.storeBytes(of: taken, toByteOffset: 72, as: UInt64.self)
  }
}

private func runPart(_ meter: UnsafeMutableRawPointer, _ thread: Int) {
  // The caller of `run` holds the meter until all threads are done.
  Unmanaged<PeakMeter>.fromOpaque(meter).takeUnretainedValue().work(thread)
}
