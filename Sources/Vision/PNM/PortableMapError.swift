import Messages

/// Why a PNM picture was not decoded.
public enum PortableMapError: Error, Sendable, Equatable {
  /// The file is of the PNM family but neither P5 nor P6; `digit` follows the P.
  case unsupportedVariant(digit: UInt8)
  /// The header ends before its three numbers are complete.
  case headerEnds(offset: Int)
  /// A number of the header holds something that is no decimal digit.
  case notANumber(offset: Int, byte: UInt8)
  /// A number of the header has more digits than any allowed value.
  case numberTooLong(offset: Int)
  /// The maximum value is not in 1...65535.
  case maximumOutOfRange(found: Int)
  /// There are fewer samples than the header promises.
  case tooFewSamples(offset: Int, neededBytes: Int, foundBytes: Int)
}

extension PortableMapError: CustomStringConvertible {
  /// One line that says what is wrong, where, and what was expected.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .unsupportedVariant(let digit):
      "P\(Int(digit) - 48) is not supported, only P5 (gray) and P6 (RGB)"
    case .headerEnds(let offset):
      "the file ends at byte \(offset), inside the header"
    case .notANumber(let offset, let byte):
      "byte \(offset) of the header is \(byte), expected a decimal digit"
    case .numberTooLong(let offset):
      "the number at byte \(offset) of the header has more than 9 digits"
    case .maximumOutOfRange(let found):
      "the maximum value is \(found), expected 1 to 65535"
    case .tooFewSamples(let offset, let needed, let found):
      "the samples at byte \(offset) need \(needed) bytes, the file holds \(found)"
    }
  }
}
