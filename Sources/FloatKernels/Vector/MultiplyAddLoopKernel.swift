/// Twelve chains of multiply-adds: more than latency times width of the processors at hand, and with
/// the two operands no more registers than the smallest set has.
func multiplyAddLoopKernel(_ iterations: Int, _ memory: UnsafeMutablePointer<Float>) -> Int {
  let factor = FloatVector(repeating: memory[0])
  let term = FloatVector(repeating: memory[1])
  var sum0 = load(memory + 2)
  var sum1 = load(memory + 3)
  var sum2 = load(memory + 4)
  var sum3 = load(memory + 5)
  var sum4 = load(memory + 6)
  var sum5 = load(memory + 7)
  var sum6 = load(memory + 8)
  var sum7 = load(memory + 9)
  var sum8 = load(memory + 10)
  var sum9 = load(memory + 11)
  var sum10 = load(memory + 12)
  var sum11 = load(memory + 13)
  for _ in 0..<iterations {
    sum0 = multiplyAdd(sum0, factor, term)
    sum1 = multiplyAdd(sum1, factor, term)
    sum2 = multiplyAdd(sum2, factor, term)
    sum3 = multiplyAdd(sum3, factor, term)
    sum4 = multiplyAdd(sum4, factor, term)
    sum5 = multiplyAdd(sum5, factor, term)
    sum6 = multiplyAdd(sum6, factor, term)
    sum7 = multiplyAdd(sum7, factor, term)
    sum8 = multiplyAdd(sum8, factor, term)
    sum9 = multiplyAdd(sum9, factor, term)
    sum10 = multiplyAdd(sum10, factor, term)
    sum11 = multiplyAdd(sum11, factor, term)
  }
  let sum = sum0 + sum1 + sum2 + sum3 + sum4 + sum5 + sum6 + sum7 + sum8 + sum9 + sum10 + sum11
  store(sum, memory + 16)
  return iterations * 12 * vectorWidth
}
