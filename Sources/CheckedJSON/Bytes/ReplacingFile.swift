import Foundation

/// A file being written beside its final place, which takes that place whole or not at all.
///
///     var file = try ReplacingFile(path: "detections.json")
///     try file.write(bytes)
///     try file.commit()
///
/// Without `commit` the unfinished file is removed and what stood there before stays.
public struct ReplacingFile: ~Copyable {
  private let path: String
  private let partialPath: String
  private let descriptor: Int32
  private var pending: [UInt8]
  private var isCommitted: Bool

  private static let blockSize = 1 << 20

  /// Starts a file in the folder of its final place.
  ///
  /// - Parameter path: the final place.
  /// - Throws: `FileError` when the folder is missing or not writable, or the place is a folder.
  public init(path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw .isDirectory(path: path)
    }
    var template = Array((path + ".partial-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    self.descriptor = descriptor
    self.path = path
    partialPath = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    pending = []
    isCommitted = false
    pending.reserveCapacity(Self.blockSize)
  }

  /// Appends bytes.
  ///
  /// - Parameter bytes: what to append.
  /// - Throws: `FileError` when the system refuses, for instance because the disk is full.
  public mutating func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    pending.append(contentsOf: bytes)
    if pending.count >= Self.blockSize { try flush() }
  }

  /// Ends the file and puts it in its place.
  ///
  /// - Throws: `FileError` when the system refuses.
  public mutating func commit() throws(FileError) {
    try flush()
    // mkstemp gives mode 600; a finished result is as readable as any new file.
    let mask = umask(0)
    umask(mask)
    guard fchmod(descriptor, 0o666 & ~mask) == 0, rename(partialPath, path) == 0 else {
      throw FileError(path: path, code: errno)
    }
    isCommitted = true
  }

  private mutating func flush() throws(FileError) {
    var written = 0
    while written < pending.count {
      let step = pending[written...].withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if step < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, code: errno)
      }
      written += step
    }
    pending.removeAll(keepingCapacity: true)
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(partialPath) }
  }
}
