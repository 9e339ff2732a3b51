extension Orientation {
  /// The orientation in the first directory of EXIF data, nil when there is none.
  ///
  /// The data are a TIFF header (byte order, 42, offset of the directory) and a directory of entries
  /// of twelve bytes: tag, type, count, value. What lies outside or makes no sense is passed over.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - range: where the TIFF header begins and the data end.
  init?(exif bytes: Span<UInt8>, in range: Range<Int>) {
    let data = bytes.extracting(range)
    let littleEndian = data.starts(with: 0x49, 0x49, 0x2A, 0x00)
    guard littleEndian || data.starts(with: 0x4D, 0x4D, 0x00, 0x2A),
      let position = data.uint32(at: 4, littleEndian: littleEndian),
      let directory = Int(exactly: position),
      let entryCount = data.uint16(at: directory, littleEndian: littleEndian)
    else { return nil }
    for index in 0..<entryCount {
      let entry = directory + 2 + index * 12
      guard let tag = data.uint16(at: entry, littleEndian: littleEndian),
        let type = data.uint16(at: entry + 2, littleEndian: littleEndian)
      else { return nil }
      if tag == 0x0112, data.uint32(at: entry + 4, littleEndian: littleEndian) == 1 {
        let value: Int? =
          switch type {
          case 1: entry + 8 < data.count ? Int(data[entry + 8]) : nil
          case 3: data.uint16(at: entry + 8, littleEndian: littleEndian)
          case 4: data.uint32(at: entry + 8, littleEndian: littleEndian).flatMap(Int.init(exactly:))
          default: nil
          }
        guard let value, let orientation = Orientation(rawValue: value) else { return nil }
        self = orientation
        return
      }
    }
    return nil
  }

  /// The orientation in XMP text, `tiff:Orientation="6"` or `<tiff:Orientation>6<`, nil when there
  /// is none.
  init?(xmp bytes: Span<UInt8>, in range: Range<Int>) {
    let name = Array("tiff:Orientation".utf8)
    var offset = range.lowerBound
    while offset + name.count + 2 <= range.upperBound {
      let end = offset + name.count
      var digit: UInt8?
      if bytes.holds(name, at: offset) {
        if bytes[end] == UInt8(ascii: ">") {
          digit = bytes[end + 1]
        } else if bytes[end] == UInt8(ascii: "="), bytes[end + 1] == UInt8(ascii: "\""),
          end + 2 < range.upperBound
        {
          digit = bytes[end + 2]
        }
      }
      if let digit, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") {
        guard let orientation = Orientation(rawValue: Int(digit - UInt8(ascii: "0"))) else {
          return nil
        }
        self = orientation
        return
      }
      offset += 1
    }
    return nil
  }
}
