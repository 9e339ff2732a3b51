extension Image {
  /// Decodes a JPEG, PNG or PNM picture, recognised by its content, and turns it upright.
  ///
  /// The pixels equal those of Pillow's `ImageOps.exif_transpose(Image.open(file)).convert("RGB")`
  /// except for 16-bit gray, where the high byte is taken instead of clipping at 255. Read are:
  ///
  /// - JPEG: baseline, extended and progressive Huffman coding of 8 bits; gray, YCbCr, RGB, CMYK
  ///   and YCCK; sampling factors 1 to 4; restart intervals.
  /// - PNG: all colour types and depths, palettes, Adam7; transparency is dropped.
  /// - PNM: P5 and P6 with a maximum of 1 to 65 535.
  ///
  /// The orientation comes from EXIF data (segment APP1, chunk eXIf) or, where those tell none, XMP.
  ///
  /// The bytes are hostile until proven otherwise: every read is checked, sizes are held against
  /// `limits` and the length of the file before memory is taken, nothing recurses.
  ///
  /// - Throws: ``PictureError``, which tells what was found where.
  public init(
    decoding bytes: Span<UInt8>,
    limits: DecodingLimits = .standard
  ) throws(PictureError) {
    if bytes.isEmpty {
      throw .empty
    }
    guard let format = PictureFormat(sniffing: bytes) else {
      throw .unknownFormat
    }
    switch format {
    case .jpeg:
      self = try decodeJPEG(bytes, limits: limits)
    case .png:
      self = try decodePNG(bytes, limits: limits)
    case .portableMap:
      self = try decodePortableMap(bytes, limits: limits)
    default:
      throw .unsupportedFormat(format)
    }
  }

  /// Decodes a JPEG, PNG or PNM picture, recognised by its content, and turns it upright.
  ///
  /// - Throws: ``PictureError``, which tells what was found where.
  public init(
    decoding bytes: [UInt8],
    limits: DecodingLimits = .standard
  ) throws(PictureError) {
    try self.init(decoding: bytes.span, limits: limits)
  }
}
