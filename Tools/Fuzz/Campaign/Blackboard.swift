import Foundation

/// Memory that the campaign and its worker share: the input that is being read, so that it is known
/// even when the worker dies.
///
///      0  number of the input  Int64
///      8  length               Int64
///     16  the input
struct Blackboard: @unchecked Sendable {
  let path: String
  private let memory: UnsafeMutableRawPointer
  private static let byteCount = 16 + 2 * Mutator.largestInput

  /// Maps the file, which the campaign makes and the worker finds.
  ///
  /// - Parameter path: the file.
  /// - Throws: what the file system says.
  init(path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, Self.byteCount) == 0 else {
      throw FuzzError.file(path: path, code: errno)
    }
    defer { close(descriptor) }
    let memory = mmap(
      nil,
      Self.byteCount,
      PROT_READ | PROT_WRITE,
      MAP_SHARED,
      descriptor,
      0
    )
    guard let memory, memory != MAP_FAILED else { throw FuzzError.file(path: path, code: errno) }
    self.memory = memory
  }

  /// Notes what is about to be read.
  ///
  /// - Parameters:
  ///   - input: not longer than `Mutator.largestInput`.
  ///   - index: its number.
  func write(_ input: [UInt8], index: Int) {
    memory.storeBytes(of: index, as: Int.self)
    memory.storeBytes(of: input.count, toByteOffset: 8, as: Int.self)
    input.withUnsafeBytes {
      (memory + 16).copyMemory(
        from: $0.baseAddress ?? UnsafeRawPointer(memory),
        byteCount: $0.count
      )
    }
  }

  /// The number of the input that was noted last.
  var index: Int { memory.load(as: Int.self) }

  /// The input that was noted last.
  var input: [UInt8] {
    let count = min(memory.load(fromByteOffset: 8, as: Int.self), Mutator.largestInput)
    return [UInt8](UnsafeRawBufferPointer(start: memory + 16, count: count))
  }
}
