/// A read-only window on bytes that stay where they are: a mapped file or an array.
///
/// A view keeps its bytes alive, costs three words, and is checked: no index, offset or length
/// taken from a file can lead outside it. Readers ask with `slice(at:count:)`, `byte(at:)` and
/// `integer(at:as:)`, which answer `nil` for anything that is not wholly inside.
///
///     let view = try MappedFile.open(path: "model.safetensors")
///     let headerLength = view.integer(at: 0, as: UInt64.self)
///
/// Not for data that are to be changed; a view never copies and never writes.
@frozen
public struct ByteView: @unchecked Sendable {
  // The pointer is valid for `count` bytes for as long as `owner` lives; nobody writes to them.
  // Each use ends with `_fixLifetime(owner)`, which keeps the owner alive up to there and costs
  // nothing; `withExtendedLifetime` costs a retain and a release a byte (measured: ten times the
  // time of the JSON reader).
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let owner: AnyObject

  /// The number of bytes in the window.
  public let count: Int

  /// Makes a window on memory that an owner keeps alive.
  ///
  /// - Parameters:
  ///   - base: the first byte; `count` bytes are readable and unchanging while `owner` lives.
  ///   - count: the length in bytes, not negative.
  ///   - owner: the object that keeps the memory.
  @inlinable
  init(base: UnsafeRawPointer, count: Int, owner: AnyObject) {
    precondition(count >= 0)
    self.base = base
    self.count = count
    self.owner = owner
  }

  /// Makes a window on a copy of the given bytes.
  ///
  /// - Parameter bytes: the bytes to hold.
  public init(_ bytes: some Collection<UInt8>) {
    let block = OwnedBytes(bytes)
    self.init(base: block.base, count: block.count, owner: block)
  }

  /// Makes a window on new memory that a closure fills.
  ///
  /// - Parameters:
  ///   - byteCount: the length in bytes, not negative; the caller has held it against a limit.
  ///   - body: gets the memory, all zeros.
  /// - Throws: what the closure throws.
  public init<E: Error>(
    byteCount: Int,
    filledBy body: (inout MutableSpan<UInt8>) throws(E) -> Void
  ) throws(E) {
    let block = OwnedBytes(byteCount: byteCount)
    let memory = UnsafeMutableRawBufferPointer(start: block.base, count: byteCount)
    var span = memory.bindMemory(to: UInt8.self).mutableSpan
    try body(&span)
    self.init(base: block.base, count: byteCount, owner: block)
  }

  /// Makes a window on the UTF-8 form of a text.
  ///
  /// - Parameter text: the text to hold.
  public init(utf8 text: String) {
    self.init(Array(text.utf8))
  }

  /// The byte at an index that the caller knows to be inside; a trap otherwise.
  ///
  /// - Parameter index: 0 up to, not including, `count`.
  @inlinable
  public subscript(index: Int) -> UInt8 {
    @inline(__always) get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      defer { _fixLifetime(owner) }
      return base.load(fromByteOffset: index, as: UInt8.self)
    }
  }

  /// The byte at an index, or `nil` outside.
  ///
  /// - Parameter index: any number.
  /// - Returns: the byte there.
  @inlinable
  public func byte(at index: Int) -> UInt8? {
    UInt(bitPattern: index) < UInt(bitPattern: count) ? self[index] : nil
  }

  /// The window of `length` bytes from `offset` on, or `nil` when it is not wholly inside.
  ///
  /// - Parameters:
  ///   - offset: the first byte, any number.
  ///   - length: the length in bytes, any number.
  /// - Returns: a window on the same bytes.
  @inlinable
  public func slice(at offset: Int, count length: Int) -> ByteView? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return ByteView(base: base + offset, count: length, owner: owner)
  }

  /// The little-endian integer at an offset of any alignment, or `nil` when it is not wholly inside.
  ///
  /// - Parameters:
  ///   - offset: its first byte, any number.
  ///   - type: the integer's type.
  /// - Returns: its value.
  @inlinable
  public func integer<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int,
    as type: T.Type
  ) -> T? {
    guard offset >= 0, offset <= count, MemoryLayout<T>.size <= count - offset else { return nil }
    defer { _fixLifetime(owner) }
    return T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Calls a closure with the bytes, for the whole-buffer loops of conversions and checksums.
  ///
  /// - Parameter body: gets the bytes, which it must not keep.
  /// - Returns: what the closure returns.
  /// - Throws: what the closure throws.
  @inlinable
  public func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    defer { _fixLifetime(owner) }
    return try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Whether two views show the very same bytes, not merely equal ones.
  ///
  /// - Parameter other: another view.
  /// - Returns: true when both start at the same place and have the same length.
  public func isSameMemory(as other: ByteView) -> Bool {
    base == other.base && count == other.count
  }

  /// The bytes as text, or `nil` when they are not UTF-8.
  public var text: String? {
    withUnsafeBytes { String(validating: $0, as: UTF8.self) }
  }
}

/// A block of memory that a view of copied or computed bytes points into.
private final class OwnedBytes {
  // Allocated and initialised for `count` bytes here, freed here, not written while a view shows it.
  let base: UnsafeMutableRawPointer
  let count: Int

  init(byteCount: Int) {
    count = byteCount
    base = .allocate(byteCount: max(count, 1), alignment: 16)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
  }

  convenience init(_ bytes: some Collection<UInt8>) {
    self.init(byteCount: bytes.count)
    UnsafeMutableRawBufferPointer(start: base, count: count).copyBytes(from: bytes)
  }

  deinit { base.deallocate() }
}
