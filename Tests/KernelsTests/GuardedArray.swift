import Testing

/// An array that ends right before a page that nobody may touch.
///
/// It lies as far to the end as its elements allow: reading or writing one element more than asked
/// for ends the test run.
final class GuardedArray<Element: FixedWidthInteger> {
  private let memory: GuardedMemory
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    let bytes = elements.count * MemoryLayout<Element>.stride
    memory = GuardedMemory(byteCount: (bytes + 63) / 64 * 64)
    start = (memory.bytes.baseAddress! + memory.bytes.count - bytes)
      .assumingMemoryBound(to: Element.self)
    start.initialize(from: elements, count: count)
  }

  convenience init(count: Int) { self.init([Element](repeating: 0x55, count: count)) }

  var elements: [Element] { (0..<count).map { start[$0] } }
  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(start) }
}

extension RandomNumberGenerator {
  /// Numbers that provoke: a third of them is at the ends of the range.
  mutating func numbers<T: FixedWidthInteger>(_ count: Int, _ range: ClosedRange<T>) -> [T] {
    (0..<count).map { _ in
      switch Int.random(in: 0..<6, using: &self) {
      case 0: range.lowerBound
      case 1: range.upperBound
      default: T.random(in: range, using: &self)
      }
    }
  }
}
