/// Takes back the filter of a row (PNG specification, section 9).
///
/// - Parameters:
///   - row: the filtered bytes behind `pixelByteCount` zeros; the bytes themselves afterwards.
///   - above: the row above laid out in the same way, all zeros for the first row.
///   - filter: the number of the filter.
///   - pixelByteCount: the distance to the pixel on the left, at least 1.
/// - Returns: false when there is no such filter.
func unfilter(
  _ row: inout [UInt8],
  above: [UInt8],
  filter: UInt8,
  pixelByteCount: Int
) -> Bool {
  let count = row.count
  var row = row.mutableSpan
  let above = above.span
  switch filter {
  case 0:
    break
  case 1:
    for index in pixelByteCount..<count {
      row[index] &+= row[index &- pixelByteCount]
    }
  case 2:
    for index in pixelByteCount..<count {
      row[index] &+= above[index]
    }
  case 3:
    for index in pixelByteCount..<count {
      let sum = UInt16(row[index &- pixelByteCount]) + UInt16(above[index])
      row[index] &+= UInt8(truncatingIfNeeded: sum >> 1)
    }
  case 4:
    for index in pixelByteCount..<count {
      row[index] &+= paeth(
        left: row[index &- pixelByteCount],
        above: above[index],
        aboveLeft: above[index &- pixelByteCount]
      )
    }
  default:
    return false
  }
  return true
}

/// The one of three neighbours that is nearest to `left + above - aboveLeft`, in this order where
/// two are equally near.
@inline(__always)
func paeth(left: UInt8, above: UInt8, aboveLeft: UInt8) -> UInt8 {
  let fromLeft = abs(Int32(above) &- Int32(aboveLeft))
  let fromAbove = abs(Int32(left) &- Int32(aboveLeft))
  let fromAboveLeft = abs(Int32(left) &+ Int32(above) &- 2 &* Int32(aboveLeft))
  if fromLeft <= fromAbove, fromLeft <= fromAboveLeft {
    return left
  }
  return fromAbove <= fromAboveLeft ? above : aboveLeft
}
