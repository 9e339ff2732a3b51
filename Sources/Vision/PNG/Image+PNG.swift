import Deflate

extension Image {
  /// The picture as a PNG of 8-bit RGB, without loss.
  ///
  /// Each row is filtered in the way that leaves the smallest sum of differences; packing takes three
  /// further bytes a pixel of memory while it runs.
  ///
  /// - Precondition: the picture has less than 2^31 / 3 pixels.
  public func encodedPNG() -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let checksums = CRC32()
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 2, 0, 0, 0]
    appendChunk("IHDR", header[...], checksums, to: &file)
    let data = deflated(filteredRows())
    // Decoders with small buffers are glad of pieces.
    var place = 0
    while place < data.count {
      let end = min(data.count, place + 1 << 18)
      appendChunk("IDAT", data[place..<end], checksums, to: &file)
      place = end
    }
    appendChunk("IEND", [], checksums, to: &file)
    return file
  }

  /// All rows, each behind the number of its filter.
  private func filteredRows() -> [UInt8] {
    let rowByteCount = width * 3
    var result: [UInt8] = []
    result.reserveCapacity((rowByteCount + 1) * height)
    // Three zeros stand left of the first pixel.
    var above = [UInt8](repeating: 0, count: rowByteCount + 3)
    var row = above
    var candidate = [UInt8](repeating: 0, count: rowByteCount)
    var best = candidate
    for index in 0..<height {
      let start = index * rowByteCount
      for column in 0..<rowByteCount {
        row[column + 3] = pixels[start + column]
      }
      var bestFilter: UInt8 = 0
      var bestSum = Int.max
      for filter in 0...4 as ClosedRange<UInt8> {
        let sum = applyFilter(filter, row: row, above: above, into: &candidate)
        if sum < bestSum {
          bestSum = sum
          bestFilter = filter
          swap(&best, &candidate)
        }
      }
      result.append(bestFilter)
      result += best
      swap(&row, &above)
    }
    return result
  }
}

/// Filters a row of RGB.
///
/// - Parameters:
///   - filter: the number of the filter, 0 to 4.
///   - row: the row behind three zeros.
///   - above: the row above behind three zeros.
///   - result: the differences.
/// - Returns: the sum of the differences, as signed bytes without their sign.
private func applyFilter(
  _ filter: UInt8,
  row: [UInt8],
  above: [UInt8],
  into result: inout [UInt8]
) -> Int {
  let row = row.span
  let above = above.span
  var result = result.mutableSpan
  var sum = 0
  for index in result.indices {
    let prediction: UInt8 =
      switch filter {
      case 1: row[index]
      case 2: above[index + 3]
      case 3: UInt8(truncatingIfNeeded: (UInt16(row[index]) + UInt16(above[index + 3])) >> 1)
      case 4: paeth(left: row[index], above: above[index + 3], aboveLeft: above[index])
      default: 0
      }
    let difference = row[index + 3] &- prediction
    result[index] = difference
    sum += Int(Int8(bitPattern: difference).magnitude)
  }
  return sum
}

/// Appends a chunk: length, name, content, checksum.
private func appendChunk(
  _ name: String,
  _ content: ArraySlice<UInt8>,
  _ checksums: CRC32,
  to file: inout [UInt8]
) {
  file += bigEndian(UInt32(content.count))
  let start = file.count
  file += Array(name.utf8)
  file += content
  file += bigEndian(checksums.checksum(file.span, start..<file.count))
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}
