import Architectures
import FloatGraph
import Foundation

extension Arguments {
  /// What the command line says of a checkpoint beyond its file.
  func detectorOptions() throws -> DetectorOptions {
    var options = DetectorOptions()
    options.heads = try integer("heads", in: 1...4096)
    options.dilation = has("dilation") ? true : nil
    options.activation = try choice("activation", of: ["relu", "gelu"]).map {
      $0 == "gelu" ? .gelu : .relu
    }
    options.labels = try text("labels").map { try LabelFile.read($0) }
    return options
  }

  /// Loads the checkpoint of an operand.
  func loadDetector(_ path: String) throws -> LoadedDetector {
    try LoadedDetector.open(path: path, options: detectorOptions())
  }

  /// The number of worker threads.
  func threads() throws -> Int {
    try integer("threads", in: 1...256) ?? ProcessInfo.processInfo.activeProcessorCount
  }
}

/// A file of class names, one a line, in the order of the classes.
enum LabelFile {
  static func read(_ path: String) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError(path: path, reason: "cannot be read as a list of labels")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw InputError(path: path, reason: "expected UTF-8 text with one label a line")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }
}
