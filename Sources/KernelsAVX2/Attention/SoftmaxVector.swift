#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  // This folder is compiled for AVX2, AVX-512 and NEON: it needs shifts by a number of its own for each lane.
  // `softmaxExponential` and `softmaxQuotient` of FixedPoint, a register of scores at a time.

  /// The distances from scores up to the maximum in octaves, Q16.16, and 2 to the power of minus that.
  @_transparent
  func softmaxExponentials(_ scores: Register, _ maximum: Register, _ scale: OctaveScale)
    -> Register
  {
    let limit = broadcast(Int32(bitPattern: scale.limit))
    let distance = minimumUnsigned32(subtract32(maximum, scores), limit)
    let multiplier = broadcast(Int32(bitPattern: scale.multiplier))
    let half = broadcast64(1 &<< Int64(scale.shift &- 1))
    let bits = bitCount(Int32(bitPattern: scale.shift))
    let even = add64(multiplyEvenUnsigned(distance, multiplier), half)
    let odd = add64(multiplyEvenUnsigned(oddLanes(distance), multiplier), half)
    let octaves = lowerHalves(shiftRightUnsigned64(even, bits), shiftRightUnsigned64(odd, bits))

    typealias C = SoftmaxExponentialCoefficients
    // The polynomial runs in the lower 16 bits of each lane.
    let y = bitwiseAnd(exclusiveOr(octaves, broadcast(0x8000)), broadcast(0xffff))
    var q = add16(broadcast(Int32(C.degree3)), multiplyRounding(y, broadcast(Int32(C.degree4))))
    q = add16(broadcast(Int32(C.degree2)), multiplyRounding(y, q))
    q = add16(broadcast(Int32(C.degree1)), shiftRight16(multiplyRounding(y, q), bitCount(3)))
    let mantissa = add32(broadcast(C.degree0), multiplyPairs(y, q))
    return shiftRightByLanes(mantissa, shiftRightUnsigned32(octaves, bitCount(16)))
  }

  /// Q0.15 probabilities of exponentials, at most 32767.
  @_transparent
  func softmaxQuotients(_ exponentials: Register, _ reciprocal: Reciprocal) -> Register {
    let shift = reciprocal.shift &- FractionBits.attention
    let half = broadcast64(1 &<< Int64(shift &- 1))
    let bits = bitCount(shift)
    let mantissa = broadcast(Int32(bitPattern: reciprocal.mantissa))
    let even = add64(multiplyEvenUnsigned(exponentials, mantissa), half)
    let odd = add64(multiplyEvenUnsigned(oddLanes(exponentials), mantissa), half)
    let quotients = lowerHalves(
      shiftRightUnsigned64(even, bits),
      shiftRightUnsigned64(odd, bits)
    )
    return minimumUnsigned32(quotients, broadcast(32767))
  }
#endif
