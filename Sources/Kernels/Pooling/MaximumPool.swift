/// The maximum over the taps of a window, channel by channel.
///
///     out[r, c] = max over t of taps[r, t][c]
///
/// A tap outside of the map points to a row of the least numbers of the type.
public struct MaximumPool {
  /// A kernel of this family; one function for each type of elements.
  public typealias Kernel = @Sendable (MaximumPool) -> Void

  /// Pixels [rowCount, taps], each of `channels` elements.
  public var rows: UnsafePointer<UnsafeRawPointer>
  public var rowCount: Int
  /// At least one.
  public var taps: Int
  public var channels: Int
  /// Rows of `channels` elements one after the other.
  public var output: UnsafeMutableRawPointer

  public init(
    rows: UnsafePointer<UnsafeRawPointer>,
    rowCount: Int,
    taps: Int,
    channels: Int,
    output: UnsafeMutableRawPointer
  ) {
    self.rows = rows
    self.rowCount = rowCount
    self.taps = taps
    self.channels = channels
    self.output = output
  }
}

/// The reference for uint8 elements.
@export(interface)
public func scalarMaximumPoolUInt8(_ call: MaximumPool) {
  maximumPool(call, of: UInt8.self)
}

/// The reference for int16 elements.
@export(interface)
public func scalarMaximumPoolInt16(_ call: MaximumPool) {
  maximumPool(call, of: Int16.self)
}

@inline(__always)
private func maximumPool<Element: FixedWidthInteger>(_ call: MaximumPool, of: Element.Type) {
  var output = call.output.assumingMemoryBound(to: Element.self)
  var row = 0
  while row < call.rowCount {
    let taps = call.rows + row &* call.taps
    let first = taps[0].assumingMemoryBound(to: Element.self)
    var channel = 0
    while channel < call.channels {
      output[channel] = first[channel]
      channel &+= 1
    }
    var tap = 1
    while tap < call.taps {
      let pixel = taps[tap].assumingMemoryBound(to: Element.self)
      channel = 0
      while channel < call.channels {
        output[channel] = max(output[channel], pixel[channel])
        channel &+= 1
      }
      tap &+= 1
    }
    output += call.channels
    row &+= 1
  }
}
