/// One side of a box that is cut into bins, and what a bin takes of the pixels along it.
///
/// `roi_align` of torchvision with aligned boxes and as many points as a bin has pixels, in integers.
/// With `valid` pixels of the picture among the `length` of the map, all places in Q.16 pixels:
///
///     side   = ⌊part · valid⌉14                       from Q1.30
///     start  = ⌊(2 · centre − part) · valid⌉15 − ½
///     points = ⌈side / bins⌉                          whole pixels, 0 for sides up to 0
///     place  = start + ⌊side · (2 · (bin · points + i) + 1) / (2 · bins · points)⌉      i < points
///
/// A place before −1 or behind `length` counts nothing; others are limited to 0…length − 1 and divide
/// 2¹⁶ between the two pixels around them by their fraction. The sums over a bin's points are exact;
/// weights are their parts of `points`, or of two bins mixed, rounded to Q.15.
///
/// Error of a weight: the three roundings move a place by at most 1.5 units of 2⁻¹⁶, which moves as
/// much from a pixel to the next; the last rounding is half a unit of 2⁻¹⁵: 1.25 units in all.
/// The number of points may differ from that of real numbers where a side is within 2⁻¹⁷ of a
/// multiple of the bins.
public struct RegionAxis {
  public let start: Int64
  public let side: Int64
  public let bins: Int
  public let length: Int
  public let points: Int64

  /// Cuts a side.
  ///
  /// - Parameters:
  ///   - centre: Q1.30 of the valid pixels; any number.
  ///   - part: the side's length, likewise.
  ///   - valid: 1…2¹⁴ pixels.
  ///   - length: `valid` or more, up to 2¹⁴.
  ///   - bins: 1…64.
  public init(centre: Int32, part: Int32, valid: Int, length: Int, bins: Int) {
    self.bins = bins
    self.length = length
    let size = Int64(valid)
    side = (Int64(part) &* size &+ (1 &<< 13)) &>> 14
    start = ((2 &* Int64(centre) &- Int64(part)) &* size &+ (1 &<< 14)) &>> 15 &- (1 &<< 15)
    let unit = Int64(bins) &<< 16
    points = side <= 0 ? 0 : (side &+ unit &- 1) / unit
  }

  /// Adds the points of a bin to sums of Q.16, one for each of the `length` pixels.
  ///
  /// - Returns: the pixels that were touched.
  @export(interface)
  public func addPoints(ofBin bin: Int, to sums: UnsafeMutablePointer<Int64>) -> Range<Int> {
    var first = length
    var end = 0
    let last = Int64(length &- 1) &<< 16
    let divisor = 2 &* Int64(bins) &* points
    var point: Int64 = 0
    while point < points {
      let middle = 2 &* (Int64(bin) &* points &+ point) &+ 1
      let place = start &+ (side &* middle &+ divisor / 2) / divisor
      point &+= 1
      if place < -65536 || place > Int64(length) &<< 16 { continue }
      let inside = min(max(place, 0), last)
      let low = Int(inside &>> 16)
      let fraction = inside & 65535
      sums[low] &+= 65536 &- fraction
      first = min(first, low)
      end = max(end, low &+ 1)
      if fraction > 0 {
        sums[low &+ 1] &+= fraction
        end = max(end, low &+ 2)
      }
    }
    return first < end ? first..<end : 0..<0
  }

  /// The weight of a sum, Q.15.
  @inlinable
  public func weight(ofSum sum: Int64) -> Int32 {
    points == 0 ? 0 : Int32(truncatingIfNeeded: (sum &+ points) / (2 &* points))
  }

  /// The weight of two bins' sums, the second counting `fraction` (Q.16) and the first the rest.
  @inlinable
  public func weight(ofSum sum: Int64, _ next: Int64, fraction: Int64) -> Int32 {
    guard points > 0 else { return 0 }
    let total = sum &* (65536 &- fraction) &+ next &* fraction
    return Int32(truncatingIfNeeded: (total &+ (points &<< 16)) / (points &<< 17))
  }

  /// The bin at or before a place in Q1.30 of the side, and the fraction (Q.16) of the next one:
  /// `⌊place · bins⌉14 − ½` in bins of Q.16.
  @inlinable
  public func bin(at place: Int32) -> (index: Int, fraction: Int64) {
    let position = (Int64(place) &* Int64(bins) &+ (1 &<< 13)) &>> 14 &- (1 &<< 15)
    return (Int(truncatingIfNeeded: position &>> 16), position & 65535)
  }
}
