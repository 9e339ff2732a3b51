/// The sum of two arrays with different units, in the units of a third.
///
///     out[i] = clamp(zeroPoint + ((a[i] − za) · ma + (b[i] − zb) · mb + half) >> shift)
///
/// The arithmetic has 64 bits, `half` is 2^(shift − 1). Elements are uint8, int8 or int16, each array
/// its own. The output may be `a` or `b` itself where the elements have the same size.
public struct WeightedSum {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (WeightedSum) -> Void

  /// One of the two terms.
  public struct Term {
    public var elements: UnsafeRawPointer
    public var element: KernelElement
    public var zeroPoint: Int32
    /// 0…2³¹ − 1.
    public var multiplier: Int32

    public init(
      elements: UnsafeRawPointer,
      element: KernelElement,
      zeroPoint: Int32,
      multiplier: Int32
    ) {
      self.elements = elements
      self.element = element
      self.zeroPoint = zeroPoint
      self.multiplier = multiplier
    }
  }

  public var a: Term
  public var b: Term
  public var count: Int
  /// 1…62.
  public var shift: Int32
  public var zeroPoint: Int32
  /// Bounds of the result, inside the range of the output's element.
  public var lowest: Int32
  public var highest: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement

  public init(
    a: Term,
    b: Term,
    count: Int,
    shift: Int32,
    zeroPoint: Int32,
    lowest: Int32,
    highest: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.a = a
    self.b = b
    self.count = count
    self.shift = shift
    self.zeroPoint = zeroPoint
    self.lowest = lowest
    self.highest = highest
    self.output = output
    self.outputElement = outputElement
  }
}

/// The reference: 16 elements at a time through 32-bit lanes.
@export(interface)
public func scalarWeightedSum(_ call: WeightedSum) {
  let shift = Int64(call.shift)
  let half = Int64(1) &<< (shift &- 1)
  let lowest = Int64(call.lowest)
  let highest = Int64(call.highest)
  withLanes { lanesA, lanesB in
    var done = 0
    while done < call.count {
      let count = min(16, call.count &- done)
      widen(
        call.a.elements + done &* call.a.element.byteCount,
        call.a.element,
        count: count,
        into: lanesA
      )
      widen(
        call.b.elements + done &* call.b.element.byteCount,
        call.b.element,
        count: count,
        into: lanesB
      )
      var lane = 0
      while lane < count {
        let a = (Int64(lanesA[lane]) &- Int64(call.a.zeroPoint)) &* Int64(call.a.multiplier)
        let b = (Int64(lanesB[lane]) &- Int64(call.b.zeroPoint)) &* Int64(call.b.multiplier)
        let rounded = (a &+ b &+ half) &>> shift &+ Int64(call.zeroPoint)
        lanesA[lane] = Int32(truncatingIfNeeded: min(max(rounded, lowest), highest))
        lane &+= 1
      }
      narrow(
        lanesA,
        call.outputElement,
        count: count,
        into: call.output + done &* call.outputElement.byteCount
      )
      done &+= 16
    }
  }
}

/// Two blocks of 16 numbers on the stack.
@inline(__always)
func withLanes(_ body: (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Void) {
  var lanes = SIMD32<Int32>()
  withUnsafeMutablePointer(to: &lanes) { lanes in
    UnsafeMutableRawPointer(lanes).withMemoryRebound(to: Int32.self, capacity: 32) { numbers in
      body(numbers, numbers + 16)
    }
  }
}
