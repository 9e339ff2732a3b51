import Deflate
import Messages

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
  /// The packed data are broken, or end before the last row is complete.
  case data(DeflateError)
}

extension PNGError: CustomStringConvertible {
  /// One line that says what is wrong, where, and what was expected.
  public var description: String { message.text }

  private var message: Message {
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
    case .data(let error):
      "the data of the rows: \(error.description)"
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
