import Foundation

/// Memory that ends at a page that nobody may touch, and begins behind one.
///
/// The end is on a 64-byte boundary; a byte count that is no multiple of 64 leaves up to 63 bytes
/// that are filled with a pattern and compared when asked.
final class GuardedMemory {
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int
  private let slack: UnsafeMutableRawBufferPointer
  private static let pattern: UInt8 = 0xA5

  init(byteCount: Int) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let rounded = (byteCount + 63) / 64 * 64
    let pages = (rounded + page - 1) / page * page
    mappedBytes = pages + 2 * page
    mapping = mmap(
      nil,
      mappedBytes,
      PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS,
      -1,
      0
    )!
    mprotect(mapping, page, PROT_NONE)
    mprotect(mapping + page + pages, page, PROT_NONE)
    let start = mapping + page + pages - rounded
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    // Everything that is accessible and not asked for.
    (mapping + page).initializeMemory(as: UInt8.self, repeating: Self.pattern, count: pages)
    slack = UnsafeMutableRawBufferPointer(
      start: start + byteCount,
      count: rounded - byteCount
    )
    before = UnsafeMutableRawBufferPointer(start: mapping + page, count: pages - rounded)
  }

  private let before: UnsafeMutableRawBufferPointer

  /// Whether nothing was written beside the bytes.
  var isIntact: Bool {
    before.allSatisfy { $0 == Self.pattern } && slack.allSatisfy { $0 == Self.pattern }
  }

  deinit { munmap(mapping, mappedBytes) }
}
