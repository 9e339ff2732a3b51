import CheckedJSON
import Deflate

/// Why a zip archive was refused; offsets count bytes from the start of the file.
public enum ArchiveError: Error, Hashable, Sendable {
  /// There is no end record, so the archive was cut off or is none.
  case noEndRecord
  /// A record is not where another one says that it is, or is cut off.
  case noRecord(String, offset: Int)
  /// The directory leads outside the file.
  case directoryOutside(offset: UInt64, length: UInt64, available: Int)
  /// The directory has another number of entries than the end record says.
  case entryCount(expected: UInt64, found: Int)
  /// Two entries have the same name.
  case duplicateEntry(String)
  /// An entry's data lead outside the file.
  case entryOutside(String, offset: UInt64, length: UInt64, available: Int)
  /// An entry has another name where its data are than in the directory.
  case nameMismatch(String, found: String)
  /// An entry is encrypted.
  case encrypted(String)
  /// An entry is packed by another method than stored or deflated.
  case unknownMethod(String, found: UInt16)
  /// A stored entry has two lengths.
  case storedLength(String, packed: UInt64, unpacked: UInt64)
  /// An entry claims to unpack to more than deflate can reach or the archive may have.
  case unpacksTooLarge(String, length: UInt64, limit: Int)
  /// An entry's packed data are wrong.
  case inflate(String, DeflateError)
  /// An entry's unpacked data do not have the stated checksum.
  case checksum(String, expected: UInt32, found: UInt32)
}

extension ArchiveError: CustomStringConvertible {
  /// What is wrong, without the file's name.
  public var description: String {
    switch self {
    case .noEndRecord: return "expected a zip end record, found none: the archive is cut off"
    case .noRecord(let record, let offset):
      return "byte \(offset): expected a zip \(record), found something else"
    case .directoryOutside(let offset, let length, let available):
      return """
        the zip directory needs bytes \(offset) and \(length) more, the file holds \(available)
        """
    case .entryCount(let expected, let found):
      return "expected \(expected) zip entries, found \(found)"
    case .duplicateEntry(let name): return "entry '\(onOneLine(name))': expected once, found twice"
    case .entryOutside(let name, let offset, let length, let available):
      return """
        entry '\(onOneLine(name))': needs \(length) bytes from byte \(offset) on, \
        the file holds \(available)
        """
    case .nameMismatch(let name, let found):
      return
        "entry '\(onOneLine(name))': expected its name before its data, found '\(onOneLine(found))'"
    case .encrypted(let name):
      return "entry '\(onOneLine(name))': expected plain data, found encrypted data"
    case .unknownMethod(let name, let found):
      return
        "entry '\(onOneLine(name))': expected method 0 (stored) or 8 (deflated), found \(found)"
    case .storedLength(let name, let packed, let unpacked):
      return """
        entry '\(onOneLine(name))': expected one length of stored data, \
        found \(packed) and \(unpacked)
        """
    case .unpacksTooLarge(let name, let length, let limit):
      return """
        entry '\(onOneLine(name))': expected at most \(limit) bytes when unpacked, found \(length)
        """
    case .inflate(let name, let error): return "entry '\(onOneLine(name))': \(error.description)"
    case .checksum(let name, let expected, let found):
      return """
        entry '\(onOneLine(name))': expected checksum \(String(expected, radix: 16)), \
        found \(String(found, radix: 16))
        """
    }
  }
}
