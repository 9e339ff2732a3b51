// Declared here so that the same source compiles as Embedded Swift.

@_extern(c, "clock_gettime")
private func clock_gettime(_ clock: Int32, _ time: UnsafeMutablePointer<Int>) -> Int32

/// Clocks of the system that only go forward.
enum SystemClock {
  /// Nanoseconds since some moment in the past.
  static var nanoseconds: UInt64 { now(1) }

  /// Nanoseconds that the calling thread has computed.
  static var threadNanoseconds: UInt64 { now(3) }

  private static func now(_ clock: Int32) -> UInt64 {
    // `struct timespec`: seconds and nanoseconds, a word each.
    var time = SIMD2<Int>()
    withUnsafeMutablePointer(to: &time) { time in
      UnsafeMutableRawPointer(time).withMemoryRebound(to: Int.self, capacity: 2) {
        _ = clock_gettime(clock, $0)
      }
    }
    return UInt64(truncatingIfNeeded: time[0]) &* 1_000_000_000
      &+ UInt64(truncatingIfNeeded: time[1])
  }
}
