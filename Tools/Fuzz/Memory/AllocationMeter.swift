import Glibc

/// How much memory a piece of work takes.
///
/// With the address sanitizer (built with `-DSANITIZER`) these are the bytes on the heap, as the
/// sanitizer tells them with each allocation: exact, also for memory that is never touched. Without it
/// they are the pages that the process has touched beyond those it had, as the kernel counts them
/// (`VmHWM` after writing 5 to `clear_refs`, see proc(5)): good to a few pages, and never more than
/// what was taken.
///
///     AllocationMeter.reset()
///     …
///     print(AllocationMeter.peak)
///
/// Counts are exact for work on one thread.
enum AllocationMeter {
  /// Whether memory is seen at all: takes some and looks.
  static func isWorking() -> Bool {
    install()
    reset()
    let size = 8 << 20
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { block.deallocate() }
    block.initializeMemory(as: UInt8.self, repeating: 7)
    return (size...size + 1 << 20).contains(peak)
  }

  #if SANITIZER
    nonisolated(unsafe) private static var held = 0
    nonisolated(unsafe) private static var start = 0
    /// The most bytes held at once since the last reset.
    nonisolated(unsafe) private(set) static var peak = 0

    /// Begins a measurement.
    static func reset() {
      start = held
      peak = 0
    }

    /// Asks the sanitizer to tell of every allocation.
    private static func install() {
      typealias Took = @convention(c) (UnsafeRawPointer?, Int) -> Void
      typealias GaveBack = @convention(c) (UnsafeRawPointer?) -> Void
      typealias Install = @convention(c) (Took, GaveBack) -> Int32
      guard let symbol = dlsym(nil, "__sanitizer_install_malloc_and_free_hooks") else { return }
      let install = unsafeBitCast(symbol, to: Install.self)
      _ = install(
        { _, size in
          AllocationMeter.held &+= size
          AllocationMeter.peak = max(
            AllocationMeter.peak,
            AllocationMeter.held &- AllocationMeter.start
          )
        },
        { block in
          if let block { AllocationMeter.held &-= AllocationMeter.allocatedSize(block) }
        }
      )
    }

    @_extern(c, "__sanitizer_get_allocated_size")
    private static func allocatedSize(_ block: UnsafeRawPointer) -> Int
  #else
    nonisolated(unsafe) private static var start = 0

    /// Begins a measurement.
    static func reset() {
      // What the heap keeps for later would hide what is taken from it.
      malloc_trim(0)
      let descriptor = open("/proc/self/clear_refs", O_WRONLY)
      if descriptor >= 0 {
        write(descriptor, "5", 1)
        close(descriptor)
      }
      start = status("VmRSS:")
    }

    /// The most bytes held at once since the last reset.
    static var peak: Int { max(status("VmHWM:") - start, 0) }

    private static func install() {}

    /// A figure of the process's status, in bytes.
    private static func status(_ name: StaticString) -> Int {
      let descriptor = open("/proc/self/status", O_RDONLY)
      guard descriptor >= 0 else { return 0 }
      defer { close(descriptor) }
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { text in
        let count = read(descriptor, text.baseAddress, 4095)
        guard count > 0 else { return 0 }
        text[count] = 0
        guard let line = strstr(text.baseAddress!, UnsafeRawPointer(name.utf8Start)) else {
          return 0
        }
        return Int(strtol(line + name.utf8CodeUnitCount, nil, 10)) << 10
      }
    }

    @_extern(c, "malloc_trim")
    @discardableResult
    private static func malloc_trim(_ padding: Int) -> Int32
  #endif
}
