/// A rectifier with a slope below zero, in other units.
///
///     out[i] = clamp(zeroPoint + (max(x, 0) · positive + min(x, 0) · negative + half) >> shift)
///
/// where `x` is the element minus the input's zero point. The arithmetic has 64 bits, `half` is
/// 2^(shift − 1), and the limits are the range of the output's element. The output may be the input itself where
/// the elements have the same size.
///
/// Error: half a unit of the output against the real number with the two factors.
/// Worked number: with the factors 1 and ¼ (2³⁰ and 2²⁸, shift 30), −6 becomes −1.5, rounded to −1.
public struct SlopedRectifier {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (SlopedRectifier) -> Void

  public var input: UnsafeRawPointer
  public var inputElement: KernelElement
  public var inputZeroPoint: Int32
  public var count: Int
  /// 0…2³¹ − 1.
  public var positive: Int32
  /// −(2³¹ − 1)…2³¹ − 1.
  public var negative: Int32
  /// 1…62.
  public var shift: Int32
  public var zeroPoint: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement

  public init(
    input: UnsafeRawPointer,
    inputElement: KernelElement,
    inputZeroPoint: Int32,
    count: Int,
    positive: Int32,
    negative: Int32,
    shift: Int32,
    zeroPoint: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.input = input
    self.inputElement = inputElement
    self.inputZeroPoint = inputZeroPoint
    self.count = count
    self.positive = positive
    self.negative = negative
    self.shift = shift
    self.zeroPoint = zeroPoint
    self.output = output
    self.outputElement = outputElement
  }
}

/// The reference: 16 elements at a time through 32-bit lanes.
@export(interface)
public func scalarSlopedRectifier(_ call: SlopedRectifier) {
  let shift = Int64(call.shift)
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
        let x = Int64(lanes[lane]) &- Int64(call.inputZeroPoint)
        let product = x &* Int64(x > 0 ? call.positive : call.negative)
        let rounded = (product &+ half) &>> shift &+ Int64(call.zeroPoint)
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
