/// The mean of four pixels, channel by channel.
///
///     out[r, c] = (rows[r, 0][c] + rows[r, 1][c] + rows[r, 2][c] + rows[r, 3][c] + 2) >> 2
///
/// The error is half a step: sums of four numbers are exact in 16 bits (uint8) or 32 (int16).
public struct AveragePool {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (AveragePool) -> Void

  /// Pixels [rowCount, 4], each of `channels` elements.
  public var rows: UnsafePointer<UnsafeRawPointer>
  public var rowCount: Int
  public var channels: Int
  /// uint8 or int16, of input and output.
  public var element: KernelElement
  /// Rows of `channels` elements one after the other.
  public var output: UnsafeMutableRawPointer

  public init(
    rows: UnsafePointer<UnsafeRawPointer>,
    rowCount: Int,
    channels: Int,
    element: KernelElement,
    output: UnsafeMutableRawPointer
  ) {
    self.rows = rows
    self.rowCount = rowCount
    self.channels = channels
    self.element = element
    self.output = output
  }
}

/// The reference, sixteen channels at a time.
@export(interface)
public func scalarAveragePool(_ call: AveragePool) {
  var row = 0
  while row < call.rowCount {
    let taps = call.rows + 4 &* row
    let bytes = call.channels &* call.element.byteCount
    let output = call.output + row &* bytes
    if call.element == .uint8 {
      averageBytes(taps, call.channels, output)
    } else {
      averageWords(taps, call.channels, output)
    }
    row &+= 1
  }
}

@inline(__always)
private func averageBytes(
  _ taps: UnsafePointer<UnsafeRawPointer>,
  _ channels: Int,
  _ output: UnsafeMutableRawPointer
) {
  typealias Words = SIMD16<UInt16>
  let (a, b, c, d) = (taps[0], taps[1], taps[2], taps[3])
  var channel = 0
  while channel &+ 16 <= channels {
    var sum = Words(truncatingIfNeeded: (a + channel).loadUnaligned(as: SIMD16<UInt8>.self))
    sum &+= Words(truncatingIfNeeded: (b + channel).loadUnaligned(as: SIMD16<UInt8>.self))
    sum &+= Words(truncatingIfNeeded: (c + channel).loadUnaligned(as: SIMD16<UInt8>.self))
    sum &+= Words(truncatingIfNeeded: (d + channel).loadUnaligned(as: SIMD16<UInt8>.self))
    let mean = (sum &+ Words(repeating: 2)) &>> Words(repeating: 2)
    (output + channel).storeBytes(
      of: SIMD16<UInt8>(truncatingIfNeeded: mean),
      as: SIMD16<UInt8>.self
    )
    channel &+= 16
  }
  while channel < channels {
    var sum = Int32((a + channel).load(as: UInt8.self))
    sum &+= Int32((b + channel).load(as: UInt8.self))
    sum &+= Int32((c + channel).load(as: UInt8.self))
    sum &+= Int32((d + channel).load(as: UInt8.self))
    output.storeBytes(
      of: UInt8(truncatingIfNeeded: (sum &+ 2) &>> 2),
      toByteOffset: channel,
      as: UInt8.self
    )
    channel &+= 1
  }
}

@inline(__always)
private func averageWords(
  _ taps: UnsafePointer<UnsafeRawPointer>,
  _ channels: Int,
  _ output: UnsafeMutableRawPointer
) {
  let a = taps[0].assumingMemoryBound(to: Int16.self)
  let b = taps[1].assumingMemoryBound(to: Int16.self)
  let c = taps[2].assumingMemoryBound(to: Int16.self)
  let d = taps[3].assumingMemoryBound(to: Int16.self)
  let result = output.assumingMemoryBound(to: Int16.self)
  var channel = 0
  while channel < channels {
    let left = Int32(a[channel]) &+ Int32(b[channel])
    let right = Int32(c[channel]) &+ Int32(d[channel])
    result[channel] = Int16(truncatingIfNeeded: (left &+ right &+ 2) &>> 2)
    channel &+= 1
  }
}
