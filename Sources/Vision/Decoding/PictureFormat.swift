/// A picture format that is known by its first bytes.
public enum PictureFormat: Sendable, Equatable {
  case jpeg
  case png
  case portableMap
  case gif
  case webP
  case bmp
  case tiff
  case heif
  case jpeg2000

  /// The format that the first bytes of a file tell, nil when none is recognised.
  ///
  /// The name of the file plays no part.
  public init?(sniffing bytes: Span<UInt8>) {
    if bytes.starts(with: 0xFF, 0xD8) {
      self = .jpeg
    } else if bytes.starts(with: 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A) {
      self = .png
    } else if bytes.count >= 3, bytes[0] == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(bytes[1]),
      isPortableMapSpace(bytes[2]) || bytes[2] == UInt8(ascii: "#")
    {
      self = .portableMap
    } else if bytes.starts(with: 0x47, 0x49, 0x46, 0x38) {  // GIF8
      self = .gif
    } else if bytes.starts(with: 0x52, 0x49, 0x46, 0x46),  // RIFF....WEBP
      bytes.holds(0x57, 0x45, 0x42, 0x50, at: 8)
    {
      self = .webP
    } else if bytes.starts(with: 0x49, 0x49, 0x2A, 0x00)
      || bytes.starts(with: 0x4D, 0x4D, 0x00, 0x2A)
    {
      self = .tiff
    } else if bytes.holds(0x66, 0x74, 0x79, 0x70, at: 4) {  // ....ftyp
      self = .heif
    } else if bytes.starts(with: 0xFF, 0x4F, 0xFF, 0x51)
      || bytes.holds(0x6A, 0x50, 0x20, 0x20, at: 4)
    {
      self = .jpeg2000
    } else if bytes.count >= 14, bytes.starts(with: 0x42, 0x4D) {  // BM
      self = .bmp
    } else {
      return nil
    }
  }

  /// The usual name of the format.
  public var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .portableMap: "PNM"
    case .gif: "GIF"
    case .webP: "WebP"
    case .bmp: "BMP"
    case .tiff: "TIFF"
    case .heif: "HEIF or AVIF"
    case .jpeg2000: "JPEG 2000"
    }
  }
}
