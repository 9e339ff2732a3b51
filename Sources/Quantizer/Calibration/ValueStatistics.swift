/// What calibration remembers of one activation: extremes and a histogram that grows.
///
/// The histogram has a fixed number of bins over −limit…limit. When a number lies outside, the limit
/// doubles and pairs of bins merge, so one pass is enough and memory does not grow with the number
/// of photographs. Photographs are added one after the other, so the result does not depend on
/// threads.
public struct ValueStatistics: Sendable, Equatable {
  public static let bins = 4096

  public internal(set) var minimum = Float.infinity
  public internal(set) var maximum = -Float.infinity
  public internal(set) var count = 0
  /// Half the width of the histogram, a power of two; 0 until a number other than 0 was seen.
  public internal(set) var limit: Float = 0
  public internal(set) var histogram: [Int] = []
  public internal(set) var nonFinite = 0
  /// The extremes of each photograph, averaged: one outlier among forty pictures counts little.
  public internal(set) var averageMinimum = 0.0
  public internal(set) var averageMaximum = 0.0
  public internal(set) var photographs = 0
  /// Sum of each channel, for means; empty until the first photograph.
  public internal(set) var channelSums: [Double] = []
  /// Zeros counted while there was no histogram yet.
  var zeros = 0

  public init() {}

  /// Adds the numbers of one photograph, rows × channels; those that are not finite are counted
  /// apart.
  public mutating func observe(_ numbers: UnsafeBufferPointer<Float>, channels: Int) {
    var low = Float.infinity
    var high = -Float.infinity
    var finite = 0
    for number in numbers where number.isFinite {
      low = number < low ? number : low
      high = number > high ? number : high
      finite += 1
    }
    nonFinite += numbers.count - finite
    count += finite
    if finite > 0 {
      photographs += 1
      averageMinimum += (Double(low) - averageMinimum) / Double(photographs)
      averageMaximum += (Double(high) - averageMaximum) / Double(photographs)
      minimum = min(minimum, low)
      maximum = max(maximum, high)
      widen(to: max(abs(minimum), abs(maximum)))
    }
    addChannels(numbers, channels)
    guard limit > 0 else {
      zeros += finite
      return
    }
    let half = Float(Self.bins / 2)
    let scale = half / limit
    let top = Self.bins - 1
    histogram.withUnsafeMutableBufferPointer { bins in
      for number in numbers where number.isFinite {
        let bin = Int(number * scale + half)
        bins[bin > top ? top : bin] += 1
      }
    }
  }

  private mutating func addChannels(_ numbers: UnsafeBufferPointer<Float>, _ channels: Int) {
    if channelSums.isEmpty { channelSums = [Double](repeating: 0, count: channels) }
    guard channels == channelSums.count, nonFinite == 0 else { return }
    channelSums.withUnsafeMutableBufferPointer { sums in
      var index = 0
      while index + channels <= numbers.count {
        for channel in 0..<channels { sums[channel] += Double(numbers[index + channel]) }
        index += channels
      }
    }
  }

  /// The mean of a channel over everything seen.
  func mean(ofChannel channel: Int) -> Double {
    guard count > 0, channel < channelSums.count else { return 0 }
    return channelSums[channel] * Double(channelSums.count) / Double(count)
  }

  private mutating func widen(to magnitude: Float) {
    guard magnitude > limit else { return }
    if limit == 0 {
      // Zeros seen before belong into the middle bin.
      histogram = [Int](repeating: 0, count: Self.bins)
      histogram[Self.bins / 2] = zeros
      limit = max(Float(sign: .plus, exponent: magnitude.exponent, significand: 1), 1e-30)
    }
    while limit < magnitude {
      limit *= 2
      var wider = [Int](repeating: 0, count: Self.bins)
      for bin in 0..<Self.bins { wider[Self.bins / 4 + bin / 2] += histogram[bin] }
      histogram = wider
    }
  }

  /// The value below which a share of the numbers lies, to a bin's width, never outside of the
  /// extremes.
  func quantile(_ share: Double) -> Double {
    guard count > 0, limit > 0 else { return 0 }
    let target = share * Double(count)
    var sum = 0.0
    let width = 2 * Double(limit) / Double(Self.bins)
    for bin in 0..<Self.bins {
      let next = sum + Double(histogram[bin])
      if next >= target {
        let inside = histogram[bin] > 0 ? (target - sum) / Double(histogram[bin]) : 0
        let value = -Double(limit) + (Double(bin) + inside) * width
        return min(max(value, Double(minimum)), Double(maximum))
      }
      sum = next
    }
    return Double(maximum)
  }
}
