#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  // Two pixels of a row go together: their channels side by side are 16-bit pairs, which one instruction
  // multiplies with the pair of their weights and adds up. Two registers of channels at a time.

  /// `RegionSum` of channels that fill pairs of registers; others by the reference.
  @export(interface)
  public func regionSum(_ call: RegionSum) {
    guard call.channels % (2 &* lanes) == 0, call.outputElement != .int32,
      hasVectorRounding(
        shift: call.rescale.shift,
        zeroPoint: call.zeroPoint,
        call.outputElement
      )
    else {
      scalarRegionSum(call)
      return
    }
    let sixteen = bitCount(16)
    let low = broadcast(0xffff)
    var channel = 0
    while channel < call.channels {
      var left = noPairs()
      var right = noPairs()
      var row = 0
      while row < call.rows {
        let weight = call.rowWeights[row]
        var pixel = UnsafeRawPointer(call.value + row &* call.rowStride + channel)
        var column = 0
        while column < call.columns {
          let isPair = column &+ 1 < call.columns
          let next = isPair ? pixel + 2 &* call.pixelStride : pixel
          let first = regionWeight(weight, call.columnWeights[column])
          let second = isPair ? regionWeight(weight, call.columnWeights[column &+ 1]) : 0
          let factors = broadcast(first | second &<< 16)
          let even = bitwiseAnd(widenInt16(pixel), low)
          let odd = shiftLeft32(widenInt16(next), sixteen)
          left = addPairs(left, factors, bitwiseOr(even, odd))
          let evenRight = bitwiseAnd(widenInt16(pixel + 2 &* lanes), low)
          let oddRight = shiftLeft32(widenInt16(next + 2 &* lanes), sixteen)
          right = addPairs(right, factors, bitwiseOr(evenRight, oddRight))
          pixel += 4 &* call.pixelStride
          column &+= 2
        }
        row &+= 1
      }
      storeRegion(call, total(left), channel)
      storeRegion(call, total(right), channel &+ lanes)
      channel &+= 2 &* lanes
    }
  }

  /// Adds the bias, rescales, adds the zero point, limits and stores.
  @_transparent
  private func storeRegion(_ call: RegionSum, _ sums: Register, _ channel: Int) {
    var biased = sums
    if let bias = call.bias { biased = add32(sums, load(bias + channel)) }
    let shift = call.rescale.shift
    let half = broadcast64(1 &<< Int64(shift &- 1))
    let product = products(biased, broadcast(call.rescale.multiplier), half)
    let scaled = shiftedLimited(product.even, product.odd, shift)
    let number = add32(scaled, broadcast(call.zeroPoint))
    narrow(
      limited(number, call.lowest, call.highest),
      call.output,
      channel,
      call.outputElement
    )
  }
#endif
