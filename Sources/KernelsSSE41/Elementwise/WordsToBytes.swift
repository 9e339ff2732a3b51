#if X86 && arch(x86_64)
  import FixedPoint
  import Kernels

  // A multiplier m is mh · 2¹⁶ + ml with a signed ml of 16 bits, so that
  //
  //     floor((x · m + 2^(s − 1)) / 2^s)
  //       = floor((x · mh + floor(x · ml / 2¹⁶) + 2^(s − 17)) / 2^(s − 16))
  //
  // and everything but the last sum and shift is done on 16-bit numbers, twice as many in a register. The sum
  // stays below 2³⁰ + 2¹⁴ + 2²⁹ for s ≤ 46. Limits on the way to bytes do not change the result, as none
  // lies inside of 0…255.

  extension UnitChange {
    /// Whether ``changeWordsToBytes(_:)`` serves.
    @_transparent
    var isWordsToBytes: Bool {
      inputElement == .int16 && inputZeroPoint == 0 && outputElement == .uint8
        && outputZeroPoint >= 0 && outputZeroPoint <= 255 && rescale.shift >= 18
        && rescale.shift <= 46 && rescale.multiplier >= 0 && rescale.multiplier < 0x7fff_8000
    }
  }

  /// Changes as many whole registers of 16-bit numbers as there are and returns how many numbers that is.
  @inline(never)
  func changeWordsToBytes(_ call: UnitChange) -> Int {
    let low = Int32(Int16(truncatingIfNeeded: call.rescale.multiplier))
    let high = (call.rescale.multiplier &- low) &>> 16
    let lowFactors = broadcast(low & 0xffff | low &<< 16)
    // Pairs of a number and the upper half of its product with ml.
    let pairFactors = broadcast(high | 1 &<< 16)
    let half = broadcast(1 &<< (call.rescale.shift &- 17))
    let bits = bitCount(call.rescale.shift &- 16)
    let zeroPoint = broadcast(call.outputZeroPoint | call.outputZeroPoint &<< 16)
    let whole = call.count & ~(2 &* lanes &- 1)
    var index = 0
    while index < whole {
      let numbers = load(call.input + 2 &* index)
      let rests = multiplyHigh16(numbers, lowFactors)
      let first = add32(multiplyPairs(interleaveLow16(numbers, rests), pairFactors), half)
      let second = add32(multiplyPairs(interleaveHigh16(numbers, rests), pairFactors), half)
      let words = limitedWords(shiftRight32(first, bits), shiftRight32(second, bits))
      storeLimitedBytes(addLimited16(words, zeroPoint), call.output + index)
      index &+= 2 &* lanes
    }
    return whole
  }
#endif
