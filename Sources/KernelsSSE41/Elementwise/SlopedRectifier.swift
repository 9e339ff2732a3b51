#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import Kernels

  /// `SlopedRectifier`, a register at a time; the rest and numbers outside of 32 bits by the reference.
  @export(interface)
  public func slopedRectifier(_ call: SlopedRectifier) {
    var rest = call
    if hasVectorRounding(shift: call.shift, zeroPoint: call.zeroPoint, call.outputElement),
      isModest(call.inputZeroPoint), call.inputElement != .int32, call.outputElement != .int32
    {
      let inputZeroPoint = broadcast(call.inputZeroPoint)
      let positive = broadcast(call.positive)
      let negative = broadcast(call.negative)
      let half = broadcast64(1 &<< Int64(call.shift &- 1))
      let zeroPoint = broadcast(call.zeroPoint)
      let whole = call.count & ~(lanes &- 1)
      var index = 0
      while index < whole {
        let x = subtract32(widen(call.input, index, call.inputElement), inputZeroPoint)
        // One of the two is zero.
        let above = maximum32(x, zeroes())
        let below = subtract32(x, above)
        let first = products(above, positive, half)
        let even = add64(first.even, multiplyEven(below, negative))
        let odd = add64(first.odd, multiplyEven(oddLanes(below), negative))
        let sum = add32(shiftedLimited(even, odd, call.shift), zeroPoint)
        narrow(
          limited(sum, call.outputElement.lowest, call.outputElement.highest),
          call.output,
          index,
          call.outputElement
        )
        index &+= lanes
      }
      rest.input += whole &* call.inputElement.byteCount
      rest.output += whole &* call.outputElement.byteCount
      rest.count &-= whole
    }
    if rest.count > 0 { scalarSlopedRectifier(rest) }
  }
#endif
