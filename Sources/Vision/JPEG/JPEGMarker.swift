/// The second bytes of the markers that a decoder knows by name (ITU-T T.81, table B.1).
enum JPEGMarker {
  static let startOfImage: UInt8 = 0xD8
  static let endOfImage: UInt8 = 0xD9
  static let startOfScan: UInt8 = 0xDA
  static let defineQuantization: UInt8 = 0xDB
  static let defineHuffman: UInt8 = 0xC4
  static let defineRestartInterval: UInt8 = 0xDD
  static let restart0: UInt8 = 0xD0
  static let application0: UInt8 = 0xE0
  static let application1: UInt8 = 0xE1
  static let application14: UInt8 = 0xEE
  static let baseline: UInt8 = 0xC0
  static let extended: UInt8 = 0xC1
  static let progressive: UInt8 = 0xC2

  /// Whether the marker stands alone, without a length and content.
  static func standsAlone(_ marker: UInt8) -> Bool {
    marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)
  }

  /// Whether the marker begins a frame of a kind that is not read here.
  ///
  /// These are SOF3, SOF5 to SOF15 (without DHT and the reserved JPG extension) and DAC.
  static func beginsUnsupportedFrame(_ marker: UInt8) -> Bool {
    marker == 0xC3 || (marker >= 0xC5 && marker <= 0xCF && marker != 0xC8)
  }
}

extension Span where Element == UInt8 {
  /// Finds the next marker at or behind `offset`, past fill bytes, stuffed zeros and stray data.
  ///
  /// - Returns: the marker's second byte and the offset behind it, nil when the file ends first.
  func jpegMarker(from offset: Int) -> (marker: UInt8, end: Int)? {
    var offset = offset
    while offset < count - 1 {
      guard self[offset] == 0xFF else {
        offset += 1
        continue
      }
      let second = self[offset + 1]
      switch second {
      case 0x00: offset += 2
      case 0xFF: offset += 1
      default: return (second, offset + 2)
      }
    }
    return nil
  }
}
