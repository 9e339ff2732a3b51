import Architectures
import FloatGraph
import Foundation
import Kernels
import ModelFile
import Runtime

extension Arguments {
  /// What the command line says of a checkpoint beyond its file.
  func detectorOptions() throws -> DetectorOptions {
    var options = DetectorOptions()
    options.heads = integer("heads")
    options.points = integer("points")
    options.queries = integer("queries")
    options.dilation = has("dilation") ? true : nil
    options.activation = text("activation").map { $0 == "gelu" ? .gelu : .relu }
    options.inputSize = try inputSize()
    options.smooth = number("smooth")
    options.labels = try text("labels").map { try LabelFile.read($0) }
    return options
  }

  /// The rule for the input size; one edge alone takes the other from the paper.
  private func inputSize() throws(UsageError) -> Preprocessing.Size? {
    let (shortest, longest) = (integer("shortest-edge"), integer("longest-edge"))
    if let size = size("size") {
      guard shortest == nil, longest == nil else {
        throw UsageError(command, "--size contradicts --shortest-edge and --longest-edge")
      }
      return .fixed(height: size.height, width: size.width)
    }
    guard shortest != nil || longest != nil else { return nil }
    let edges = (shortest: shortest ?? 800, longest: longest ?? 1333)
    guard edges.shortest <= edges.longest else {
      throw UsageError(
        command,
        "--shortest-edge: expected at most --longest-edge \(edges.longest), found \(edges.shortest)"
      )
    }
    return .edges(shortest: edges.shortest, longest: edges.longest)
  }

  /// Loads the checkpoint of an operand.
  func loadDetector(_ path: String) throws -> LoadedDetector {
    try LoadedDetector(path: path, options: detectorOptions())
  }

  /// Opens a model with the kernels and threads that the command line asks for.
  func integerDetector(_ path: String) throws -> IntegerDetector {
    let table = try kernelTable()
    return IntegerDetector(
      model: try MappedModel(path: path),
      threads: threads,
      table: table,
      releasesWeights: has("release-weights")
    )
  }

  /// The kernels that `--isa` names, else the best ones.
  func kernelTable() throws(UsageError) -> KernelTable {
    guard let name = text("isa") else { return .best }
    guard let named = KernelTable.named([UInt8](name.utf8)) else {
      let names = KernelTable.supported.map { "\($0.name)" }.joined(separator: ", ")
      throw UsageError(command, "--isa: this processor runs \(names); found '\(name)'")
    }
    return named
  }

  /// The number of worker threads.
  var threads: Int { integer("threads") ?? ProcessInfo.processInfo.activeProcessorCount }
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
