import Messages

/// Why a JPEG was not decoded.
///
/// Offsets count bytes from the beginning of the file. A marker is given by its second byte, so that
/// 0xC4 stands for FF C4.
public enum JPEGError: Error, Sendable, Equatable {
  /// The file ends where a marker or a segment has to follow.
  case ends(offset: Int)
  /// A segment says that it is shorter than its own length field or than its content.
  case segmentTooShort(marker: UInt8, offset: Int, length: Int)
  /// A segment says that it is longer than the rest of the file.
  case segmentPastEnd(marker: UInt8, offset: Int, length: Int, available: Int)
  /// The frame is coded in a way that is not read here: lossless, hierarchical or arithmetic.
  case unsupportedProcess(marker: UInt8, offset: Int)
  /// The samples do not have eight bits.
  case unsupportedPrecision(bits: Int)
  /// The frame has neither one, three nor four components.
  case unsupportedComponentCount(Int)
  /// A sampling factor is not in 1...4.
  case samplingFactor(component: Int, horizontal: Int, vertical: Int)
  /// A component is reduced by a factor that is no whole number.
  case fractionalSampling(component: Int, horizontal: Int, vertical: Int)
  /// An interleaved scan has more than ten blocks in its unit.
  case tooManyBlocksInUnit(found: Int)
  /// Two components of the frame have the same identifier.
  case duplicateComponent(id: UInt8)
  /// There is a second frame.
  case secondFrame(offset: Int)
  /// A scan comes before any frame.
  case scanBeforeFrame(offset: Int)
  /// The file ends without a scan.
  case noScan
  /// There are more scans than the limits allow.
  case tooManyScans(limit: Int)
  /// The scans visit more blocks, empty ones mostly, than pictures ask for.
  case tooManyVisits(blocks: Int, limit: Int)
  /// A scan names a component that the frame does not have, or one twice.
  case scanComponent(id: UInt8, offset: Int)
  /// A scan has neither one to four components nor, with several, a block unit that is allowed.
  case scanComponentCount(found: Int, offset: Int)
  /// The band or the bits of a scan do not suit the kind of frame.
  case scanParameters(first: Int, last: Int, highBit: Int, lowBit: Int, offset: Int)
  /// A progressive scan refines bits that are not the next ones of a coefficient.
  case progressionOrder(coefficient: Int, highBit: Int, expected: Int, offset: Int)
  /// No scan has coded a component.
  case componentNotCoded(id: UInt8)
  /// A quantisation table has a number above 3 or neither 8 nor 16 bits.
  case quantizationTable(number: Int, precision: Int, offset: Int)
  /// A component uses a quantisation table that was not defined.
  case missingQuantizationTable(number: Int, component: UInt8)
  /// A Huffman table has a number above 3 or is neither for DC nor for AC.
  case huffmanTable(number: Int, kind: Int, offset: Int)
  /// A Huffman table has more codes of a length than there are.
  case huffmanOverfull(length: Int, offset: Int)
  /// A Huffman table for DC holds a size above 15, or there are more than 256 symbols.
  case huffmanSymbol(offset: Int)
  /// A scan uses a Huffman table that was not defined.
  case missingHuffmanTable(number: Int, forDC: Bool, offset: Int)
  /// The bits of a scan are no code of the Huffman table; `offset` is close behind them.
  case badCode(offset: Int)
  /// A run of zeros leads out of a block; `offset` is close behind it.
  case runPastBlock(offset: Int)
  /// The data of a scan end before its last block.
  case scanEnds(offset: Int, unit: Int, unitCount: Int)
  /// A restart marker is missing.
  case restartMarker(offset: Int, found: UInt8, expected: UInt8)
}

