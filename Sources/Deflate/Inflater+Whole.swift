extension Inflater {
  /// Unpacks a bare deflate stream that must fill the memory for its bytes exactly.
  ///
  /// Beside that memory, which the caller has held against a limit before, ``memoryByteCount`` is
  /// taken.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - range: where the stream stands in it; what follows the stream's end there is not read.
  ///   - target: takes the unpacked bytes.
  /// - Precondition: `range` lies inside `bytes`.
  /// - Throws: ``DeflateError``, also when the stream gives fewer bytes or more.
  public static func unpack(
    _ bytes: Span<UInt8>,
    in range: Range<Int>,
    into target: inout MutableSpan<UInt8>
  ) throws(DeflateError) {
    var inflater = try Inflater(bytes, data: [range], framing: .bare)
    let taken = try inflater.takeAvailable(bytes, into: &target, from: 0)
    guard taken == target.count else { throw .tooShort(expected: target.count, found: taken) }
    guard try inflater.isAtEnd(bytes) else { throw .tooLong(expected: target.count) }
  }
}
