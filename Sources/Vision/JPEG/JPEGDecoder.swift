/// Decodes a JPEG (ITU-T T.81, JFIF, Adobe's segment), upright as its EXIF data ask for.
///
/// Whether the pixels equal those of libjpeg-turbo is decided by three definitions: ``InverseDCT``,
/// the enlargement of reduced components (``SampleBands``), and ``convertYCbCr(_:_:_:)``.
///
/// A frame that one sequential scan codes wholly becomes pixels band by band; any other keeps all
/// its coefficients, two bytes each, until the file ends.
func decodeJPEG(_ bytes: Span<UInt8>, limits: DecodingLimits) throws(PictureError) -> Image {
  var decoder = JPEGDecoder(limits: limits)
  let image = try decoder.decode(bytes)
  return try image.oriented(decoder.metadata.orientation, limits: limits)
}

/// The state between the segments of a JPEG.
private struct JPEGDecoder {
  let limits: DecodingLimits
  private(set) var metadata = JPEGMetadata()
  private var tables = JPEGTables()
  private var restartInterval = 0
  private var frame: JPEGFrame?
  /// The quantisation factors of each component, as they are when its first scan begins.
  private var factors: [InverseDCT.Block<SIMD8<Int16>>?] = []
  private var coefficients: JPEGCoefficients?
  private var progression = Progression(componentCount: 0)
  private var scanCount = 0
  /// The number of blocks that all scans so far have visited.
  private var visitCount = 0

  init(limits: DecodingLimits) {
    self.limits = limits
  }

  /// Reads segments to the end of the picture.
  ///
  /// Behind a scan that completes the picture nothing is looked at, but the end has to follow: a file
  /// that was cut is refused wherever that was.
  mutating func decode(_ bytes: Span<UInt8>) throws(PictureError) -> Image {
    var offset = 2
    var image: Image?
    while let (marker, end) = bytes.jpegMarker(from: offset) {
      if marker == JPEGMarker.endOfImage {
        if let image { return image }
        return try finish()
      }
      offset = end
      if JPEGMarker.standsAlone(marker) {
        continue
      }
      let segment = try segment(bytes, marker: marker, from: end)
      offset = segment.upperBound
      if image == nil {
        image = try read(bytes, marker: marker, segment: segment)
      }
    }
    throw .jpeg(.ends(offset: bytes.count))
  }

  /// The content of the segment whose length stands at `offset`.
  private func segment(
    _ bytes: Span<UInt8>,
    marker: UInt8,
    from offset: Int
  ) throws(PictureError) -> Range<Int> {
    guard let length = bytes.uint16(at: offset) else {
      throw .jpeg(.ends(offset: bytes.count))
    }
    guard length >= 2 else {
      throw .jpeg(.segmentTooShort(marker: marker, offset: offset - 2, length: length))
    }
    guard length <= bytes.count - offset else {
      throw .jpeg(
        .segmentPastEnd(
          marker: marker,
          offset: offset - 2,
          length: length,
          available: bytes.count - offset
        )
      )
    }
    return offset + 2..<offset + length
  }

  /// Reads one segment.
  ///
  /// - Returns: the picture, where the segment was a scan that completes it.
  private mutating func read(
    _ bytes: Span<UInt8>,
    marker: UInt8,
    segment: Range<Int>
  ) throws(PictureError) -> Image? {
    switch marker {
    case JPEGMarker.baseline, JPEGMarker.extended, JPEGMarker.progressive:
      guard frame == nil else {
        throw .jpeg(.secondFrame(offset: segment.lowerBound - 4))
      }
      let frame = try JPEGFrame(bytes, segment: segment, marker: marker, limits: limits)
      self.frame = frame
      factors = frame.components.map { _ in nil }
      progression = Progression(componentCount: frame.components.count)
      return nil
    case JPEGMarker.startOfScan:
      return try readScan(bytes, segment: segment)
    default:
      break
    }
    do throws(JPEGError) {
      switch marker {
      case _ where JPEGMarker.beginsUnsupportedFrame(marker):
        throw .unsupportedProcess(marker: marker, offset: segment.lowerBound - 4)
      case JPEGMarker.defineQuantization:
        try tables.defineQuantization(bytes, segment: segment)
      case JPEGMarker.defineHuffman:
        try tables.defineHuffman(bytes, segment: segment)
      case JPEGMarker.defineRestartInterval:
        guard segment.count >= 2, let interval = bytes.uint16(at: segment.lowerBound) else {
          throw .segmentTooShort(
            marker: marker,
            offset: segment.lowerBound - 4,
            length: segment.count + 2
          )
        }
        restartInterval = interval
      default:
        metadata.read(bytes, marker: marker, segment: segment)
      }
    } catch {
      throw .jpeg(error)
    }
    return nil
  }

