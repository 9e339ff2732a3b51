import Foundation

/// A whole file mapped into memory for reading; the mapping ends with the last view of it.
///
/// Nothing is copied: pages come in when they are read. A file that another process cuts short while
/// it is mapped ends this process, as with every use of `mmap`.
public final class MappedFile: Sendable {
  // The mapping covers `count` bytes from `base` on and is private and read-only.
  private let base: UInt
  private let count: Int

  private init(base: UInt, count: Int) {
    self.base = base
    self.count = count
  }

  deinit { munmap(UnsafeMutableRawPointer(bitPattern: base), count) }

  /// Maps a file.
  ///
  /// - Parameter path: a regular file, or a symbolic link to one.
  /// - Returns: a view of all its bytes; an empty one for an empty file.
  /// - Throws: `FileError` for what is missing, a folder, not a regular file, or not readable.
  public static func open(path: String) throws(FileError) -> ByteView {
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, code: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isDirectory(path: path)
    default: throw .notRegular(path: path)
    }
    guard let count = Int(exactly: status.st_size) else { throw .tooLarge(path: path) }
    if count == 0 { return ByteView([]) }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw FileError(path: path, code: errno) }
    let file = MappedFile(base: UInt(bitPattern: base), count: count)
    return ByteView(base: UnsafeRawPointer(base), count: count, owner: file)
  }
}
