/// The type of the elements that a kernel reads or writes.
public enum KernelElement: UInt8, Sendable {
  case uint8
  case int8
  case int16
  case int32

  /// Bytes of one element.
  @inlinable public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16: 2
    case .int32: 4
    }
  }

  /// The least number that the type holds.
  @inlinable public var lowest: Int32 {
    switch self {
    case .uint8: 0
    case .int8: -128
    case .int16: -32768
    case .int32: Int32.min
    }
  }

  /// The greatest number that the type holds.
  @inlinable public var highest: Int32 {
    switch self {
    case .uint8: 255
    case .int8: 127
    case .int16: 32767
    case .int32: Int32.max
    }
  }
}

// Conversions between memory and 32-bit lanes for the scalar kernels. The element is the same for a
// whole call, so that the switches stand outside of the loops over lanes.

/// Reads `count` elements as 32-bit numbers.
@inline(__always)
func widen(
  _ source: UnsafeRawPointer,
  _ element: KernelElement,
  count: Int,
  into lanes: UnsafeMutablePointer<Int32>
) {
  switch element {
  case .uint8: widen(source.assumingMemoryBound(to: UInt8.self), count, lanes)
  case .int8: widen(source.assumingMemoryBound(to: Int8.self), count, lanes)
  case .int16: widen(source.assumingMemoryBound(to: Int16.self), count, lanes)
  case .int32: widen(source.assumingMemoryBound(to: Int32.self), count, lanes)
  }
}

@inline(__always)
private func widen<Element: FixedWidthInteger>(
  _ source: UnsafePointer<Element>,
  _ count: Int,
  _ lanes: UnsafeMutablePointer<Int32>
) {
  var lane = 0
  while lane < count {
    lanes[lane] = Int32(truncatingIfNeeded: source[lane])
    lane &+= 1
  }
}

/// Writes `count` 32-bit numbers, which the caller has clamped, as elements.
@inline(__always)
func narrow(
  _ lanes: UnsafePointer<Int32>,
  _ element: KernelElement,
  count: Int,
  into destination: UnsafeMutableRawPointer
) {
  switch element {
  case .uint8: narrow(lanes, count, destination.assumingMemoryBound(to: UInt8.self))
  case .int8: narrow(lanes, count, destination.assumingMemoryBound(to: Int8.self))
  case .int16: narrow(lanes, count, destination.assumingMemoryBound(to: Int16.self))
  case .int32: narrow(lanes, count, destination.assumingMemoryBound(to: Int32.self))
  }
}

@inline(__always)
private func narrow<Element: FixedWidthInteger>(
  _ lanes: UnsafePointer<Int32>,
  _ count: Int,
  _ destination: UnsafeMutablePointer<Element>
) {
  var lane = 0
  while lane < count {
    destination[lane] = Element(truncatingIfNeeded: lanes[lane])
    lane &+= 1
  }
}
