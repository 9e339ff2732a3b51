import Glibc

/// Memory that ends where an unreadable page begins, and begins after one where its size allows.
///
/// A kernel that reads or writes past the end is stopped by the processor. Bytes before the beginning
/// are filled with a pattern that ``isIntact`` looks for.
final class GuardedBytes {
  let count: Int
  let start: UnsafeMutableRawPointer
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int
  private let page: Int
  private static let pattern: UInt8 = 0xa5

  /// - Parameters:
  ///   - count: bytes that may be read and written.
  ///   - slack: bytes behind the end that may be read, as contracts allow.
  init(count: Int, slack: Int = 0) {
    page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let body = (count + slack + 64 + page - 1) / page * page
    mappedBytes = body + 2 * page
    guard
      let memory = mmap(
        nil,
        mappedBytes,
        PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS,
        -1,
        0
      ),
      memory != MAP_FAILED,
      mprotect(memory, page, PROT_NONE) == 0,
      mprotect(memory + page + body, page, PROT_NONE) == 0
    else { fatalError("no memory for \(count) bytes between guard pages") }
    mapping = memory
    self.count = count
    start = memory + page + body - count - slack
    memset(memory + page, Int32(Self.pattern), start - (memory + page))
    memset(start + count, Int32(Self.pattern), slack)
  }

  deinit { munmap(mapping, mappedBytes) }

  /// Whether nothing was written before the beginning or into the slack behind the end.
  var isIntact: Bool {
    var byte = mapping + page
    while byte < start {
      if byte.load(as: UInt8.self) != Self.pattern { return false }
      byte += 1
    }
    byte = start + count
    while byte < mapping + mappedBytes - page {
      if byte.load(as: UInt8.self) != Self.pattern { return false }
      byte += 1
    }
    return true
  }

  func fill(_ value: UInt8) { memset(start, Int32(value), count) }

  func array<Element>(of: Element.Type) -> UnsafeMutablePointer<Element> {
    start.assumingMemoryBound(to: Element.self)
  }

  func difference(from other: GuardedBytes) -> Int? {
    (0..<count).first {
      (start + $0).load(as: UInt8.self) != (other.start + $0).load(as: UInt8.self)
    }
  }
}
