#if arch(x86_64)
  import _Builtin_intrinsics.intel

  /// Runs `vpdpbusd` on 512-bit registers as fast as the processor can.
  ///
  /// Twelve chains in registers: more than latency times width of the processors at hand.
  ///
  /// - Parameters:
  ///   - iterations: rounds of the loop.
  ///   - memory: 64 bytes, read for the operands and written with the sum.
  /// - Returns: the multiply-adds that were done.
  @export(interface)
  public func multiplyAddLoop(_ iterations: Int, _ memory: UnsafeMutableRawPointer) -> Int {
    let factor = load(memory)
    var sum0 = add32(factor, broadcast(0))
    var sum1 = add32(factor, broadcast(1))
    var sum2 = add32(factor, broadcast(2))
    var sum3 = add32(factor, broadcast(3))
    var sum4 = add32(factor, broadcast(4))
    var sum5 = add32(factor, broadcast(5))
    var sum6 = add32(factor, broadcast(6))
    var sum7 = add32(factor, broadcast(7))
    var sum8 = add32(factor, broadcast(8))
    var sum9 = add32(factor, broadcast(9))
    var sum10 = add32(factor, broadcast(10))
    var sum11 = add32(factor, broadcast(11))
    var iteration = 0
    while iteration < iterations {
      sum0 = _mm512_dpbusd_epi32(sum0, factor, factor)
      sum1 = _mm512_dpbusd_epi32(sum1, factor, factor)
      sum2 = _mm512_dpbusd_epi32(sum2, factor, factor)
      sum3 = _mm512_dpbusd_epi32(sum3, factor, factor)
      sum4 = _mm512_dpbusd_epi32(sum4, factor, factor)
      sum5 = _mm512_dpbusd_epi32(sum5, factor, factor)
      sum6 = _mm512_dpbusd_epi32(sum6, factor, factor)
      sum7 = _mm512_dpbusd_epi32(sum7, factor, factor)
      sum8 = _mm512_dpbusd_epi32(sum8, factor, factor)
      sum9 = _mm512_dpbusd_epi32(sum9, factor, factor)
      sum10 = _mm512_dpbusd_epi32(sum10, factor, factor)
      sum11 = _mm512_dpbusd_epi32(sum11, factor, factor)
      iteration &+= 1
    }
    var sum = sum0
    sum = add32(sum, sum1)
    sum = add32(sum, sum2)
    sum = add32(sum, sum3)
    sum = add32(sum, sum4)
    sum = add32(sum, sum5)
    sum = add32(sum, sum6)
    sum = add32(sum, sum7)
    sum = add32(sum, sum8)
    sum = add32(sum, sum9)
    sum = add32(sum, sum10)
    sum = add32(sum, sum11)
    store(sum, memory)
    return iterations &* 12 &* 4 &* lanes
  }
#endif
