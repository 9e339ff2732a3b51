import Checkpoints

/// Why a file of calibration statistics could not be used.
public enum CalibrationFileError: Error, CustomStringConvertible {
  /// No safetensors file, or a damaged one.
  case unreadable(CheckpointError)
  /// Another kind of file.
  case notStatistics(file: String)
  case version(file: String, found: String)
  /// Statistics of something else.
  case origin(file: String, fact: String, expected: String, found: String)
  /// A tensor that does not fit the graph.
  case tensor(file: String, name: String, expected: String, found: String)

  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .notStatistics(let file):
      "\(file): expected calibration statistics, found other tensors; name another file"
    case .version(let file, let found):
      "\(file): expected statistics of version \(CalibrationFile.version), found '\(found)'; "
        + "delete the file to calibrate anew"
    case .origin(let file, let fact, let expected, let found):
      "\(file): these statistics are of another \(fact): expected \(expected), found \(found); "
        + "delete the file to calibrate anew"
    case .tensor(let file, let name, let expected, let found):
      "\(file): tensor '\(name)': expected \(expected), found \(found); "
        + "delete the file to calibrate anew"
    }
  }
}
