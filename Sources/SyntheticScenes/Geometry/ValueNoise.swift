/// Smooth random values in the plane: random numbers at whole coordinates, cubic curves between them.
struct ValueNoise {
  let seed: UInt32

  /// A number in 0..<1 for a whole coordinate.
  @inline(__always)
  func lattice(_ x: Int32, _ y: Int32) -> Float {
    // Rounds of multiplications and shifts until neighbours look unrelated (after Wellons, "Prospecting
    // for hash functions", 2018).
    var bits = UInt32(bitPattern: x) &* 0x9E37_79B1 ^ UInt32(bitPattern: y) &* 0x85EB_CA77 ^ seed
    bits = (bits ^ bits >> 16) &* 0x7FEB_352D
    bits = (bits ^ bits >> 15) &* 0x846C_A68B
    return Float((bits ^ bits >> 16) >> 8) * 0x1p-24
  }

  /// A number in 0..<1 that changes smoothly.
  @inline(__always)
  subscript(point: Vector2) -> Float {
    let floorX = point.x.rounded(.down)
    let floorY = point.y.rounded(.down)
    let x = Int32(floorX)
    let y = Int32(floorY)
    let shareX = smoothstep(0, 1, point.x - floorX)
    let shareY = smoothstep(0, 1, point.y - floorY)
    let top = blend(lattice(x, y), lattice(x &+ 1, y), shareX)
    let bottom = blend(lattice(x, y &+ 1), lattice(x &+ 1, y &+ 1), shareX)
    return blend(top, bottom, shareY)
  }
}
