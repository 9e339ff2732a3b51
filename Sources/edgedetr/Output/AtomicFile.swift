import Foundation

/// Why a result could not be written.
struct OutputError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): cannot be written: \(reason)" }
}

/// Writes files beside their place and renames them: never half a file.
enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String) throws(OutputError) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw OutputError(path: path, reason: String(cString: strerror(errno)))
    }
  }

  static func createDirectory(_ path: String) throws(OutputError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: true
      )
    } catch {
      throw OutputError(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
