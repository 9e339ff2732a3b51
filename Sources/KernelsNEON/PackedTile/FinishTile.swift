#if arch(arm64) || arch(arm)
  import Kernels
  import _Builtin_intrinsics.arm.neon

  // Everything that follows the sums, 16 outputs of a row at a time:
  //
  //     p      = (sum + bias) · multiplier + (residual − zr) · mr     64 bits, lower and upper lanes apart
  //     scaled = (p + half) >> shift                                  32 bits, limited to them
  //     result = clamp(scaled + zeroPoint)
  //
  // `srshl` adds the half without overflow. With a shift of 33 or more the half has no bits below 2³², so
  // that the upper words of p are all that counts. Narrowing instructions limit as the clamp does, and the zero
  // point is added where a number beyond the range of the type still is beyond the limits with it.

  /// Four registers of a row, a quad of outputs each.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  typealias FourQuads = (Register, Register, Register, Register)

  extension MatrixProduct {
    /// Whether ``finishTile`` can finish this call with vectors.
    @_transparent
    var hasVectorFinish: Bool {
      zeroPoint >= -(1 << 14) && zeroPoint <= 1 << 14 && shift <= 62
        && (shift >= 33 || outputElement != .int32)
        && (residual == nil || residualElement != .int32 && isModest(residualZeroPoint))
    }
  }

  /// Finishes the sums of a tile, 16 numbers a row, which are overwritten: rows `row ..< row + rows`, `outputs`
  /// outputs from `firstOutput` on.
  @inline(never)
  func finishTile(
    _ call: MatrixProduct,
    _ row: Int,
    _ rows: Int,
    _ firstOutput: Int,
    _ outputs: Int,
    _ sums: UnsafeMutablePointer<Int32>
  ) {
    if outputs < 16 || !call.hasVectorFinish {
      call.finishRows(
        row,
        count: rows,
        firstOutput: firstOutput,
        outputs: outputs,
        sums: sums,
        sumStride: 16
      )
      return
    }
    let bias = loadQuads(call.bias + firstOutput)
    let multipliers = loadQuads(call.multipliers + firstOutput)
    let residualZeroPoint = broadcast(call.residualZeroPoint)
    let residualMultiplier = broadcast(call.residualMultiplier)
    let wideShift = vdupq_n_s64(Int64(0 &- call.shift))
    let upperShift = broadcast(32 &- call.shift)
    let zeroPoint = broadcast(call.zeroPoint)
    let lowest = broadcast(call.lowest)
    let highest = broadcast(call.highest)
    let shift = call.shift
    let element = call.outputElement

    /// One quad of a row up to the shift.
    @_transparent
    func scaled(_ sum: Register, _ multiplier: Register, _ absolute: Int, _ column: Int) -> Register
    {
      var even = multiplyEven(sum, multiplier)
      var odd = multiplyEven(oddLanes(sum), oddLanes(multiplier))
      if let residual = call.residual {
        let start = residual + absolute &* call.residualStride
        let addend = subtract32(
          widen(start, firstOutput &+ column, call.residualElement),
          residualZeroPoint
        )
        even = add64(even, multiplyEven(addend, residualMultiplier))
        odd = add64(odd, multiplyEven(oddLanes(addend), residualMultiplier))
      }
      if shift >= 33 { return vrshlq_s32(upperHalves(even, odd), upperShift) }
      return vcombine_s32(
        vqmovn_s64(vrshlq_s64(vreinterpretq_s64_s32(even), wideShift)),
        vqmovn_s64(vrshlq_s64(vreinterpretq_s64_s32(odd), wideShift))
      )
    }

    var index = 0
    while index < rows {
      let absolute = row &+ index
      var sum = addQuads(loadQuads(sums + index &* 16), bias)
      if let positions = call.positions {
        sum = addQuads(sum, loadQuads(positions[2 &* absolute] + firstOutput))
        sum = addQuads(sum, loadQuads(positions[2 &* absolute &+ 1] + firstOutput))
      }
      let results = (
        scaled(sum.0, multipliers.0, absolute, 0), scaled(sum.1, multipliers.1, absolute, 4),
        scaled(sum.2, multipliers.2, absolute, 8), scaled(sum.3, multipliers.3, absolute, 12)
      )
      let start = call.output + absolute &* call.outputStride
      switch element {
      case .uint8:
        let words = addedWords(results, zeroPoint)
        let bytes = vcombine_u8(vqmovun_s16(words.low), vqmovun_s16(words.high))
        let least = vreinterpretq_u8_s8(broadcastByte(lowest))
        let most = vreinterpretq_u8_s8(broadcastByte(highest))
        let limited = vminq_u8(vmaxq_u8(bytes, least), most)
        (start + firstOutput).storeBytes(of: limited, as: uint8x16_t.self)
      case .int8:
        let words = addedWords(results, zeroPoint)
        let bytes = vcombine_s8(vqmovn_s16(words.low), vqmovn_s16(words.high))
        let limited = vminq_s8(vmaxq_s8(bytes, broadcastByte(lowest)), broadcastByte(highest))
        (start + firstOutput).storeBytes(of: limited, as: int8x16_t.self)
      case .int16:
        let low = limitedWords(results.0, results.1, zeroPoint, lowest, highest)
        let high = limitedWords(results.2, results.3, zeroPoint, lowest, highest)
        (start + 2 &* firstOutput).storeBytes(of: low, as: int16x8_t.self)
        (start + (2 &* firstOutput &+ 16)).storeBytes(of: high, as: int16x8_t.self)
      case .int32:
        let output = start + 4 &* firstOutput
        store(limitedSum(results.0, zeroPoint, lowest, highest), output)
        store(limitedSum(results.1, zeroPoint, lowest, highest), output + 16)
        store(limitedSum(results.2, zeroPoint, lowest, highest), output + 32)
        store(limitedSum(results.3, zeroPoint, lowest, highest), output + 48)
      }
      index &+= 1
    }
  }

  @_transparent
  private func loadQuads(_ source: UnsafePointer<Int32>) -> FourQuads {
    (load(source), load(source + 4), load(source + 8), load(source + 12))
  }

  @_transparent
  private func addQuads(_ a: FourQuads, _ b: FourQuads) -> FourQuads {
    (add32(a.0, b.0), add32(a.1, b.1), add32(a.2, b.2), add32(a.3, b.3))
  }

  /// Results in 16 bits and the zero point, both limited to that.
  @_transparent
  private func addedWords(_ a: FourQuads, _ zeroPoint: Register) -> (
    low: int16x8_t, high: int16x8_t
  ) {
    let addend = vreinterpretq_s16_s32(zeroPoint)
    let words = vdupq_n_s16(addend[0])
    return (
      low: vqaddq_s16(vcombine_s16(vqmovn_s32(a.0), vqmovn_s32(a.1)), words),
      high: vqaddq_s16(vcombine_s16(vqmovn_s32(a.2), vqmovn_s32(a.3)), words)
    )
  }

  @_transparent
  private func broadcastByte(_ number: Register) -> int8x16_t {
    vdupq_n_s8(Int8(truncatingIfNeeded: number[0]))
  }

  @_transparent
  private func limitedSum(
    _ a: Register,
    _ zeroPoint: Register,
    _ lowest: Register,
    _ highest: Register
  ) -> Register {
    minimum32(maximum32(vqaddq_s32(a, zeroPoint), lowest), highest)
  }

  @_transparent
  private func limitedWords(
    _ a: Register,
    _ b: Register,
    _ zeroPoint: Register,
    _ lowest: Register,
    _ highest: Register
  ) -> int16x8_t {
    vcombine_s16(
      vmovn_s32(limitedSum(a, zeroPoint, lowest, highest)),
      vmovn_s32(limitedSum(b, zeroPoint, lowest, highest))
    )
  }
#endif
