/// The frame header of a JPEG: the size, the kind of coding, and how the components are sampled.
struct JPEGFrame {
  let width: Int
  let height: Int
  let isProgressive: Bool
  let components: [JPEGComponent]
  /// The largest horizontal sampling factor.
  let maxHorizontal: Int
  /// The largest vertical sampling factor.
  let maxVertical: Int
  /// The number of block units in a row of an interleaved scan.
  let unitsPerRow: Int
  /// The number of rows of block units in an interleaved scan.
  let unitRows: Int
}

/// One component of a frame.
///
/// Its own size is that of the picture times `h / maxHorizontal` and `v / maxVertical`, rounded up.
struct JPEGComponent {
  let id: UInt8
  /// The horizontal sampling factor, 1 to 4; 1 in a frame of a single component.
  let horizontal: Int
  /// The vertical sampling factor, 1 to 4; 1 in a frame of a single component.
  let vertical: Int
  /// The vertical sampling factor in the file, which only block smoothing looks at.
  let statedVertical: Int
  /// How many pixels a sample is wide, 1 to 4.
  let widthRatio: Int
  /// How many pixels a sample is high, 1 to 4.
  let heightRatio: Int
  let quantizationTable: Int
  /// The number of columns that belong to the picture.
  let width: Int
  /// The number of rows that belong to the picture.
  let height: Int
  /// The number of blocks side by side that hold `width` columns.
  let blocksPerRow: Int
  /// The number of blocks one above the other that hold `height` rows.
  let blockRows: Int
}

extension JPEGFrame {
  /// Reads the content of a frame segment.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - segment: the bytes behind the segment's length.
  ///   - marker: SOF0, SOF1 or SOF2.
  ///   - limits: what the size is held against.
  /// - Throws: ``PictureError`` where the frame is broken, unsupported or too large.
  init(
    _ bytes: Span<UInt8>,
    segment: Range<Int>,
    marker: UInt8,
    limits: DecodingLimits
  ) throws(PictureError) {
    guard segment.count >= 6, segment.count >= 6 + 3 * Int(bytes[segment.lowerBound + 5]) else {
      throw .jpeg(
        .segmentTooShort(
          marker: marker,
          offset: segment.lowerBound - 4,
          length: segment.count + 2
        )
      )
    }
    let start = segment.lowerBound
    let bits = Int(bytes[start])
    guard bits == 8 else {
      throw .jpeg(.unsupportedPrecision(bits: bits))
    }
    let height = Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
    let width = Int(bytes[start + 3]) << 8 | Int(bytes[start + 4])
    try limits.check(width: width, height: height)
    let count = Int(bytes[start + 5])
    guard count == 1 || count == 3 || count == 4 else {
      throw .jpeg(.unsupportedComponentCount(count))
    }

    var maxHorizontal = 1
    var maxVertical = 1
    for index in 0..<count {
      let factors = bytes[start + 7 + 3 * index]
      let horizontal = Int(factors >> 4)
      let vertical = Int(factors & 15)
      guard (1...4).contains(horizontal), (1...4).contains(vertical) else {
        throw .jpeg(
          .samplingFactor(component: index, horizontal: horizontal, vertical: vertical)
        )
      }
      // A single component is never interleaved, so that its factors mean nothing.
      if count > 1 {
        maxHorizontal = max(maxHorizontal, horizontal)
        maxVertical = max(maxVertical, vertical)
      }
    }

    var components: [JPEGComponent] = []
    for index in 0..<count {
      let id = bytes[start + 6 + 3 * index]
      for component in components where component.id == id {
        throw .jpeg(.duplicateComponent(id: id))
      }
      let factors = bytes[start + 7 + 3 * index]
      let horizontal = count > 1 ? Int(factors >> 4) : 1
      let vertical = count > 1 ? Int(factors & 15) : 1
      guard maxHorizontal % horizontal == 0, maxVertical % vertical == 0 else {
        throw .jpeg(
          .fractionalSampling(component: index, horizontal: horizontal, vertical: vertical)
        )
      }
      let table = Int(bytes[start + 8 + 3 * index])
      guard table < 4 else {
        throw .jpeg(.missingQuantizationTable(number: table, component: id))
      }
      components.append(
        JPEGComponent(
          id: id,
          horizontal: horizontal,
          vertical: vertical,
          statedVertical: Int(factors & 15),
          widthRatio: maxHorizontal / horizontal,
          heightRatio: maxVertical / vertical,
          quantizationTable: table,
          width: width.dividedUp(by: maxHorizontal / horizontal),
          height: height.dividedUp(by: maxVertical / vertical),
          blocksPerRow: width.dividedUp(by: maxHorizontal / horizontal * 8),
          blockRows: height.dividedUp(by: maxVertical / vertical * 8)
        )
      )
    }
    self.width = width
    self.height = height
    self.isProgressive = marker == JPEGMarker.progressive
    self.components = components
    self.maxHorizontal = maxHorizontal
    self.maxVertical = maxVertical
    self.unitsPerRow = width.dividedUp(by: 8 * maxHorizontal)
    self.unitRows = height.dividedUp(by: 8 * maxVertical)
  }

  /// The number of blocks that belong to the picture.
  var blockCount: Int {
    var count = 0
    for component in components {
      count += component.blocksPerRow * component.blockRows
    }
    return count
  }

  /// The number of blocks with those that fill up the last units of interleaved scans.
  var paddedBlockCount: Int {
    var count = 0
    for component in components {
      count += paddedBlocksPerRow(component) * paddedBlockRows(component)
    }
    return count
  }

  /// The number of blocks side by side in whole units.
  func paddedBlocksPerRow(_ component: JPEGComponent) -> Int {
    unitsPerRow * component.horizontal
  }

  /// The number of blocks one above the other in whole units.
  func paddedBlockRows(_ component: JPEGComponent) -> Int {
    unitRows * component.vertical
  }
}

extension Int {
  /// The quotient by a positive number, rounded up, of a number that is not negative.
  func dividedUp(by divisor: Int) -> Int {
    (self + divisor - 1) / divisor
  }
}
