/// A point of a part seen from above, in units of the part's length.
struct PartSurface {
  /// To the outline, negative inside.
  var distance: Float
  /// Above the belt.
  var height: Float
  /// How much light reaches the point, 1 where nothing is in the way: grooves are dark.
  var openness: Float = 1
}

/// The form of a part lying on the belt: its outline and its relief.
///
/// The part lies around the origin, its longer side along x from −0.5 to 0.5. A form must be cheap:
/// every pixel of a part asks for it four times.
protocol PartShape: Sendable {
  /// Half of the extent in x and y.
  var half: Vector2 { get }
  /// How high the part is at most; the length of its shadow.
  var thickness: Float { get }
  func surface(_ point: Vector2) -> PartSurface
}

/// Height of a plate whose edge is rounded: a quarter of a circle, then flat.
@inline(__always)
func plateHeight(_ distance: Float, thickness: Float, rounding: Float) -> Float {
  let outside = min(max(1 + distance / rounding, 0), 1)
  return thickness - rounding * (1 - (1 - outside * outside).squareRoot())
}

/// Height of a cylinder of a radius, `offset` from its axis.
@inline(__always)
func cylinderHeight(_ offset: Float, radius: Float) -> Float {
  max(radius * radius - offset * offset, 0).squareRoot()
}

/// A wave of straight lines of period 1 between −1 and 1.
@inline(__always)
func triangleWave(_ phase: Float) -> Float {
  4 * abs(phase - (phase + 0.5).rounded(.down)) - 1
}
