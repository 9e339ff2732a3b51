import Messages

/// Why packed data were refused.
///
/// Offsets count bytes from the beginning of the file, not of the packed data; they lie close behind
/// the place that is wrong.
public enum DeflateError: Error, Hashable, Sendable {
  /// The data do not begin as zlib's do, or want a dictionary.
  case zlibHeader(offset: Int, found: Int)
  /// A block is of the fourth kind, which does not exist.
  case blockKind(offset: Int)
  /// The two lengths of a stored block contradict each other.
  case storedLength(offset: Int, found: Int, complement: Int)
  /// The Huffman codes of a block are too many, too few, or badly described.
  case blockCodes(offset: Int)
  /// Bits that are no code, or one without a meaning.
  case badCode(offset: Int)
  /// A copy reaches back before the beginning of the unpacked data.
  case distance(offset: Int, found: Int, available: Int)
  /// The packed data end inside the stream.
  case dataEnd(offset: Int)
  /// The stream ends before it has given all that was asked for.
  case streamEnd(offset: Int)
  /// The stream gives fewer bytes than stated.
  case tooShort(expected: Int, found: Int)
  /// The stream gives more bytes than stated.
  case tooLong(expected: Int)
}

extension DeflateError: CustomStringConvertible {
  /// What is wrong and where, without the file's name.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .zlibHeader(let offset, let found):
      "byte \(offset): expected a zlib header without a dictionary, found \(found)"
    case .blockKind(let offset):
      "before byte \(offset): expected a block of kind 0, 1 or 2, found 3"
    case .storedLength(let offset, let found, let complement):
      "before byte \(offset): expected a length and its complement, found \(found) and \(complement)"
    case .blockCodes(let offset):
      "before byte \(offset): expected code lengths that make a prefix code, found others"
    case .badCode(let offset):
      "before byte \(offset): expected a code of the block, found other bits"
    case .distance(let offset, let found, let available):
      "before byte \(offset): expected a copy from at most \(available) bytes back, found \(found)"
    case .dataEnd(let offset):
      "byte \(offset): expected more packed data, found their end"
    case .streamEnd(let offset):
      "before byte \(offset): expected more unpacked data, found the end of the packed stream"
    case .tooShort(let expected, let found):
      "expected \(expected) bytes when unpacked, found \(found)"
    case .tooLong(let expected):
      "expected \(expected) bytes when unpacked, found more"
    }
  }
}
