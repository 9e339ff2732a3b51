// This folder is compiled once per instruction set: the targets of the other tables link to it, and
// give `FloatVector`, `PairVector`, `IntegerVector`, `vectorWidth`, `multiplyAdd`, `sumOfLanes` and `maximumOfLanes`
// for their registers. It uses only operations of concrete SIMD types, which are always inlined:
// a generic of the standard library, specialised here, would be a weak symbol that the linker may
// choose for the whole program.

@inline(__always)
func load(_ source: UnsafePointer<Float>) -> FloatVector {
  UnsafeRawPointer(source).loadUnaligned(as: FloatVector.self)
}

@inline(__always)
func store(_ vector: FloatVector, _ destination: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(destination).storeBytes(of: vector, as: FloatVector.self)
}

/// Loads the first `count` lanes; the others hold `filler`.
@inline(__always)
func load(_ source: UnsafePointer<Float>, count: Int, filler: Float = 0) -> FloatVector {
  var vector = FloatVector(repeating: filler)
  var lane = 0
  while lane < count {
    vector[lane] = source[lane]
    lane += 1
  }
  return vector
}

/// Stores the first `count` lanes.
@inline(__always)
func store(_ vector: FloatVector, _ destination: UnsafeMutablePointer<Float>, count: Int) {
  var lane = 0
  while lane < count {
    destination[lane] = vector[lane]
    lane += 1
  }
}

@inline(__always)
func load(_ source: UnsafePointer<Int32>) -> IntegerVector {
  UnsafeRawPointer(source).loadUnaligned(as: IntegerVector.self)
}

@inline(__always)
func store(_ vector: IntegerVector, _ destination: UnsafeMutablePointer<Int32>) {
  UnsafeMutableRawPointer(destination).storeBytes(of: vector, as: IntegerVector.self)
}

/// Loads as many pairs as a vector has lanes.
@inline(__always)
func loadPairs(_ source: UnsafePointer<Float>) -> PairVector {
  UnsafeRawPointer(source).loadUnaligned(as: PairVector.self)
}

/// Loads the first `count` pairs; the others are 0.
@inline(__always)
func loadPairs(_ source: UnsafePointer<Float>, count: Int) -> PairVector {
  var vector = PairVector(repeating: 0)
  var lane = 0
  while lane < 2 * count {
    vector[lane] = source[lane]
    lane += 1
  }
  return vector
}

@inline(__always)
func maximum(_ a: FloatVector, _ b: FloatVector) -> FloatVector {
  b.replacing(with: a, where: a .> b)
}

@inline(__always)
func minimum(_ a: FloatVector, _ b: FloatVector) -> FloatVector {
  b.replacing(with: a, where: a .< b)
}

/// Returns the least multiple of 16 that leaves room for a whole vector after `count` elements.
func paddedToVectors(_ count: Int) -> Int { (count + 31) / 16 * 16 }
