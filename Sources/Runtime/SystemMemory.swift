// Memory that may turn out not to be there: Swift's own allocation ends the program in place of
// saying so.

@_extern(c, "aligned_alloc")
private func aligned_alloc(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer?

/// Memory of the system for an arena.
public enum SystemMemory {
  /// - Parameter byteCount: a multiple of ``ArenaPlan/alignment``.
  /// - Returns: memory on a boundary of that alignment, given back by ``release(_:)``.
  /// - Throws: ``SessionError/noMemory(byteCount:)``.
  public static func take(
    _ byteCount: Int
  ) throws(SessionError) -> UnsafeMutableRawBufferPointer {
    guard let start = aligned_alloc(ArenaPlan.alignment, byteCount) else {
      throw .noMemory(byteCount: byteCount)
    }
    return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  public static func release(_ memory: UnsafeMutableRawBufferPointer) {
    // Swift takes aligned memory from the C library too and gives it back with the same function.
    memory.deallocate()
  }
}
