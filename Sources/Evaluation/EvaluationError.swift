import CheckedJSON
import Foundation

/// Why annotations or detections could not be used.
public enum EvaluationError: Error, Hashable, Sendable {
  /// A file could not be written.
  case file(FileError)
  /// A file could not be read, or is not the JSON that it should be.
  case json(JSONError)
  /// An image, category, annotation or detection lacks a member.
  case missingMember(source: String, offset: Int, item: String, member: String)
  /// A box does not have four numbers.
  case malformedBox(source: String, offset: Int, found: Int)
  /// Two images, categories or annotations have the same id.
  case duplicateID(source: String, offset: Int, item: String, id: Int)
  /// The annotations lack a whole list.
  case missingList(source: String, list: String)
  /// A detection is in a picture that the annotations do not have.
  case unknownImage(position: Int, imageID: Int)
  /// A detection to be written has a number that JSON cannot express.
  case notFinite(position: Int)
}

extension EvaluationError: CustomStringConvertible, LocalizedError {
  /// One line: file, place, expected, found.
  public var description: String {
    switch self {
    case .file(let error): return error.description
    case .json(let error): return error.description
    case .missingMember(let source, let offset, let item, let member):
      return "\(onOneLine(source)): byte \(offset): expected '\(member)' in the \(item), found none"
    case .malformedBox(let source, let offset, let found):
      return """
        \(onOneLine(source)): byte \(offset): expected a box of 4 numbers (x, y, width, height), \
        found \(found)
        """
    case .duplicateID(let source, let offset, let item, let id):
      return
        "\(onOneLine(source)): byte \(offset): expected each \(item) id once, found \(id) again"
    case .missingList(let source, let list):
      return "\(onOneLine(source)): expected the list '\(list)', found nothing"
    case .unknownImage(let position, let imageID):
      return "detection \(position): expected an image of the annotations, found id \(imageID)"
    case .notFinite(let position):
      return "detection \(position): expected finite numbers, found NaN or infinity"
    }
  }

  /// The same line, for code that asks errors for their localized description.
  public var errorDescription: String? { description }
}
