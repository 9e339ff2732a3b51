import Foundation
import Vision

/// A photograph of a command line or an annotation file, not yet read.
struct PhotographFile {
  let path: String
  /// The id in the annotations, else the place in the order, from 0 on.
  let imageID: Int

  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// Reads and decodes the file.
  func decoded() throws -> DecodedPhotograph {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw InputError(path: path, reason: "no such file")
    }
    guard !isDirectory.boolValue else {
      throw InputError(path: path, reason: "expected a picture, found a folder")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw InputError(path: path, reason: "cannot be read")
    }
    do {
      return DecodedPhotograph(file: self, image: try Image(decoding: [UInt8](bytes)))
    } catch {
      throw InputError(path: path, reason: error.description)
    }
  }
}

/// A photograph in memory.
struct DecodedPhotograph {
  let file: PhotographFile
  let image: Image
}

/// Why a photograph or another input could not be used.
struct InputError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): \(reason)" }
}

enum PhotographList {
  static let endings: Set<String> = ["jpg", "jpeg", "png", "ppm", "pgm", "pnm"]

  /// The pictures of files and folders; a folder's in the order of their names.
  static func expand(_ operands: [String]) throws(InputError) -> [PhotographFile] {
    var paths: [String] = []
    for operand in operands {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: operand, isDirectory: &isDirectory) else {
        throw InputError(path: operand, reason: "no such file or folder")
      }
      guard isDirectory.boolValue else {
        paths.append(operand)
        continue
      }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: operand)) ?? []
      let pictures = names.filter { endings.contains(($0 as NSString).pathExtension.lowercased()) }
      guard !pictures.isEmpty else {
        throw InputError(
          path: operand,
          reason: "no picture in this folder (jpg, png, ppm, pgm)"
        )
      }
      paths += pictures.sorted().map { (operand as NSString).appendingPathComponent($0) }
    }
    return paths.enumerated().map { PhotographFile(path: $1, imageID: $0) }
  }
}
