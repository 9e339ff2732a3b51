/// What a decoder may spend on one picture, checked before anything is allocated.
///
/// A file of a few bytes can name any size, so the size in its header is held against these
/// limits first, and against the number of bytes in the file second: a JPEG stores at least one bit
/// a block, deflate expands at most 1032 times, a PNM stores every sample. The page `Limits` in
/// Sources/edgedetr/edgedetr.docc has the limits of all readers side by side.
public struct DecodingLimits: Sendable, Equatable {
  /// The largest allowed width and the largest allowed height.
  public var side: Int
  /// The largest allowed `width * height`.
  public var pixelCount: Int
  /// The largest number of bytes a decoder may hold at once, its result included.
  public var byteCount: Int
  /// The largest number of scans in one JPEG; encoders write about ten.
  public var scanCount: Int

  /// Makes a set of limits.
  public init(side: Int, pixelCount: Int, byteCount: Int, scanCount: Int) {
    self.side = side
    self.pixelCount = pixelCount
    self.byteCount = byteCount
    self.scanCount = scanCount
  }

  /// Sides to 65 500, 2^26 = 67 108 864 pixels, 512 MiB, 256 scans.
  ///
  /// A picture of `p` pixels takes `3 p` bytes, a turned one (EXIF) twice that while it is turned,
  /// a progressive JPEG up to `2 p` bytes a component on top.
  public static let standard = DecodingLimits(
    side: 65_500,
    pixelCount: 1 << 26,
    byteCount: 512 << 20,
    scanCount: 256
  )
}

extension DecodingLimits {
  /// Refuses a size that is empty, too long on a side, or has too many pixels.
  func check(width: Int, height: Int) throws(PictureError) {
    if width <= 0 || height <= 0 {
      throw .noPixels(width: width, height: height)
    }
    if width > side || height > side {
      throw .sideTooLong(width: width, height: height, limit: side)
    }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    if overflow || count > pixelCount {
      throw .tooManyPixels(width: width, height: height, limit: pixelCount)
    }
  }

  /// Refuses to hold `parts`, pairs of a count and the bytes one of them takes.
  ///
  /// - Returns: the sum of all parts in bytes.
  @discardableResult
  func checkMemory(_ parts: (count: Int, size: Int)...) throws(PictureError) -> Int {
    var total = 0
    for part in parts {
      let (bytes, tooBig) = part.count.multipliedReportingOverflow(by: part.size)
      let (sum, tooMany) = total.addingReportingOverflow(bytes)
      if tooBig || tooMany {
        throw .tooMuchMemory(needed: Int.max, limit: byteCount)
      }
      total = sum
    }
    if total > byteCount {
      throw .tooMuchMemory(needed: total, limit: byteCount)
    }
    return total
  }
}
