#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import Kernels

  /// `WeightedSum`, a register at a time; the rest and numbers outside of 32 bits by the reference.
  @export(interface)
  public func weightedSum(_ call: WeightedSum) {
    var rest = call
    if hasVectorRounding(shift: call.shift, zeroPoint: call.zeroPoint, call.outputElement),
      isModest(call.a.zeroPoint), isModest(call.b.zeroPoint),
      call.a.element != .int32, call.b.element != .int32, call.outputElement != .int32
    {
      let zeroPointA = broadcast(call.a.zeroPoint)
      let zeroPointB = broadcast(call.b.zeroPoint)
      let multiplierA = broadcast(call.a.multiplier)
      let multiplierB = broadcast(call.b.multiplier)
      let half = broadcast64(1 &<< Int64(call.shift &- 1))
      let zeroPoint = broadcast(call.zeroPoint)
      let whole = call.count & ~(lanes &- 1)
      var index = 0
      while index < whole {
        let a = subtract32(widen(call.a.elements, index, call.a.element), zeroPointA)
        let b = subtract32(widen(call.b.elements, index, call.b.element), zeroPointB)
        let first = products(a, multiplierA, half)
        let even = add64(first.even, multiplyEven(b, multiplierB))
        let odd = add64(first.odd, multiplyEven(oddLanes(b), multiplierB))
        let sum = add32(shiftedLimited(even, odd, call.shift), zeroPoint)
        narrow(limited(sum, call.lowest, call.highest), call.output, index, call.outputElement)
        index &+= lanes
      }
      rest.a.elements += whole &* call.a.element.byteCount
      rest.b.elements += whole &* call.b.element.byteCount
      rest.output += whole &* call.outputElement.byteCount
      rest.count &-= whole
    }
    if rest.count > 0 { scalarWeightedSum(rest) }
  }
#endif
