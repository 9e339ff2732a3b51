import CheckedJSON

/// Why a pickle was refused; offsets count bytes from its start.
public enum PickleError: Error, Hashable, Sendable {
  /// An operation needs more bytes than there are.
  case unexpectedEnd(offset: Int, needed: UInt64, available: Int)
  /// A byte is no operation.
  case unknownOperation(offset: Int, found: UInt8)
  /// An operation exists but has no place in a checkpoint.
  case unsupportedOperation(offset: Int, name: String)
  /// A pickle is of a newer protocol.
  case unsupportedProtocol(offset: Int, found: UInt8)
  /// An operation takes more from the stack than is there.
  case stackUnderflow(offset: Int)
  /// An operation reaches for a mark that was not set.
  case noMark(offset: Int)
  /// Something is left on the stack at the end.
  case stackNotEmpty(offset: Int, count: Int)
  /// A number is asked for under which nothing was remembered.
  case nothingRemembered(offset: Int, number: UInt64)
  /// An operation is applied to what it does not fit.
  case wrongOperand(offset: Int, expected: String, found: String)
  /// A text is not UTF-8, or has escapes, where a plain one is needed.
  case malformedText(offset: Int)
  /// A number that is written as text is none.
  case malformedNumber(offset: Int)
  /// A tensor or storage is described in an unknown way.
  case malformedTensor(offset: Int, expected: String)
  /// Two descriptions of one storage disagree.
  case storageMismatch(offset: Int, storage: String)
  /// A pickle has more operations than allowed.
  case tooManyOperations(limit: Int)
}

extension PickleError: CustomStringConvertible {
  /// What is wrong, without the file's name.
  public var description: String {
    switch self {
    case .unexpectedEnd(let offset, let needed, let available):
      return "pickle byte \(offset): expected \(needed) more bytes, found \(available)"
    case .unknownOperation(let offset, let found):
      return """
        pickle byte \(offset): expected an operation, found byte 0x\(String(found, radix: 16))
        """
    case .unsupportedOperation(let offset, let name):
      return "pickle byte \(offset): expected an operation of checkpoints, found \(name)"
    case .unsupportedProtocol(let offset, let found):
      return "pickle byte \(offset): expected protocol 0 to 5, found \(found)"
    case .stackUnderflow(let offset):
      return "pickle byte \(offset): expected a value on the stack, found none"
    case .noMark(let offset): return "pickle byte \(offset): expected a mark, found none"
    case .stackNotEmpty(let offset, let count):
      return "pickle byte \(offset): expected one value at the end, found \(count)"
    case .nothingRemembered(let offset, let number):
      return "pickle byte \(offset): expected a value remembered as \(number), found none"
    case .wrongOperand(let offset, let expected, let found):
      return "pickle byte \(offset): expected \(expected), found \(found)"
    case .malformedText(let offset):
      return "pickle byte \(offset): expected a plain text, found other bytes"
    case .malformedNumber(let offset):
      return "pickle byte \(offset): expected a number, found other bytes"
    case .malformedTensor(let offset, let expected):
      return "pickle byte \(offset): expected \(expected), found something else"
    case .storageMismatch(let offset, let storage):
      return """
        pickle byte \(offset): expected storage '\(onOneLine(storage))' as described before, \
        found another length or type
        """
    case .tooManyOperations(let limit):
      return "expected a pickle of at most \(limit) operations, found more"
    }
  }
}
