/// What the application segments of a JPEG tell about its pixels.
struct JPEGMetadata {
  private(set) var hasJFIF = false
  /// The colour transform of Adobe's segment.
  private(set) var adobeTransform: UInt8?
  /// How the picture is to be turned: EXIF first, then XMP.
  var orientation: Orientation { exifOrientation ?? xmpOrientation ?? .upright }

  private var exifOrientation: Orientation?
  private var xmpOrientation: Orientation?

  /// Reads a segment; one that is broken or unknown tells nothing.
  mutating func read(_ bytes: Span<UInt8>, marker: UInt8, segment: Range<Int>) {
    let start = segment.lowerBound
    switch marker {
    case JPEGMarker.application0:
      if segment.count >= 12, bytes.holds(0x4A, 0x46, 0x49, 0x46, 0, at: start) {  // JFIF
        hasJFIF = true
      }
    case JPEGMarker.application1:
      if segment.count >= 6, bytes.holds(0x45, 0x78, 0x69, 0x66, 0, 0, at: start) {  // Exif
        exifOrientation =
          exifOrientation ?? Orientation(exif: bytes, in: start + 6..<segment.upperBound)
      } else if bytes.holds(Array("http://ns.adobe.com/xap/1.0/".utf8), at: start) {
        xmpOrientation = xmpOrientation ?? Orientation(xmp: bytes, in: segment)
      }
    case JPEGMarker.application14:
      if segment.count >= 12, bytes.holds(0x41, 0x64, 0x6F, 0x62, 0x65, at: start) {  // Adobe
        adobeTransform = bytes[start + 11]
      }
    default:
      break
    }
  }
}
