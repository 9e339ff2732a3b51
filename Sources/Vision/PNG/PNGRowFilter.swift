/// Filters the rows of a picture for packing (PNG specification, sections 9 and 12.8).
///
/// Each row gets the one of the five filters that leaves the smallest sum of differences, taken as
/// signed bytes without their sign.
struct PNGRowFilter {
  private let rowByteCount: Int
  private let pixelByteCount: Int
  /// The row and the one above, behind the zeros that stand left of the first pixel.
  private var row: [UInt8]
  private var above: [UInt8]
  private var candidate: [UInt8]
  private var best: [UInt8]

  /// Prepares for the first row.
  ///
  /// - Parameters:
  ///   - rowByteCount: bytes of a row.
  ///   - pixelByteCount: bytes of a pixel.
  init(rowByteCount: Int, pixelByteCount: Int) {
    self.rowByteCount = rowByteCount
    self.pixelByteCount = pixelByteCount
    row = [UInt8](repeating: 0, count: rowByteCount + pixelByteCount)
    above = row
    candidate = [UInt8](repeating: 0, count: rowByteCount)
    best = candidate
  }

  /// Appends the next row, filtered, behind the number of its filter.
  ///
  /// - Parameters:
  ///   - pixels: a picture.
  ///   - start: where the row begins in it.
  ///   - result: what packing gets.
  mutating func append(_ pixels: [UInt8], from start: Int, to result: inout [UInt8]) {
    row.replaceSubrange(pixelByteCount..., with: pixels[start..<start + rowByteCount])
    var bestFilter: UInt8 = 0
    var bestSum = Int.max
    for filter in 0...4 as ClosedRange<UInt8> {
      let sum = apply(filter)
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

  /// Puts the differences that a filter leaves into `candidate` and returns their sum.
  private mutating func apply(_ filter: UInt8) -> Int {
    switch filter {
    case 1: differences { left, _, _ in left }
    case 2: differences { _, above, _ in above }
    case 3: differences { left, above, _ in floorOfMean(left, above) }
    case 4: differences { paeth(left: $0, above: $1, aboveLeft: $2) }
    default: differences { _, _, _ in .zero }
    }
  }

  @inline(__always)
  private mutating func differences(
    _ predict: (SIMD16<UInt8>, SIMD16<UInt8>, SIMD16<UInt8>) -> SIMD16<UInt8>
  ) -> Int {
    subtract(predict, from: row, above: above, pixelByteCount: pixelByteCount, into: &candidate)
  }
}

/// Subtracts predictions from a row, sixteen bytes at a time.
///
/// - Parameters:
///   - predict: the prediction from the bytes to the left, above, and above to the left.
///   - row: the row behind the zeros of one pixel.
///   - above: the row above behind as many.
///   - pixel: bytes of a pixel.
///   - result: gets the differences.
/// - Returns: the sum of the differences' magnitudes.
@inline(__always)
private func subtract(
  _ predict: (SIMD16<UInt8>, SIMD16<UInt8>, SIMD16<UInt8>) -> SIMD16<UInt8>,
  from row: [UInt8],
  above: [UInt8],
  pixelByteCount pixel: Int,
  into result: inout [UInt8]
) -> Int {
  let row = row.span.bytes
  let above = above.span.bytes
  var span = result.mutableSpan
  var target = span.mutableBytes
  // Loads and stores are checked against the lengths of the spans.
  var sums = SIMD16<UInt32>.zero
  var place = 0
  while place + 16 <= target.byteCount {
    let predicted = predict(row.load16(place), above.load16(place + pixel), above.load16(place))
    let difference = row.load16(place + pixel) &- predicted
    target.storeBytes(of: difference, toByteOffset: place, as: SIMD16<UInt8>.self)
    sums &+= SIMD16<UInt32>(truncatingIfNeeded: magnitude(difference))
    place += 16
  }
  // The last bytes go through the same arithmetic one by one.
  while place < target.byteCount {
    let predicted = predict(row.load1(place), above.load1(place + pixel), above.load1(place))
    let difference = row.load1(place + pixel) &- predicted
    target.storeBytes(of: difference[0], toByteOffset: place, as: UInt8.self)
    sums[0] += UInt32(magnitude(difference)[0])
    place += 1
  }
  return Int(sums.wrappedSum())
}

extension RawSpan {
  @inline(__always)
  fileprivate func load16(_ offset: Int) -> SIMD16<UInt8> {
    unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
  }

  @inline(__always)
  fileprivate func load1(_ offset: Int) -> SIMD16<UInt8> {
    SIMD16(repeating: unsafeLoad(fromByteOffset: offset, as: UInt8.self))
  }
}

/// The magnitude of bytes taken as signed ones; that of -128 is 128.
@inline(__always)
private func magnitude(_ bytes: SIMD16<UInt8>) -> SIMD16<UInt8> {
  pointwiseMin(bytes, .zero &- bytes)
}

/// Half the sum, rounded down, without a carry: the bits that both have and half of those that differ.
@inline(__always)
private func floorOfMean(_ first: SIMD16<UInt8>, _ second: SIMD16<UInt8>) -> SIMD16<UInt8> {
  (first & second) &+ ((first ^ second) &>> 1)
}

/// `paeth` for sixteen bytes.
///
/// The distance of `left + above - aboveLeft` to `aboveLeft` is the sum of the other two distances where
/// both neighbours lie on the same side of `aboveLeft`, and then the largest of the three; else their difference.
@inline(__always)
private func paeth(
  left: SIMD16<UInt8>,
  above: SIMD16<UInt8>,
  aboveLeft: SIMD16<UInt8>
) -> SIMD16<UInt8> {
  let fromLeft = distance(above, aboveLeft)
  let fromAbove = distance(left, aboveLeft)
  let isSameSide = (left .>= aboveLeft) .^ (above .< aboveLeft)
  let fromAboveLeft = distance(fromLeft, fromAbove).replacing(with: 255, where: isSameSide)
  let aboveOrCorner = aboveLeft.replacing(with: above, where: fromAbove .<= fromAboveLeft)
  return aboveOrCorner.replacing(
    with: left,
    where: fromLeft .<= fromAbove .& fromLeft .<= fromAboveLeft
  )
}

@inline(__always)
private func distance(_ first: SIMD16<UInt8>, _ second: SIMD16<UInt8>) -> SIMD16<UInt8> {
  pointwiseMax(first, second) &- pointwiseMin(first, second)
}