extension JPEGError: CustomStringConvertible {
  /// One line that says what is wrong, where, and what was expected.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .ends(let offset):
      "the file ends at byte \(offset), expected a marker or a segment"
    case .segmentTooShort(let marker, let offset, let length):
      "segment \(name(marker)) at byte \(offset) has a length of \(length), too short for its content"
    case .segmentPastEnd(let marker, let offset, let length, let available):
      "segment \(name(marker)) at byte \(offset) has a length of \(length), "
        + "the file holds \(available) more bytes"
    case .unsupportedProcess(let marker, let offset):
      "the frame \(name(marker)) at byte \(offset) is not supported, only baseline, extended and "
        + "progressive Huffman coding"
    case .unsupportedPrecision(let bits):
      "\(bits) bits a sample are not supported, only 8"
    case .unsupportedComponentCount(let count):
      "\(count) components are not supported, only 1, 3 and 4"
    case .samplingFactor(let component, let horizontal, let vertical):
      "component \(component) has sampling factors \(horizontal) x \(vertical), expected 1 to 4"
    case .fractionalSampling(let component, let horizontal, let vertical):
      "component \(component) with sampling factors \(horizontal) x \(vertical) is not reduced by a "
        + "whole number"
    case .tooManyBlocksInUnit(let found):
      "an interleaved scan has \(found) blocks a unit, the limit is 10"
    case .duplicateComponent(let id):
      "two components have the identifier \(id)"
    case .secondFrame(let offset):
      "a second frame at byte \(offset)"
    case .scanBeforeFrame(let offset):
      "a scan at byte \(offset) before any frame"
    case .noScan:
      "no scan in the file"
    case .tooManyScans(let limit):
      "more than \(limit) scans"
    case .tooManyVisits(let blocks, let limit):
      "the scans visit \(blocks) blocks, the limit for this file is \(limit)"
    case .scanComponent(let id, let offset):
      "the scan at byte \(offset) names component \(id), which the frame does not have or the scan "
        + "has already"
    case .scanComponentCount(let found, let offset):
      "the scan at byte \(offset) has \(found) components, expected 1 to 4"
    case .scanParameters(let first, let last, let highBit, let lowBit, let offset):
      "the scan at byte \(offset) codes coefficients \(first) to \(last), bits \(highBit) to "
        + "\(lowBit), which does not suit the frame"
    case .progressionOrder(let coefficient, let highBit, let expected, let offset):
      "the scan at byte \(offset) continues coefficient \(coefficient) at bit \(highBit), expected "
        + "\(expected)"
    case .componentNotCoded(let id):
      "component \(id) is in no scan"
    case .quantizationTable(let number, let precision, let offset):
      "the quantisation table at byte \(offset) has number \(number) and precision \(precision), "
        + "expected 0 to 3 and 0 or 1"
    case .missingQuantizationTable(let number, let component):
      "component \(component) uses quantisation table \(number), which is not defined"
    case .huffmanTable(let number, let kind, let offset):
      "the Huffman table at byte \(offset) has number \(number) and class \(kind), expected 0 to 3 "
        + "and 0 or 1"
    case .huffmanOverfull(let length, let offset):
      "the Huffman table at byte \(offset) has more codes of \(length) bits than there are"
    case .huffmanSymbol(let offset):
      "the Huffman table at byte \(offset) has more than 256 symbols or a DC size above 15"
    case .missingHuffmanTable(let number, let forDC, let offset):
      "the scan at byte \(offset) uses \(forDC ? "DC" : "AC") Huffman table \(number), which is not "
        + "defined"
    case .badCode(let offset):
      "before byte \(offset): bits that are no Huffman code"
    case .runPastBlock(let offset):
      "before byte \(offset): a run of zeros leads out of its block"
    case .scanEnds(let offset, let unit, let unitCount):
      "the data of a scan end at byte \(offset), in block unit \(unit) of \(unitCount)"
    case .restartMarker(let offset, let found, let expected):
      "at byte \(offset): marker \(name(found)), expected the restart marker \(name(expected))"
    }
  }

  /// A marker as four hexadecimal digits.
  private func name(_ marker: UInt8) -> String {
    var text = "FF"
    for digit in [marker >> 4, marker & 15] {
      let base = digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "A") - 10
      text.unicodeScalars.append(Unicode.Scalar(base + digit))
    }
    return text
  }
}
