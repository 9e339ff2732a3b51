/// Why a PNG was not decoded.
///
/// Offsets count bytes from the beginning of the file. A chunk is given by its four letters.
public enum PNGError: Error, Sendable, Equatable {
  /// Four letters that name a chunk, the first in the highest byte.
  public typealias ChunkName = UInt32

  /// The file ends where a chunk has to follow.
  case ends(offset: Int)
  /// A chunk says that it is longer than the rest of the file.
  case chunkPastEnd(chunk: ChunkName, offset: Int, length: Int, available: Int)
  /// The checksum of a chunk is not that of its content.
  case wrongChecksum(chunk: ChunkName, offset: Int, found: UInt32, expected: UInt32)
  /// A chunk stands where it may not stand, or a second time.
  case misplacedChunk(chunk: ChunkName, offset: Int)
  /// A chunk has a length that it cannot have.
  case chunkLength(chunk: ChunkName, offset: Int, length: Int)
  /// A chunk that a decoder has to understand is unknown.
  case unknownCriticalChunk(chunk: ChunkName, offset: Int)
  /// The colour type does not exist, or not with this number of bits a sample.
  case colorType(Int, bitDepth: Int)
  /// A method of compression, filtering or interlacing that does not exist.
  case method(compression: Int, filter: Int, interlace: Int)
  /// The colours of a palette picture are missing.
  case missingPalette
  /// The picture has no data.
  case missingData
  /// A row has a filter that does not exist.
  case rowFilter(row: Int, found: Int)
  /// The data are not what zlib writes.
  case zlibHeader(offset: Int, found: Int)
  /// A block of the compressed data is of a kind that does not exist; `offset` is close behind.
  case blockKind(offset: Int)
  /// The two lengths of a stored block contradict each other.
  case storedLength(offset: Int, found: Int, complement: Int)
  /// The Huffman codes of a block are too many, too few, or badly described.
  case blockCodes(offset: Int)
  /// Bits that are no code; `offset` is close behind them.
  case badCode(offset: Int)
  /// A copy reaches back before the beginning of the data.
  case distance(offset: Int, found: Int, available: Int)
  /// The data end before the last row is complete.
  case dataEnd(offset: Int)
}

extension PNGError: CustomStringConvertible {
  /// One line that says what is wrong, where, and what was expected.
  public var description: String {
    switch self {
    case .ends(let offset):
      "the file ends at byte \(offset), expected a chunk"
    case .chunkPastEnd(let chunk, let offset, let length, let available):
      "chunk \(letters(chunk)) at byte \(offset) has a length of \(length), the file holds "
        + "\(available) more bytes"
    case .wrongChecksum(let chunk, let offset, let found, let expected):
      "chunk \(letters(chunk)) at byte \(offset) has the checksum \(found), its content gives "
        + "\(expected)"
    case .misplacedChunk(let chunk, let offset):
      "chunk \(letters(chunk)) at byte \(offset) stands where it may not"
    case .chunkLength(let chunk, let offset, let length):
      "chunk \(letters(chunk)) at byte \(offset) has a length of \(length), which it cannot have"
    case .unknownCriticalChunk(let chunk, let offset):
      "chunk \(letters(chunk)) at byte \(offset) is needed but unknown"
    case .colorType(let colorType, let bitDepth):
      "colour type \(colorType) with \(bitDepth) bits a sample does not exist"
    case .method(let compression, let filter, let interlace):
      "compression \(compression), filter \(filter), interlace \(interlace): expected 0, 0 and 0 or 1"
    case .missingPalette:
      "a palette picture without a palette"
    case .missingData:
      "no data: chunk IDAT is missing or empty"
    case .rowFilter(let row, let found):
      "row \(row) has filter \(found), expected 0 to 4"
    case .zlibHeader(let offset, let found):
      "the data at byte \(offset) begin with \(found), which is no header of zlib"
    case .blockKind(let offset):
      "before byte \(offset): a block of compressed data of no known kind"
    case .storedLength(let offset, let found, let complement):
      "before byte \(offset): a stored block of \(found) bytes with the complement \(complement)"
    case .blockCodes(let offset):
      "before byte \(offset): a block whose codes are too many, too few or badly described"
    case .badCode(let offset):
      "before byte \(offset): bits that are no code"
    case .distance(let offset, let found, let available):
      "before byte \(offset): a copy from \(found) bytes back, there are \(available)"
    case .dataEnd(let offset):
      "the data end at byte \(offset), before the last row"
    }
  }

  /// The letters of a chunk's name; others than letters become question marks.
  private func letters(_ chunk: ChunkName) -> String {
    var text = ""
    for shift in [24, 16, 8, 0] as [UInt32] {
      let byte = UInt8(truncatingIfNeeded: chunk >> shift)
      let isLetter = (65...90).contains(byte) || (97...122).contains(byte)
      text.unicodeScalars.append(Unicode.Scalar(isLetter ? byte : UInt8(ascii: "?")))
    }
    return text
  }
}
