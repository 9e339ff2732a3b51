import FixedPoint

/// Numbers times the sigmoid of other numbers, element by element.
///
///     i, f   = the upper 8 bits of gate[n] + 2¹⁵, the lower 8
///     g      = table[i] + ⌊(table[i + 1] − table[i]) · f⌉8                                   Q.15
///     out[n] = clamp(zeroPoint + ⌊input[n] · g · rescale⌉)                    rounded in 64 bits
///
/// The table holds 257 sigmoids of the gates −2¹⁵, −2¹⁵ + 2⁸, … 2¹⁵ with 15 fraction bits, at most
/// 2¹⁵. With a step h between them the straight line is off by h²/8 · 0.0963 (the greatest second
/// derivative of the sigmoid), entries and line by half a unit each: for gates within ±16, h = ⅛,
/// 1.9 · 10⁻⁴ + 2⁻¹⁵.
public struct GatedRows {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (GatedRows) -> Void

  public var input: UnsafePointer<Int16>
  public var gates: UnsafePointer<Int16>
  public var count: Int
  public var table: UnsafePointer<Int32>
  public var rescale: Rescale
  public var zeroPoint: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement

  public init(
    input: UnsafePointer<Int16>,
    gates: UnsafePointer<Int16>,
    count: Int,
    table: UnsafePointer<Int32>,
    rescale: Rescale,
    zeroPoint: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.input = input
    self.gates = gates
    self.count = count
    self.table = table
    self.rescale = rescale
    self.zeroPoint = zeroPoint
    self.output = output
    self.outputElement = outputElement
  }
}

/// The sigmoid of a gate by the table, Q.15.
@inlinable @inline(__always)
public func gateFactor(_ number: Int16, _ table: UnsafePointer<Int32>) -> Int32 {
  let place = Int32(number) &+ 32768
  let entry = table + Int(place &>> 8)
  return entry[0] &+ ((entry[1] &- entry[0]) &* (place & 255) &+ 128) &>> 8
}

/// The reference.
func scalarGatedRows(_ call: GatedRows) {
  let half = Int64(1) &<< Int64(call.rescale.shift &- 1)
  let lowest = Int64(call.outputElement.lowest)
  let highest = Int64(call.outputElement.highest)
  withLanes { lanes, _ in
    var done = 0
    while done < call.count {
      let count = min(16, call.count &- done)
      var lane = 0
      while lane < count {
        let factor = gateFactor(call.gates[done &+ lane], call.table)
        let number = Int32(call.input[done &+ lane]) &* factor
        let product = Int64(number) &* Int64(call.rescale.multiplier)
        let rounded = (product &+ half) &>> Int64(call.rescale.shift) &+ Int64(call.zeroPoint)
        lanes[lane] = Int32(truncatingIfNeeded: min(max(rounded, lowest), highest))
        lane &+= 1
      }
      let destination = call.output + done &* call.outputElement.byteCount
      narrow(lanes, call.outputElement, count: count, into: destination)
      done &+= 16
    }
  }
}
