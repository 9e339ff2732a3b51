#if arch(x86_64)
  /// Multiplies pairs of 16-bit numbers and adds, as fast as the processor can.
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
      sum0 = add32(sum0, multiplyPairs(sum0, factor))
      sum1 = add32(sum1, multiplyPairs(sum1, factor))
      sum2 = add32(sum2, multiplyPairs(sum2, factor))
      sum3 = add32(sum3, multiplyPairs(sum3, factor))
      sum4 = add32(sum4, multiplyPairs(sum4, factor))
      sum5 = add32(sum5, multiplyPairs(sum5, factor))
      sum6 = add32(sum6, multiplyPairs(sum6, factor))
      sum7 = add32(sum7, multiplyPairs(sum7, factor))
      sum8 = add32(sum8, multiplyPairs(sum8, factor))
      sum9 = add32(sum9, multiplyPairs(sum9, factor))
      sum10 = add32(sum10, multiplyPairs(sum10, factor))
      sum11 = add32(sum11, multiplyPairs(sum11, factor))
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
    return iterations &* 12 &* 2 &* lanes
  }
#endif
