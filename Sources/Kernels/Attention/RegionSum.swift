import FixedPoint

/// The weighted sum of the pixels of a rectangle of a map: a bin of RoIAlign, or a sample among bins.
///
///     w[y, x] = min(⌊rowWeight[y] · columnWeight[x]⌉15, 32767)
///     sum[c]  = bias[c] + Σ w[y, x] · value[y, x][c]                          32 bits, wrapping
///     out[c]  = clamp(zeroPoint + ⌊sum[c] · rescale⌉)                         rounded in 64 bits
///
/// Weights are Q.15, 0…2¹⁵. The limits of the clamp are `lowest` and `highest`, within the output's
/// element.
///
/// Error of a weight, from real weights r and s of the axes rounded to half a unit of 2⁻¹⁵: (r + s) / 2
/// and half a unit, at most 1.5 units.
public struct RegionSum {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (RegionSum) -> Void

  /// The first channel of the rectangle's first pixel.
  public var value: UnsafePointer<Int16>
  /// Elements from one pixel to the next, and from one row of the map to the next.
  public var pixelStride: Int
  public var rowStride: Int
  public var rowWeights: UnsafePointer<Int32>
  public var rows: Int
  public var columnWeights: UnsafePointer<Int32>
  public var columns: Int
  public var channels: Int
  /// [channels], or nil for zeros.
  public var bias: UnsafePointer<Int32>?
  public var rescale: Rescale
  public var zeroPoint: Int32
  public var lowest: Int32
  public var highest: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement

  public init(
    value: UnsafePointer<Int16>,
    pixelStride: Int,
    rowStride: Int,
    rowWeights: UnsafePointer<Int32>,
    rows: Int,
    columnWeights: UnsafePointer<Int32>,
    columns: Int,
    channels: Int,
    bias: UnsafePointer<Int32>?,
    rescale: Rescale,
    zeroPoint: Int32,
    lowest: Int32,
    highest: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.value = value
    self.pixelStride = pixelStride
    self.rowStride = rowStride
    self.rowWeights = rowWeights
    self.rows = rows
    self.columnWeights = columnWeights
    self.columns = columns
    self.channels = channels
    self.bias = bias
    self.rescale = rescale
    self.zeroPoint = zeroPoint
    self.lowest = lowest
    self.highest = highest
    self.output = output
    self.outputElement = outputElement
  }
}

/// The weight of a pixel from those of its row and column.
@inlinable @inline(__always)
public func regionWeight(_ row: Int32, _ column: Int32) -> Int32 {
  min((row &* column &+ (1 &<< 14)) &>> 15, 32767)
}

/// The reference: 16 channels at a time.
@export(interface)
public func scalarRegionSum(_ call: RegionSum) {
  withLanes { sums, _ in
    var channel = 0
    while channel < call.channels {
      let count = min(16, call.channels &- channel)
      var lane = 0
      while lane < count {
        if let bias = call.bias { sums[lane] = bias[channel &+ lane] } else { sums[lane] = 0 }
        lane &+= 1
      }
      addPixels(call, channel, count, sums)
      storeLimited(call, channel, count, sums)
      channel &+= 16
    }
  }
}

@inline(__always)
private func addPixels(
  _ call: RegionSum,
  _ channel: Int,
  _ count: Int,
  _ sums: UnsafeMutablePointer<Int32>
) {
  var row = 0
  while row < call.rows {
    let pixels = call.value + row &* call.rowStride + channel
    var column = 0
    while column < call.columns {
      let weight = regionWeight(call.rowWeights[row], call.columnWeights[column])
      addScaled(pixels + column &* call.pixelStride, weight, count, to: sums)
      column &+= 1
    }
    row &+= 1
  }
}

@inline(__always)
private func storeLimited(
  _ call: RegionSum,
  _ channel: Int,
  _ count: Int,
  _ sums: UnsafeMutablePointer<Int32>
) {
  let half = Int64(1) &<< Int64(call.rescale.shift &- 1)
  var lane = 0
  while lane < count {
    let product = Int64(sums[lane]) &* Int64(call.rescale.multiplier)
    let rounded = (product &+ half) &>> Int64(call.rescale.shift) &+ Int64(call.zeroPoint)
    let limited = min(max(rounded, Int64(call.lowest)), Int64(call.highest))
    sums[lane] = Int32(truncatingIfNeeded: limited)
    lane &+= 1
  }
  let destination = call.output + channel &* call.outputElement.byteCount
  narrow(sums, call.outputElement, count: count, into: destination)
}
