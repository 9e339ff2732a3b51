/// How the components of a JPEG are meant, chosen as libjpeg and Pillow choose.
enum JPEGColorSpace: Equatable {
  case gray
  case yCbCr
  case rgb
  /// Cyan, magenta, yellow and black, stored inverted (255 is no ink).
  case cmyk
  /// The same with the first three transformed as RGB is to YCbCr.
  case ycck

  /// - Parameters:
  ///   - components: one, three or four of them.
  ///   - hasJFIF: whether a JFIF segment was seen, which means YCbCr.
  ///   - adobeTransform: the colour transform of an Adobe segment.
  init(components: [JPEGComponent], hasJFIF: Bool, adobeTransform: UInt8?) {
    switch components.count {
    case 1:
      self = .gray
    case 3:
      if hasJFIF {
        self = .yCbCr
      } else if let adobeTransform {
        self = adobeTransform == 0 ? .rgb : .yCbCr
      } else {
        // Without either segment the identifiers R, G, B decide.
        let named =
          components[0].id == UInt8(ascii: "R") && components[1].id == UInt8(ascii: "G")
          && components[2].id == UInt8(ascii: "B")
        self = named ? .rgb : .yCbCr
      }
    default:
      self = adobeTransform == nil || adobeTransform == 0 ? .cmyk : .ycck
    }
  }
}
