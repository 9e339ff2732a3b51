import Deflate

/// Turns the unpacked rows of a PNG into pixels.
struct PNGRowUnpacker {
  let header: PNGHeader
  /// Red, green and blue of each palette entry.
  let palette: [UInt8]

  /// Unpacks all rows.
  func unpack(
    _ bytes: Span<UInt8>,
    data: [Range<Int>],
    pixels: inout MutableSpan<UInt8>
  ) throws(PNGError) {
    var inflater: Inflater
    do throws(DeflateError) {
      inflater = try Inflater(bytes, data: data, framing: .zlib)
    } catch {
      throw .data(error)
    }
    let samples = PNGSamples(header: header, palette: palette)
    let pixelByteCount = max(1, header.bitsPerPixel / 8)
    for pass in header.passes {
      let rowByteCount = header.rowByteCount(columns: pass.width)
      // Both rows begin with as many zeros as a pixel has bytes: what lies left of the first pixel.
      var row = [UInt8](repeating: 0, count: pixelByteCount + rowByteCount)
      var above = row
      var colors = [UInt8](repeating: 0, count: pass.width * 3)
      for index in 0..<pass.height {
        let filter: UInt8
        do throws(DeflateError) {
          filter = try inflater.takeByte(bytes)
          var target = row.mutableSpan
          try inflater.take(bytes, into: &target, from: pixelByteCount)
        } catch {
          throw .data(error)
        }
        guard unfilter(&row, above: above, filter: filter, pixelByteCount: pixelByteCount) else {
          throw .rowFilter(row: pass.firstRow + index * pass.rowStep, found: Int(filter))
        }
        let target = (pass.firstRow + index * pass.rowStep) * header.width * 3
        if header.isInterlaced {
          var colorSpan = colors.mutableSpan
          samples.convert(row, from: pixelByteCount, into: &colorSpan, at: 0, count: pass.width)
          for column in 0..<pass.width {
            let place = target + (pass.firstColumn + column * pass.columnStep) * 3
            pixels[place] = colorSpan[column * 3]
            pixels[place + 1] = colorSpan[column * 3 + 1]
            pixels[place + 2] = colorSpan[column * 3 + 2]
          }
        } else {
          samples.convert(
            row,
            from: pixelByteCount,
            into: &pixels,
            at: target,
            count: pass.width
          )
        }
        swap(&row, &above)
      }
    }
  }
}
