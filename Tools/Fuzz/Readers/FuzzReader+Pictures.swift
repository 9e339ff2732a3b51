import Vision

extension FuzzReader {
  /// JPEG pictures.
  static let jpeg = FuzzReader(
    name: "jpeg",
    summary: "JPEG pictures",
    endings: [".jpg", ".jpeg"],
    dictionary: JPEGSamples.words,
    constant: pictureLimits.byteCount + 1 << 20,
    samples: { JPEGSamples.all },
    read: { bytes, _ in try decode(bytes) }
  )

  /// PNG pictures.
  static let png = FuzzReader(
    name: "png",
    summary: "PNG pictures",
    endings: [".png"],
    dictionary: PNGSamples.words,
    constant: pictureLimits.byteCount + 1 << 20,
    samples: { PNGSamples.all },
    repair: { PNGChunks.repair(&$0) },
    read: { bytes, _ in try decode(bytes) }
  )

  /// PGM and PPM pictures.
  static let pnm = FuzzReader(
    name: "pnm",
    summary: "PGM and PPM pictures",
    endings: [".ppm", ".pgm"],
    dictionary: ["P5", "P6", "P4", "#", "\n", " ", "255", "65535", "1"].map { Array($0.utf8) },
    constant: pictureLimits.byteCount + 1 << 20,
    samples: { PortableMapSamples.all },
    read: { bytes, _ in try decode(bytes) }
  )

  /// The limits that the program sets itself, but for the memory: a few bytes may stand for a large
  /// picture, so what a decoder may hold is part of the constant.
  static let pictureLimits = DecodingLimits(
    side: DecodingLimits.standard.side,
    pixelCount: DecodingLimits.standard.pixelCount,
    byteCount: 48 << 20,
    scanCount: DecodingLimits.standard.scanCount
  )

  private static func decode(_ bytes: [UInt8]) throws {
    let image = try Image(decoding: bytes, limits: pictureLimits)
    precondition(image.pixels.count == image.width * image.height * 3)
  }
}

/// Small PNM files.
enum PortableMapSamples {
  static let all: [[UInt8]] = {
    var random = SplitMix(seed: 5, index: 0)
    let image = Image(width: 19, height: 11, pixels: random.bytes(19 * 11 * 3))
    return [
      image.encodedPPM(), Array("P5\n# gray\n7 5\n255\n".utf8) + random.bytes(35),
      Array("P6 3 2 1023 ".utf8) + (0..<18).flatMap { [UInt8($0 % 4), UInt8($0 * 13)] },
      Array("P5 1 1 1\n".utf8) + [1],
    ]
  }()
}
