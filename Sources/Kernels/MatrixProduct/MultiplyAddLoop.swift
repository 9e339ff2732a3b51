/// Multiplies and adds in four vectors, which the compiler translates for the baseline.
func scalarMultiplyAddLoop(_ iterations: Int, _ memory: UnsafeMutableRawPointer) -> Int {
  typealias Lanes = SIMD8<Int32>
  let factor = memory.loadUnaligned(as: Lanes.self)
  var sum0 = factor
  var sum1 = factor &+ 1
  var sum2 = factor &+ 2
  var sum3 = factor &+ 3
  var iteration = 0
  while iteration < iterations {
    sum0 &+= sum0 &* factor
    sum1 &+= sum1 &* factor
    sum2 &+= sum2 &* factor
    sum3 &+= sum3 &* factor
    iteration &+= 1
  }
  memory.storeBytes(of: sum0 &+ sum1 &+ sum2 &+ sum3, as: Lanes.self)
  return iterations &* 32
}
