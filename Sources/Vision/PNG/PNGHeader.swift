/// The header of a PNG (chunk IHDR).
struct PNGHeader {
  /// What the samples of a pixel are.
  enum ColorType: Int {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    var channelCount: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }
  }

  let width: Int
  let height: Int
  /// 1, 2, 4, 8 or 16 bits a sample, whichever the colour type allows.
  let bitDepth: Int
  let colorType: ColorType
  let isInterlaced: Bool

  /// Reads the content of the chunk, 13 bytes from `start`.
  init(_ bytes: Span<UInt8>, at start: Int, limits: DecodingLimits) throws(PictureError) {
    guard let wide = bytes.uint32(at: start), let high = bytes.uint32(at: start + 4),
      start + 13 <= bytes.count
    else {
      throw .png(.ends(offset: bytes.count))
    }
    // A 32-bit Int does not hold all sizes; too large ones are refused all the same.
    width = Int(clamping: wide)
    height = Int(clamping: high)
    try limits.check(width: width, height: height)
    bitDepth = Int(bytes[start + 8])
    let number = Int(bytes[start + 9])
    guard let colorType = ColorType(rawValue: number), colorType.allows(bitDepth: bitDepth) else {
      throw .png(.colorType(number, bitDepth: bitDepth))
    }
    self.colorType = colorType
    let methods = (Int(bytes[start + 10]), Int(bytes[start + 11]), Int(bytes[start + 12]))
    guard methods.0 == 0, methods.1 == 0, methods.2 <= 1 else {
      throw .png(.method(compression: methods.0, filter: methods.1, interlace: methods.2))
    }
    isInterlaced = methods.2 == 1
  }

  /// The number of bits of a pixel.
  var bitsPerPixel: Int { bitDepth * colorType.channelCount }

  /// The number of bytes of `columns` pixels in a row, without the filter byte.
  func rowByteCount(columns: Int) -> Int {
    (columns * bitsPerPixel + 7) / 8
  }

  /// The rows of the passes, in the order of the data; one pass when not interlaced.
  var passes: [Adam7Pass] {
    isInterlaced
      ? Adam7Pass.all(width: width, height: height)
      : [
        Adam7Pass(
          firstColumn: 0,
          columnStep: 1,
          firstRow: 0,
          rowStep: 1,
          width: width,
          height: height
        )
      ]
  }

  /// The number of bytes that the compressed data have to give.
  var dataByteCount: UInt64 {
    var count: UInt64 = 0
    for pass in passes {
      count += UInt64(pass.height) * UInt64(1 + rowByteCount(columns: pass.width))
    }
    return count
  }
}

extension PNGHeader.ColorType {
  fileprivate func allows(bitDepth: Int) -> Bool {
    switch self {
    case .gray: [1, 2, 4, 8, 16].contains(bitDepth)
    case .palette: [1, 2, 4, 8].contains(bitDepth)
    case .rgb, .grayAlpha, .rgba: bitDepth == 8 || bitDepth == 16
    }
  }
}

/// One of the reduced pictures that an interlaced PNG stores one after the other.
struct Adam7Pass {
  let firstColumn: Int
  let columnStep: Int
  let firstRow: Int
  let rowStep: Int
  /// The number of columns, at least 1.
  let width: Int
  /// The number of rows, at least 1.
  let height: Int

  /// The passes that have pixels, in order (PNG specification, section 8.2).
  static func all(width: Int, height: Int) -> [Adam7Pass] {
    let steps: [(firstColumn: Int, columnStep: Int, firstRow: Int, rowStep: Int)] = [
      (0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2),
      (0, 1, 1, 2),
    ]
    var passes: [Adam7Pass] = []
    for step in steps where step.firstColumn < width && step.firstRow < height {
      passes.append(
        Adam7Pass(
          firstColumn: step.firstColumn,
          columnStep: step.columnStep,
          firstRow: step.firstRow,
          rowStep: step.rowStep,
          width: (width - step.firstColumn).dividedUp(by: step.columnStep),
          height: (height - step.firstRow).dividedUp(by: step.rowStep)
        )
      )
    }
    return passes
  }
}
