// Sums, products, quotients and square roots are rounded alike on every machine; functions of the
// mathematical library are not. Scenes are the same bytes everywhere because nothing else is used.

typealias Vector2 = SIMD2<Float>
typealias Vector3 = SIMD3<Float>

/// The sine of an angle in turns, within 0.0011: two parabolas and one correction.
@inline(__always)
func sine(turns: Float) -> Float {
  let part = turns - (turns + 0.5).rounded(.down)
  let parabola = 8 * part - 16 * part * abs(part)
  return parabola + 0.225 * (parabola * abs(parabola) - parabola)
}

/// The cosine of an angle in turns, within 0.0011.
@inline(__always)
func cosine(turns: Float) -> Float { sine(turns: turns + 0.25) }

/// The angle of a point in turns, −0.5…0.5, within 0.001: a rational function of the smaller over the
/// larger coordinate (Rajan, Wang, Inkol and Joyal, "Efficient approximations for the arctangent
/// function", IEEE Signal Processing Magazine, 2006).
@inline(__always)
func turns(of point: Vector2) -> Float {
  let width = abs(point.x)
  let height = abs(point.y)
  let larger = max(width, height, 1e-12)
  let ratio = min(width, height) / larger
  let eighth = ratio * (0.125 + 0.0434 * (1 - ratio))
  let quarter = height > width ? 0.25 - eighth : eighth
  let half = point.x < 0 ? 0.5 - quarter : quarter
  return point.y < 0 ? -half : half
}

/// 0 below `low`, 1 above `high`, a cubic without corners between them.
@inline(__always)
func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
  let part = min(max((value - low) / (high - low), 0), 1)
  return part * part * (3 - 2 * part)
}

@inline(__always)
func blend(_ a: Float, _ b: Float, _ share: Float) -> Float { a + (b - a) * share }

@inline(__always)
func blend(_ a: Vector3, _ b: Vector3, _ share: Float) -> Vector3 { a + (b - a) * share }

@inline(__always)
func dot(_ a: Vector3, _ b: Vector3) -> Float { a.x * b.x + a.y * b.y + a.z * b.z }

@inline(__always)
func dot(_ a: Vector2, _ b: Vector2) -> Float { a.x * b.x + a.y * b.y }

@inline(__always)
func length(_ vector: Vector2) -> Float { dot(vector, vector).squareRoot() }

@inline(__always)
func normalize(_ vector: Vector3) -> Vector3 {
  vector / max(dot(vector, vector), 1e-12).squareRoot()
}

/// A rotation in the plane.
struct Rotation {
  let cosine: Float
  let sine: Float

  /// - Parameter turns: the angle, from x towards y.
  init(turns: Float) {
    cosine = SyntheticScenes.cosine(turns: turns)
    sine = SyntheticScenes.sine(turns: turns)
  }

  @inline(__always)
  func apply(_ vector: Vector2) -> Vector2 {
    Vector2(vector.x * cosine - vector.y * sine, vector.x * sine + vector.y * cosine)
  }

  /// The rotation back.
  @inline(__always)
  func undo(_ vector: Vector2) -> Vector2 {
    Vector2(vector.x * cosine + vector.y * sine, vector.y * cosine - vector.x * sine)
  }
}
