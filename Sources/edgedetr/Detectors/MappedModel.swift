import Foundation
import ModelFile

/// An `.edetr` file mapped into memory.
final class MappedModel {
  let path: String
  let model: Model
  private let bytes: UnsafeRawBufferPointer

  init(path: String) throws(MappedModelError) {
    self.path = path
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw MappedModelError(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw MappedModelError(path: path, reason: "expected a model file, found something else")
    }
    let count = Int(status.st_size)
    guard count > 0 else { throw MappedModelError(path: path, reason: "the file is empty") }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw MappedModelError(path: path, reason: String(cString: strerror(errno))) }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
    do {
      model = try Model(validating: bytes)
    } catch {
      munmap(UnsafeMutableRawPointer(mutating: start), count)
      throw MappedModelError(path: path, reason: error.description)
    }
  }

  /// Whether a file begins as a model does; the rest is not looked at.
  static func isModel(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return Model.hasSignature((try? file.read(upToCount: 8)).map { [UInt8]($0) } ?? [])
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  func string(_ range: TextRange) -> String { String(decoding: model.text(range), as: UTF8.self) }

  var labels: [String] { model.information.labels.map { string($0) } }
}

/// Why a file could not be opened as a model.
struct MappedModelError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason)" }
}
