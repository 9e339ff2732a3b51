import CheckedJSON
import Checkpoints
import Foundation

/// Why a checkpoint could not be made into a graph; every case prints as one line.
public enum ArchitectureError: Error, Sendable {
  /// The tensors could not be read.
  case checkpoint(CheckpointError)
  /// A configuration file could not be read, or holds something of the wrong kind.
  case configuration(JSONError)
  /// A detector of a family that is known but not supported.
  case unsupportedFamily(name: String, place: String)
  /// Tensors that belong to no naming that is known.
  case unknownNames(file: String, first: [String], count: Int)
  case missingTensor(file: String, tensor: String)
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
  case notFloatingPoint(file: String, tensor: String, found: String)
  case notFinite(file: String, tensor: String, index: Int, value: Float)
  case negativeVariance(file: String, tensor: String, index: Int, value: Float)
  /// Two tensors that a shared part was written to differ.
  case tiedTensorsDiffer(file: String, first: String, second: String)
  /// Tensors that no part of the model needs.
  case unexplainedTensors(file: String, first: [String], count: Int)
  /// A configuration or an option says something else than the tensors or another place.
  case contradiction(place: String, found: String, other: String, expected: String)
  /// A value that is legal elsewhere but not supported here.
  case unsupported(place: String, found: String, supported: String)
}

extension ArchitectureError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .checkpoint(let error): "\(error)"
    case .configuration(let error): "\(error)"
    case .unsupportedFamily(let name, let place):
      "\(place): \(name) is not supported; DETR, Deformable, Conditional, DAB-, SMCA-, SAM- and RT-DETR "
        + "and Table Transformer are"
    case .unknownNames(let file, let first, let count):
      "\(file): \(count == 0 ? "no tensors" : Self.list(first, of: count)): expected the names of a "
        + "checkpoint of the DETR family"
    case .missingTensor(let file, let tensor): "\(file): tensor '\(onOneLine(tensor))' is missing"
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file): tensor '\(onOneLine(tensor))': expected shape \(expected), found \(found)"
    case .notFloatingPoint(let file, let tensor, let found):
      "\(file): tensor '\(onOneLine(tensor))': expected floating-point numbers, found \(found)"
    case .notFinite(let file, let tensor, let index, let value):
      "\(file): tensor '\(onOneLine(tensor))': element \(index) is \(value), expected a finite number"
    case .negativeVariance(let file, let tensor, let index, let value):
      "\(file): tensor '\(onOneLine(tensor))': element \(index) is \(value), a variance is not negative"
    case .tiedTensorsDiffer(let file, let first, let second):
      "\(file): tensors '\(onOneLine(first))' and '\(onOneLine(second))' are one shared part but differ"
    case .unexplainedTensors(let file, let first, let count):
      "\(file): \(Self.list(first, of: count)): no part of the model needs this"
    case .contradiction(let place, let found, let other, let expected):
      "\(place): found \(found), but \(other) says \(expected)"
    case .unsupported(let place, let found, let supported):
      "\(place): \(found) is not supported; expected \(supported)"
    }
  }

  /// The same line, for code that asks errors for their localized description.
  public var errorDescription: String? { description }

  private static func list(_ tensors: [String], of count: Int) -> String {
    let names = tensors.map { "'\(onOneLine($0, limit: 100))'" }.joined(separator: ", ")
    let rest = count - tensors.count
    return "\(count == 1 ? "tensor" : "tensors") \(names)\(rest > 0 ? " and \(rest) more" : "")"
  }
}
