#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import Kernels

  // Functions that are not inlined here are internal, not private: with several compiler threads a private one
  // becomes a weak symbol, and Tools/isolation-check allows none.

  // Rounding needs 64 bits, which most registers can neither shift with sign nor compare. What is wanted
  // are 32 bits of the shifted number, and those come from its two halves:
  //
  //     shift ≥ 32:   floor(floor(p / 2³²) / 2ᵏ) = floor(p / 2³²⁺ᵏ), a shift of the upper half
  //     shift < 32:   the upper half shifted left, the lower one right

  /// Whether ``shiftedLimited`` serves for a result of this element.
  ///
  /// A shift of 32 or more leaves less than 2³¹ − 2²³ of a sum of products of 32 and 31 bits and room for
  /// the zero point. With a smaller one the result is limited to ±2²⁹ or less in between, which is far
  /// outside of 16 bits.
  @_transparent
  func hasVectorRounding(shift: Int32, zeroPoint: Int32, _ element: KernelElement) -> Bool {
    isModest(zeroPoint) && shift <= 62 && (shift >= 32 || shift >= 26 && element != .int32)
  }

  /// Whether a zero point leaves room in 32 bits.
  @_transparent
  func isModest(_ zeroPoint: Int32) -> Bool { zeroPoint > -(1 << 22) && zeroPoint < 1 << 22 }

  /// Even and odd lanes of 64 bits shifted right as 32-bit lanes; what leaves ±2²⁴ · 2^(32 − shift) is
  /// limited to that.
  @_transparent
  func shiftedLimited(_ even: Register, _ odd: Register, _ shift: Int32) -> Register {
    let upper = upperHalves(even, odd)
    if shift >= 32 { return shiftRight32(upper, bitCount(shift &- 32)) }
    let limited = minimum32(maximum32(upper, broadcast(-(1 << 24))), broadcast(1 << 24))
    return joined(limited, lowerHalves(even, odd), shift)
  }

  /// The lower 32 bits of even and odd lanes of 64 bits shifted right by 1…62.
  @_transparent
  func shiftedLow(_ even: Register, _ odd: Register, _ shift: Int32) -> Register {
    let upper = upperHalves(even, odd)
    if shift >= 32 { return shiftRight32(upper, bitCount(shift &- 32)) }
    return joined(upper, lowerHalves(even, odd), shift)
  }

  @_transparent
  private func joined(_ upper: Register, _ lower: Register, _ shift: Int32) -> Register {
    bitwiseOr(
      shiftLeft32(upper, bitCount(32 &- shift)),
      shiftRightUnsigned32(lower, bitCount(shift))
    )
  }

  /// `number · factor + addend` in even and odd lanes of 64 bits; the addend is the same for all.
  @_transparent
  func products(_ number: Register, _ factor: Register, _ addend: Register)
    -> (even: Register, odd: Register)
  {
    (
      even: add64(multiplyEven(number, factor), addend),
      odd: add64(multiplyEven(oddLanes(number), oddLanes(factor)), addend)
    )
  }

  @_transparent
  func limited(_ register: Register, _ lowest: Int32, _ highest: Int32) -> Register {
    minimum32(maximum32(register, broadcast(lowest)), broadcast(highest))
  }
#endif
