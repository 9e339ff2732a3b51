import Architectures
import CheckedJSON
import Checkpoints
import Foundation
import Quantizer

/// The version that model files and pages name.
enum ToolVersion {
  static let text = "edgedetr 0.1.0"
}

/// What a model file says about where it came from.
struct Provenance {
  private(set) var facts: [(name: String, text: String)] = []

  /// - Throws: ``FileError`` where the checkpoint can no longer be read.
  init(
    _ detector: LoadedDetector,
    _ source: CheckpointFiles,
    _ options: QuantizerOptions,
    preset: String,
    photographs: [PhotographFile]
  ) throws(FileError) {
    add("tool", ToolVersion.text)
    add("family", "\(detector.configuration.family)")
    try addSource(source)
    add("preset", preset)
    add("ranges", options.ranges.name)
    if !options.islands.isEmpty {
      add("int16 islands", options.islands.joined(separator: ", "))
    }
    add("calibration photographs", "\(photographs.count)")
    add("calibration set", CalibrationDigest(photographs).text)
  }

  private mutating func add(_ name: String, _ text: String) { facts.append((name, text)) }

  /// Names the files of a checkpoint, each with the digest that `sha256sum` prints.
  private mutating func addSource(_ source: CheckpointFiles) throws(FileError) {
    for path in source.paths {
      var digest = SHA256()
      digest.add(try MappedFile.open(path: path))
      add("source", "\(URL(fileURLWithPath: path).lastPathComponent) sha256:\(digest.text)")
    }
  }
}

/// The files that hold the tensors of a checkpoint.
struct CheckpointFiles {
  let paths: [String]

  /// Finds the files of a checkpoint.
  ///
  /// - Parameter operand: what the command line calls the checkpoint: a folder or a file.
  /// - Throws: what opening the checkpoint throws.
  init(_ operand: String) throws {
    let tensors = try TensorMap.open(path: operand)
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: operand, isDirectory: &isFolder)
    let folder = isFolder.boolValue ? operand : (operand as NSString).deletingLastPathComponent
    paths = tensors.files.map { (folder as NSString).appendingPathComponent($0) }
  }

  /// Their bytes together.
  var byteCount: Int {
    paths.reduce(0) { total, path in
      let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      return total + (size ?? 0)
    }
  }
}

/// The digest of a set of calibration photographs: SHA-256 over the SHA-256 of each file's bytes, in
/// the order in which they were used.
struct CalibrationDigest {
  private var whole = SHA256()

  init(_ files: [PhotographFile]) {
    for file in files {
      var digest = SHA256()
      digest.add(FileManager.default.contents(atPath: file.path).map { [UInt8]($0) } ?? [])
      whole.add(digest.bytes)
    }
  }

  var text: String { "sha256:\(whole.text)" }
}

extension RangeObserver {
  /// The observer's name in reports.
  var name: String {
    switch self {
    case .minMax: "min/max"
    case .movingAverage: "moving average"
    case .percentile(let percent): "percentile \(percent)"
    case .meanSquaredError: "mean squared error"
    case .entropy: "entropy"
    }
  }
}

extension QuantizerOptions.Ranges {
  var name: String {
    switch self {
    case .observer(let observer): observer.name
    case .leastOutputError: "least output error"
    }
  }
}