  /// Decodes a scan.
  ///
  /// - Returns: the picture, where the scan completes it.
  private mutating func readScan(
    _ bytes: Span<UInt8>,
    segment: Range<Int>
  ) throws(PictureError) -> Image? {
    guard let frame else {
      throw .jpeg(.scanBeforeFrame(offset: segment.lowerBound - 4))
    }
    scanCount += 1
    guard scanCount <= limits.scanCount else {
      throw .jpeg(.tooManyScans(limit: limits.scanCount))
    }
    let scan: JPEGScan
    let reader: ScanReader
    do throws(JPEGError) {
      scan = try JPEGScan(bytes, segment: segment, frame: frame)
      try takeFactors(scan, frame: frame)
      try progression.add(scan)
      if !frame.isProgressive {
        try tables.assumeStandardHuffman()
      }
      let units = JPEGCoefficients.units(of: scan, frame: frame)
      try countVisits(scan, frame: frame, units: units.perRow * units.rows, in: bytes)
      reader = try ScanReader(
        scan,
        tables: tables,
        unitCount: units.perRow * units.rows,
        restartInterval: restartInterval
      )
    } catch {
      throw .jpeg(error)
    }

    if !frame.isProgressive, scanCount == 1, scan.members.count == frame.components.count {
      return try decodeBands(bytes, frame: frame, scan: scan, reader: reader)
    }
    if coefficients == nil {
      try checkSize(bytes, frame: frame, coefficientCount: frame.paddedBlockCount * 64)
      coefficients = JPEGCoefficients(frame)
    }
    do throws(JPEGError) {
      try coefficients?.add(bytes, scan: scan, reader: reader)
    } catch {
      throw .jpeg(error)
    }
    return nil
  }

  /// Refuses scans that together visit more blocks than a picture asks for.
  ///
  /// A few bytes can code that thousands of blocks have nothing new, and each such scan costs a walk
  /// over all of them. Allowed are 24 visits a block (encoders need about 10), 64 for each byte of the
  /// file, and a million for small pictures.
  private mutating func countVisits(
    _ scan: JPEGScan,
    frame: JPEGFrame,
    units: Int,
    in bytes: Span<UInt8>
  ) throws(JPEGError) {
    for member in scan.members {
      let component = frame.components[member.component]
      visitCount += units * (scan.isInterleaved ? component.horizontal * component.vertical : 1)
    }
    let limit = 24 * frame.paddedBlockCount + 64 * min(bytes.count, 1 << 24) + 1 << 20
    guard visitCount <= limit else {
      throw .tooManyVisits(blocks: visitCount, limit: limit)
    }
  }

  /// Takes over the quantisation factors of components that are in a scan for the first time.
  private mutating func takeFactors(_ scan: JPEGScan, frame: JPEGFrame) throws(JPEGError) {
    for member in scan.members where factors[member.component] == nil {
      let component = frame.components[member.component]
      guard let table = tables.quantization[component.quantizationTable] else {
        throw .missingQuantizationTable(
          number: component.quantizationTable,
          component: component.id
        )
      }
      factors[member.component] = InverseDCT.factors(table)
    }
  }

  /// Holds the size of the picture against the limits and the length of the file.
  ///
  /// A block takes at least one bit: the code of its DC difference.
  private func checkSize(
    _ bytes: Span<UInt8>,
    frame: JPEGFrame,
    coefficientCount: Int
  ) throws(PictureError) {
    let needed = frame.blockCount / 8
    guard bytes.count >= needed else {
      throw .tooFewBytes(
        width: frame.width,
        height: frame.height,
        needed: needed,
        found: bytes.count
      )
    }
    try limits.checkMemory(
      (frame.width * frame.height, 3),
      (coefficientCount, 2),
      (SampleBands(frame).wordCount, 8)
    )
  }

  private func decodeBands(
    _ bytes: Span<UInt8>,
    frame: JPEGFrame,
    scan: JPEGScan,
    reader: ScanReader
  ) throws(PictureError) -> Image {
    try checkSize(bytes, frame: frame, coefficientCount: 64)
    let rows = pixelRows(frame)
    var words = [SIMD8<UInt8>](repeating: SIMD8(repeating: 0), count: rows.bands.wordCount)
    var image = Image(width: frame.width, height: frame.height)
    var wordSpan = words.mutableSpan
    var pixels = image.pixels.mutableSpan
    do throws(JPEGError) {
      try BandedScan(frame: frame, scan: scan, rows: rows, factors: factors.compactMap { $0 })
        .decode(bytes, reader: reader, words: &wordSpan, pixels: &pixels)
    } catch {
      throw .jpeg(error)
    }
    return image
  }

  /// Makes the picture of the coefficients that all scans have brought.
  private mutating func finish() throws(PictureError) -> Image {
    guard let frame, coefficients != nil else {
      throw .jpeg(.noScan)
    }
    for (index, component) in frame.components.enumerated() where factors[index] == nil {
      throw .jpeg(.componentNotCoded(id: component.id))
    }
    let rows = pixelRows(frame)
    var words = [SIMD8<UInt8>](repeating: SIMD8(repeating: 0), count: rows.bands.wordCount)
    var image = Image(width: frame.width, height: frame.height)
    var wordSpan = words.mutableSpan
    var pixels = image.pixels.mutableSpan
    let factors = factors.compactMap { $0 }
    coefficients?.write(
      rows: rows,
      factors: factors,
      smoothing: frame.isProgressive ? BlockSmoothing(progression, factors: factors) : nil,
      words: &wordSpan,
      pixels: &pixels
    )
    coefficients = nil
    return image
  }

  private func pixelRows(_ frame: JPEGFrame) -> PixelRows {
    PixelRows(
      bands: SampleBands(frame),
      colorSpace: JPEGColorSpace(
        components: frame.components,
        hasJFIF: metadata.hasJFIF,
        adobeTransform: metadata.adobeTransform
      )
    )
  }
}
