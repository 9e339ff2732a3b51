import Foundation

/// A reader of untrusted bytes, and what the fuzzer needs to know of its format.
struct FuzzReader: Sendable {
  /// What the command line calls it.
  let name: String
  /// What it reads, in a few words.
  let summary: String
  /// Endings of files that are samples of the format.
  let endings: [String]
  /// Words of the format.
  var dictionary: [[UInt8]] = []
  /// What it may take from the heap beside four times the input's length, in bytes.
  let constant: Int
  /// Makes good inputs without any file.
  let samples: @Sendable () throws -> [[UInt8]]
  /// Sets lengths and checksums right.
  var repair: (@Sendable (inout [UInt8]) -> Void)?
  /// Reads an input and uses what was read as the program would; throws where it is refused.
  let read: @Sendable ([UInt8], Workplace) throws -> Void

  /// All readers, in the order of the documentation.
  static let all: [FuzzReader] = [
    .json, .coco, .safetensors, .pickle, .zip, .inflate, .config, .jpeg, .png, .pnm, .model,
    .session,
  ]

  /// What an input of a length may take.
  func allowance(_ count: Int) -> Int { 4 * count + constant }
}

/// A folder of the process's own for readers that take paths, in memory where the system has that.
struct Workplace: Sendable {
  let path: String

  /// Makes the folder.
  init() throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    path = "\(parent)/edgedetr-fuzz-\(getpid())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Writes a file, replacing what stood there.
  ///
  /// - Parameters:
  ///   - bytes: what to write.
  ///   - name: its name in the folder.
  /// - Returns: its path.
  /// - Throws: what the file system says.
  func file(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = "\(self.path)/\(name)"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw FuzzError.file(path: path, code: errno) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let step = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard step > 0 else { throw FuzzError.file(path: path, code: errno) }
      written += step
    }
    return path
  }

  /// Removes the folder with everything in it.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Why the fuzzer itself cannot go on.
enum FuzzError: Error, CustomStringConvertible {
  case usage(String)
  case file(path: String, code: Int32)
  case meter

  var description: String {
    switch self {
    case .usage(let message): message
    case .file(let path, let code): "\(path): \(String(cString: strerror(code)))"
    case .meter:
      "allocations are not seen; with the address sanitizer build with -Xswiftc -DSANITIZER"
    }
  }
}
