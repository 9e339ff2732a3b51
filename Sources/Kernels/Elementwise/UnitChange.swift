import FixedPoint

/// An array in other units.
///
///     out[i] = clamp(zeroPoint + ((x[i] − zx) · multiplier + half) >> shift)
///
/// The arithmetic has 64 bits, `half` is 2^(shift − 1), and the limits are the range of the output's
/// element. The output may be the input itself where the elements have the same size.
public struct UnitChange {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (UnitChange) -> Void

  public var input: UnsafeRawPointer
  public var inputElement: KernelElement
  public var inputZeroPoint: Int32
  public var count: Int
  public var rescale: Rescale
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement
  public var outputZeroPoint: Int32

  public init(
    input: UnsafeRawPointer,
    inputElement: KernelElement,
    inputZeroPoint: Int32,
    count: Int,
    rescale: Rescale,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement,
    outputZeroPoint: Int32
  ) {
    self.input = input
    self.inputElement = inputElement
    self.inputZeroPoint = inputZeroPoint
    self.count = count
    self.rescale = rescale
    self.output = output
    self.outputElement = outputElement
    self.outputZeroPoint = outputZeroPoint
  }
}

/// The reference: 16 elements at a time through 32-bit lanes.
@export(interface)
public func scalarUnitChange(_ call: UnitChange) {
  let shift = Int64(call.rescale.shift)
  let half = Int64(1) &<< (shift &- 1)
  let lowest = Int64(call.outputElement.lowest)
  let highest = Int64(call.outputElement.highest)
  withLanes { lanes, _ in
    var done = 0
    while done < call.count {
      let count = min(16, call.count &- done)
      let start = done &* call.inputElement.byteCount
      widen(call.input + start, call.inputElement, count: count, into: lanes)
      var lane = 0
      while lane < count {
        let centred = Int64(lanes[lane]) &- Int64(call.inputZeroPoint)
        let product = centred &* Int64(call.rescale.multiplier)
        let rounded = (product &+ half) &>> shift &+ Int64(call.outputZeroPoint)
        lanes[lane] = Int32(truncatingIfNeeded: min(max(rounded, lowest), highest))
        lane &+= 1
      }
      narrow(
        lanes,
        call.outputElement,
        count: count,
        into: call.output + done &* call.outputElement.byteCount
      )
      done &+= 16
    }
  }
}
