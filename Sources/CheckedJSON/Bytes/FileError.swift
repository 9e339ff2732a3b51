import Foundation

/// Why a file could not be opened, read or written.
public enum FileError: Error, Hashable, Sendable {
  /// Nothing has this name.
  case notFound(path: String)
  /// A folder stands where a file is needed.
  case isDirectory(path: String)
  /// A pipe, socket or device stands where a file is needed.
  case notRegular(path: String)
  /// The file is longer than this processor can address.
  case tooLarge(path: String)
  /// The system refused, for the reason that it gives.
  case refused(path: String, reason: String)

  /// Names the cause behind a system call's error number.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - code: the value of `errno`.
  init(path: String, code: Int32) {
    switch code {
    case ENOENT, ENOTDIR: self = .notFound(path: path)
    case EISDIR: self = .isDirectory(path: path)
    default: self = .refused(path: path, reason: String(cString: strerror(code)))
    }
  }
}

extension FileError: CustomStringConvertible, LocalizedError {
  /// One line: which file, and what is wrong with it.
  public var description: String {
    switch self {
    case .notFound(let path): "\(onOneLine(path)): there is no such file"
    case .isDirectory(let path): "\(onOneLine(path)): expected a file, found a folder"
    case .notRegular(let path): "\(onOneLine(path)): expected a file, found a pipe or device"
    case .tooLarge(let path): "\(onOneLine(path)): the file is too large to be mapped"
    case .refused(let path, let reason): "\(onOneLine(path)): \(reason)"
    }
  }

  /// The same line, for code that asks errors for their localized description.
  public var errorDescription: String? { description }
}

/// A text from a file, made fit for one line of an error message.
///
/// - Parameters:
///   - text: anything.
///   - limit: at most so many characters are kept, followed by "…".
/// - Returns: the text with control characters as `\u{…}`.
public func onOneLine(_ text: String, limit: Int = 200) -> String {
  var line = ""
  var length = 0
  for scalar in text.unicodeScalars {
    if length == limit { return line + "…" }
    length += 1
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .unassigned:
      line += "\\u{\(String(scalar.value, radix: 16))}"
    default: line.unicodeScalars.append(scalar)
    }
  }
  return line
}
