/// The vector that these kernels compute with: one 512-bit register.
typealias FloatVector = SIMD16<Float>
/// Two vectors of floats: as many pairs as a vector has lanes.
typealias PairVector = SIMD32<Float>
/// As many 32-bit integers as a vector has floats.
typealias IntegerVector = SIMD16<Int32>

let vectorWidth = 16

/// Returns `a · b + c`, rounded once.
@inline(__always)
func multiplyAdd(_ a: FloatVector, _ b: FloatVector, _ c: FloatVector) -> FloatVector {
  c.addingProduct(a, b)
}

/// Returns the sum of all lanes.
@inline(__always)
func sumOfLanes(_ v: FloatVector) -> Float {
  let octet = v.lowHalf + v.highHalf
  let quad = octet.lowHalf + octet.highHalf
  let pair = quad.lowHalf + quad.highHalf
  return pair.x + pair.y
}

/// Returns the largest lane.
@inline(__always)
func maximumOfLanes(_ v: FloatVector) -> Float {
  let octet = v.highHalf.replacing(with: v.lowHalf, where: v.lowHalf .> v.highHalf)
  let quad = octet.highHalf.replacing(with: octet.lowHalf, where: octet.lowHalf .> octet.highHalf)
  let pair = quad.highHalf.replacing(with: quad.lowHalf, where: quad.lowHalf .> quad.highHalf)
  return pair.x > pair.y ? pair.x : pair.y
}
