/// Memory that ends where an unreadable page begins, and begins after one where its size allows.
///
/// A kernel that reads or writes past the end is stopped by the processor. Bytes before the beginning
/// are filled with a pattern that ``isIntact`` looks for.
final class GuardedBytes {
  let count: Int
  let start: UnsafeMutableRawPointer
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int
  private static let pattern: UInt8 = 0xa5

  /// - Parameters:
  ///   - count: bytes that may be read and written.
  ///   - slack: bytes behind the end that may be read, as contracts allow.
  init(count: Int, slack: Int = 0) {
    let page = Pages.byteCount
    let body = (count + slack + 64 + page - 1) / page * page
    mappedBytes = body + 2 * page
    guard let memory = Pages.take(mappedBytes), Pages.forbid(memory, page),
      Pages.forbid(memory + page + body, page)
    else { fatalError("no memory for bytes between guard pages") }
    mapping = memory
    self.count = count
    start = memory + page + body - count - slack
    fill(memory + page, start - (memory + page), Self.pattern)
    fill(start + count, slack, Self.pattern)
  }

  /// Scratch memory of a kernel, on a 64-byte boundary.
  convenience init(scratch count: Int) { self.init(count: (count + 63) & ~63) }

  deinit { Pages.release(mapping, mappedBytes) }

  /// Whether nothing was written before the beginning or into the slack behind the end.
  var isIntact: Bool {
    var byte = mapping + Pages.byteCount
    while byte < start {
      if byte.load(as: UInt8.self) != Self.pattern { return false }
      byte += 1
    }
    byte = start + count
    while byte < mapping + mappedBytes - Pages.byteCount {
      if byte.load(as: UInt8.self) != Self.pattern { return false }
      byte += 1
    }
    return true
  }

  func fill(_ value: UInt8) { fill(start, count, value) }

  private func fill(_ start: UnsafeMutableRawPointer, _ count: Int, _ value: UInt8) {
    start.initializeMemory(as: UInt8.self, repeating: value, count: count)
  }

  func array<Element>(of: Element.Type) -> UnsafeMutablePointer<Element> {
    start.assumingMemoryBound(to: Element.self)
  }

  func difference(from other: GuardedBytes) -> Int? {
    (0..<count).first {
      (start + $0).load(as: UInt8.self) != (other.start + $0).load(as: UInt8.self)
    }
  }
}
