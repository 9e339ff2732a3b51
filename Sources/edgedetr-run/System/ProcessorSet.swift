@_extern(c, "sched_getaffinity")
private func sched_getaffinity(_ process: Int32, _ size: Int, _ mask: UnsafeMutablePointer<UInt>)
  -> Int32

@_extern(c, "sched_setaffinity")
private func sched_setaffinity(_ process: Int32, _ size: Int, _ mask: UnsafePointer<UInt>) -> Int32

/// Processors by number, as `--cpus` names them: `4-7`, `0,2` or `0-1,4`.
struct ProcessorSet {
  /// The C library's `cpu_set_t` has 1024 bits.
  static let limit = 1024
  private var words = [UInt](repeating: 0, count: limit / UInt.bitWidth)

  private init() {}

  /// Reads a list; nil where it is none.
  init?(_ list: Word) {
    for part in list.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let ends = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      guard let first = ends.first.flatMap({ wholeNumber($0) }), ends.count <= 2,
        let last = ends.last.flatMap({ wholeNumber($0) }),
        first <= last, last < Self.limit
      else { return nil }
      for number in first...last { words[number / UInt.bitWidth] |= 1 << (number % UInt.bitWidth) }
    }
  }

  /// The processors on which this program may run; empty where the system does not tell.
  static var allowed: ProcessorSet {
    var set = ProcessorSet()
    if sched_getaffinity(0, limit / 8, &set.words) < 0 { return ProcessorSet() }
    return set
  }

  /// Keeps this thread, and all that it starts from now on, on these processors.
  ///
  /// - Returns: false where the machine has none of them.
  func apply() -> Bool { sched_setaffinity(0, Self.limit / 8, words) == 0 }

  var count: Int {
    var count = 0
    for word in words { count += word.nonzeroBitCount }
    return count
  }
}
