extension FrameLayout {
  /// Writes a frame as interleaved RGB rows without padding.
  ///
  /// - Parameters:
  ///   - first: the first plane, at least ``firstPlaneByteCount`` bytes but for padding behind the last row.
  ///   - second: the plane of Cb and Cr where there is one.
  ///   - rgb: `width * height * 3` bytes; row y begins at `y * width * 3`.
  /// - Throws: ``FrameError/byteCount(plane:found:needed:)`` where a plane is too short.
  /// - Precondition: `rgb` has that many bytes.
  public func convert(
    _ first: Span<UInt8>,
    _ second: Span<UInt8>,
    to rgb: inout MutableSpan<UInt8>
  ) throws(FrameError) {
    try check(first: first.count, second: second.count)
    precondition(rgb.count == width * height * 3, "three bytes a pixel")
    for y in 0..<height {
      let row = first.extracting(y * stride..<y * stride + format.rowByteCount(width: width))
      let place = y * width * 3
      switch format {
      case .rgb24: pick(row, step: 3, red: 0, blue: 2, &rgb, place)
      case .bgr24: pick(row, step: 3, red: 2, blue: 0, &rgb, place)
      case .rgba: pick(row, step: 4, red: 0, blue: 2, &rgb, place)
      case .bgra: pick(row, step: 4, red: 2, blue: 0, &rgb, place)
      case .nv12:
        let start = y / 2 * chromaStride
        let chroma = second.extracting(start..<start + (width + 1) / 2 * 2)
        for x in 0..<width {
          let color = LimitedRangeColor(cb: chroma[x & ~1], cr: chroma[x | 1])
          put(color.pixel(luma: row[x]), &rgb, place + 3 * x)
        }
      case .yuyv:
        for x in 0..<width {
          let group = x / 2 * 4
          let color = LimitedRangeColor(cb: row[group + 1], cr: row[group + 3])
          put(color.pixel(luma: row[2 * x]), &rgb, place + 3 * x)
        }
      }
    }
  }

  /// Refuses planes that are too short; the last row needs no padding.
  public func check(first: Int, second: Int) throws(FrameError) {
    let needed = firstPlaneByteCount - stride + format.rowByteCount(width: width)
    guard first >= needed else { throw .byteCount(plane: 0, found: first, needed: needed) }
    guard format == .nv12 else { return }
    let neededChroma = secondPlaneByteCount - chromaStride + (width + 1) / 2 * 2
    guard second >= neededChroma else {
      throw .byteCount(plane: 1, found: second, needed: neededChroma)
    }
  }

  @inline(__always)
  private func pick(
    _ row: Span<UInt8>,
    step: Int,
    red: Int,
    blue: Int,
    _ rgb: inout MutableSpan<UInt8>,
    _ place: Int
  ) {
    for x in 0..<width {
      let pixel = x * step
      put((row[pixel + red], row[pixel + 1], row[pixel + blue]), &rgb, place + 3 * x)
    }
  }

  @inline(__always)
  private func put(
    _ color: (red: UInt8, green: UInt8, blue: UInt8),
    _ rgb: inout MutableSpan<UInt8>,
    _ place: Int
  ) {
    rgb[place] = color.red
    rgb[place + 1] = color.green
    rgb[place + 2] = color.blue
  }
}
