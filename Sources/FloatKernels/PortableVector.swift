/// The vector that the portable kernels compute with: 128 bits, which every target has.
typealias FloatVector = SIMD4<Float>
/// Two vectors of floats: as many pairs as a vector has lanes.
typealias PairVector = SIMD8<Float>
/// As many 32-bit integers as a vector has floats.
typealias IntegerVector = SIMD4<Int32>

let vectorWidth = 4

/// Returns `a · b + c`, rounded once where the baseline fuses and twice elsewhere.
@inline(__always)
func multiplyAdd(_ a: FloatVector, _ b: FloatVector, _ c: FloatVector) -> FloatVector {
  #if arch(arm64)
    c.addingProduct(a, b)
  #else
    a * b + c
  #endif
}

/// Returns the sum of all lanes.
@inline(__always)
func sumOfLanes(_ v: FloatVector) -> Float {
  let pair = v.lowHalf + v.highHalf
  return pair.x + pair.y
}

/// Returns the largest lane.
@inline(__always)
func maximumOfLanes(_ v: FloatVector) -> Float {
  let pair = maximum(v.lowHalf, v.highHalf)
  return pair.x > pair.y ? pair.x : pair.y
}

@inline(__always)
private func maximum(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> SIMD2<Float> {
  b.replacing(with: a, where: a .> b)
}
