import Messages

/// Why a picture was not decoded.
///
/// Offsets count bytes from the beginning of the file.
public enum PictureError: Error, Sendable, Equatable {
  /// The file holds no byte.
  case empty
  /// The first bytes belong to no known picture format.
  case unknownFormat
  /// The format is known but not read here.
  case unsupportedFormat(PictureFormat)
  /// A side of the picture is 0.
  case noPixels(width: Int, height: Int)
  /// A side is longer than the limits allow.
  case sideTooLong(width: Int, height: Int, limit: Int)
  /// The picture has more pixels than the limits allow.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// Decoding would hold more bytes than the limits allow.
  case tooMuchMemory(needed: Int, limit: Int)
  /// The file is too short to hold a picture of the size in its header.
  case tooFewBytes(width: Int, height: Int, needed: Int, found: Int)
  /// The JPEG is broken or of an unsupported kind.
  case jpeg(JPEGError)
  /// The PNG is broken or of an unsupported kind.
  case png(PNGError)
  /// The PNM is broken or of an unsupported kind.
  case portableMap(PortableMapError)
}

extension PictureError: CustomStringConvertible {
  /// One line that says what is wrong, where, and what was expected.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .empty:
      "the file is empty"
    case .unknownFormat:
      "neither JPEG, PNG nor PNM (P5, P6): the first bytes belong to no known picture format"
    case .unsupportedFormat(let format):
      "\(format.name) pictures are not supported; convert to JPEG, PNG or PNM (P5, P6)"
    case .noPixels(let width, let height):
      "the picture is \(width) x \(height): no pixels"
    case .sideTooLong(let width, let height, let limit):
      "the picture is \(width) x \(height), the limit of a side is \(limit)"
    case .tooManyPixels(let width, let height, let limit):
      "the picture is \(width) x \(height), the limit is \(limit) pixels"
    case .tooMuchMemory(let needed, let limit):
      "decoding would take \(needed) bytes, the limit is \(limit)"
    case .tooFewBytes(let width, let height, let needed, let found):
      "a picture of \(width) x \(height) takes at least \(needed) bytes, the file holds \(found)"
    case .jpeg(let error):
      "JPEG: \(error.description)"
    case .png(let error):
      "PNG: \(error.description)"
    case .portableMap(let error):
      "PNM: \(error.description)"
    }
  }
}
