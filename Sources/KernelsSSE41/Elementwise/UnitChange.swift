#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import Kernels

  /// `UnitChange`, a register at a time; the rest and numbers outside of 32 bits by the reference.
  @export(interface)
  public func unitChange(_ call: UnitChange) {
    let shift = call.rescale.shift
    var rest = call
    #if X86
      if call.isWordsToBytes {
        let done = changeWordsToBytes(call)
        rest.input += 2 &* done
        rest.output += done
        rest.count &-= done
      }
    #endif
    let call = rest
    if hasVectorRounding(shift: shift, zeroPoint: call.outputZeroPoint, call.outputElement),
      isModest(call.inputZeroPoint), call.inputElement != .int32, call.outputElement != .int32
    {
      let inputZeroPoint = broadcast(call.inputZeroPoint)
      let multiplier = broadcast(call.rescale.multiplier)
      let half = broadcast64(1 &<< Int64(shift &- 1))
      let outputZeroPoint = broadcast(call.outputZeroPoint)
      let whole = call.count & ~(lanes &- 1)
      var index = 0
      while index < whole {
        let centred = subtract32(widen(call.input, index, call.inputElement), inputZeroPoint)
        let product = products(centred, multiplier, half)
        let sum = add32(shiftedLimited(product.even, product.odd, shift), outputZeroPoint)
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
    if rest.count > 0 { scalarUnitChange(rest) }
  }
#endif
