import Messages

/// A whole file mapped into memory for reading.
///
///     let file = try FileMapping(path: "model.edetr")
///     let model = try Model(validating: file.bytes)
///
/// Nothing is copied: pages come in when they are read. The bytes stay in place as long as the mapping
/// lives. A file that somebody cuts short meanwhile ends this process, as with every use of `mmap`.
public final class FileMapping: @unchecked Sendable {
  /// The file's bytes, on a page boundary.
  public let bytes: UnsafeRawBufferPointer

  /// Maps a file.
  ///
  /// - Parameter path: a regular file that is not empty, or a symbolic link to one.
  /// - Throws: ``FileMappingError`` for what is missing, not readable, empty or no regular file.
  public convenience init(path: String) throws(FileMappingError) {
    // Embedded Swift has no rethrowing of typed errors through `withCString`.
    var path = Array(path.utf8CString)
    try self.init(path: &path)
  }

  /// Maps a file whose path ends with a zero byte.
  ///
  /// - Throws: as ``init(path:)-(String)``.
  public init(path: UnsafePointer<CChar>) throws(FileMappingError) {
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
    let flags = SystemNumber.readOnly | SystemNumber.closeOnExec | SystemNumber.nonBlocking
    let descriptor = open(path, flags)
    guard descriptor >= 0 else { throw .system(code: errnoLocation().pointee) }
    defer { _ = close(descriptor) }
    var byte: UInt8 = 0
    if read(descriptor, &byte, 1) < 0, errnoLocation().pointee == SystemNumber.isDirectory {
      throw .directory
    }
    let count = lseek(descriptor, 0, SystemNumber.fromEnd)
    guard count >= 0 else { throw .notRegular }
    guard count > 0 else { throw .empty }
    let start = mmap(
      nil,
      count,
      SystemNumber.readable,
      SystemNumber.privately,
      descriptor,
      0
    )
    // MAP_FAILED is the address −1.
    guard let start, Int(bitPattern: start) != -1 else {
      throw .system(code: errnoLocation().pointee)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit { _ = munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }
}

/// Why a file cannot be mapped.
public enum FileMappingError: Error, Equatable, Sendable {
  case directory
  case notRegular
  case empty
  /// The system's error number.
  case system(code: Int32)

  /// What is wrong, without the file's name.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .directory: "expected a file, found a folder"
    case .notRegular: "expected a regular file, found something else"
    case .empty: "the file is empty"
    case .system(let code): "\(Self.text(code))"
    }
  }

  /// The C library's words for an error number.
  public static func text(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
