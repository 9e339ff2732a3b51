// The few functions of the C library that the check needs, declared here so that the same source
// compiles as Embedded Swift for a board.

@_extern(c, "sysconf")
private func sysconf(_ name: Int32) -> Int

@_extern(c, "mmap")
private func mmap(
  _ address: UnsafeMutableRawPointer?,
  _ byteCount: Int,
  _ protection: Int32,
  _ flags: Int32,
  _ file: Int32,
  _ offset: Int
) -> UnsafeMutableRawPointer?

@_extern(c, "mprotect")
private func mprotect(
  _ address: UnsafeMutableRawPointer,
  _ byteCount: Int,
  _ protection: Int32
) -> Int32

@_extern(c, "munmap")
private func munmap(_ address: UnsafeMutableRawPointer, _ byteCount: Int) -> Int32

/// Writes a `struct timespec`: seconds and nanoseconds, which have the size of a pointer on the systems
/// at hand.
@_extern(c, "clock_gettime")
private func clock_gettime(_ clock: Int32, _ time: UnsafeMutablePointer<Int>) -> Int32

/// Pages of memory as Linux gives them.
enum Pages {
  static let byteCount = sysconf(30)

  /// Zeroed pages that can be read and written, or nil.
  static func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let memory = mmap(nil, bytes, 3, 0x22, -1, 0)
    return memory == UnsafeMutableRawPointer(bitPattern: -1) ? nil : memory
  }

  /// Makes pages unreadable.
  static func forbid(_ start: UnsafeMutableRawPointer, _ bytes: Int) -> Bool {
    mprotect(start, bytes, 0) == 0
  }

  static func release(_ start: UnsafeMutableRawPointer, _ bytes: Int) { _ = munmap(start, bytes) }
}

/// Nanoseconds of a clock that never goes back.
func monotonicNanoseconds() -> Int64 {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { time in
    guard let start = time.baseAddress, clock_gettime(1, start) == 0 else { return 0 }
    return Int64(start[0]) * 1_000_000_000 + Int64(start[1])
  }
}
