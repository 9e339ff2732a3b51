import FixedPoint

/// The product of two arrays, element by element, in units of a third.
///
///     out[i] = clamp(zeroPoint + ((a[i] − za) · (b[i] − zb) · multiplier + half) >> shift)
///
/// The arithmetic has 64 bits, `half` is 2^(shift − 1), and the limits are the range of the output's
/// element. Differences to zero points are below 2¹⁵ in amount or exactly −2¹⁵, so that the product stays
/// at 2⁶¹. The output may be `a` or `b` itself where the elements have the same size.
///
/// Error: half a unit of the output against the real product with `multiplier · 2^-shift`.
/// Worked number: (3 − 0) · (−5 − 0) · 2³⁰ · 2⁻³² = −3.75 becomes −4.
public struct ElementProduct {
  /// A kernel of this family.
  public typealias Kernel = @Sendable (ElementProduct) -> Void

  /// One of the two factors.
  public struct Factor {
    public var elements: UnsafeRawPointer
    public var element: KernelElement
    public var zeroPoint: Int32

    public init(elements: UnsafeRawPointer, element: KernelElement, zeroPoint: Int32) {
      self.elements = elements
      self.element = element
      self.zeroPoint = zeroPoint
    }
  }

  public var a: Factor
  public var b: Factor
  public var count: Int
  public var rescale: Rescale
  public var zeroPoint: Int32
  public var output: UnsafeMutableRawPointer
  public var outputElement: KernelElement

  public init(
    a: Factor,
    b: Factor,
    count: Int,
    rescale: Rescale,
    zeroPoint: Int32,
    output: UnsafeMutableRawPointer,
    outputElement: KernelElement
  ) {
    self.a = a
    self.b = b
    self.count = count
    self.rescale = rescale
    self.zeroPoint = zeroPoint
    self.output = output
    self.outputElement = outputElement
  }
}

/// The reference: 16 elements at a time through 32-bit lanes.
@export(interface)
public func scalarElementProduct(_ call: ElementProduct) {
  let shift = Int64(call.rescale.shift)
  let half = Int64(1) &<< (shift &- 1)
  let lowest = Int64(call.outputElement.lowest)
  let highest = Int64(call.outputElement.highest)
  withLanes { lanesA, lanesB in
    var done = 0
    while done < call.count {
      let count = min(16, call.count &- done)
      let startA = done &* call.a.element.byteCount
      let startB = done &* call.b.element.byteCount
      widen(call.a.elements + startA, call.a.element, count: count, into: lanesA)
      widen(call.b.elements + startB, call.b.element, count: count, into: lanesB)
      var lane = 0
      while lane < count {
        let a = Int64(lanesA[lane]) &- Int64(call.a.zeroPoint)
        let b = Int64(lanesB[lane]) &- Int64(call.b.zeroPoint)
        let product = a &* b &* Int64(call.rescale.multiplier)
        let rounded = (product &+ half) &>> shift &+ Int64(call.zeroPoint)
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
