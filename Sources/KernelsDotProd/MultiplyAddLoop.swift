#if arch(arm64)
  import _Builtin_intrinsics.arm.neon

  /// Runs `sdot` as fast as the processor can.
  ///
  /// Eight chains in registers: more than latency times width of the processors at hand.
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
    var iteration = 0
    while iteration < iterations {
      sum0 = addProducts(sum0, factor)
      sum1 = addProducts(sum1, factor)
      sum2 = addProducts(sum2, factor)
      sum3 = addProducts(sum3, factor)
      sum4 = addProducts(sum4, factor)
      sum5 = addProducts(sum5, factor)
      sum6 = addProducts(sum6, factor)
      sum7 = addProducts(sum7, factor)
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
    store(sum, memory)
    return iterations &* 8 &* 16
  }

  @_transparent
  private func addProducts(_ sum: Register, _ factor: Register) -> Register {
    let factors = vreinterpretq_s8_s32(factor)
    return vdotq_s32(sum, factors, factors)
  }
#endif
