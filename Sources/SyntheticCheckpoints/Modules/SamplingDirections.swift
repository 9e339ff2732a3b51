/// The directions into which the heads of deformable attention look before training.
///
/// Head `h` of `H` looks along the angle `2π h / H`; its first point lies on the square of half-side
/// 1 around the reference, the k-th point k times as far. With 8 heads and 4 points the offsets of
/// head 1 are (1, 1), (2, 2), (3, 3), (4, 4) on every level.
struct SamplingDirections {
  /// How many directions there are.
  let heads: Int
  /// Maps that are sampled, all with the same offsets.
  let levels: Int
  /// Steps along each direction.
  let points: Int

  /// Samples a query.
  var count: Int { heads * levels * points }

  /// The offsets of all points [heads, levels, points, 2], x before y.
  var offsets: [Float] {
    (0..<heads).flatMap { head in
      let direction = Self.onSquare(eighths: 8 * Double(head) / Double(heads))
      return (0..<levels).flatMap { _ in
        (1...points).flatMap { point in
          [Float(direction.x * Double(point)), Float(direction.y * Double(point))]
        }
      }
    }
  }

  /// The point of the square that lies in a direction.
  ///
  /// - Parameter eighths: the angle in units of π/4, 0..<8.
  /// - Returns: its coordinates.
  private static func onSquare(eighths: Double) -> (x: Double, y: Double) {
    // Sides are centred on even numbers of eighths.
    let side = ((eighths + 1) / 2).rounded(.down)
    let along = tangent(eighths - 2 * side)
    switch Int(side) % 4 {
    case 0: return (1, along)
    case 1: return (-along, 1)
    case 2: return (-1, -along)
    default: return (along, -1)
    }
  }

  /// The tangent of an angle of at most an eighth of a turn, in units of π/4.
  ///
  /// Lambert's continued fraction `x / (1 − x² / (3 − x² / (5 − …)))` to nine terms is exact to double
  /// precision here and uses no function that machines round differently.
  private static func tangent(_ eighths: Double) -> Double {
    if eighths.magnitude == 1 { return eighths }
    let angle = eighths * (Double.pi / 4)
    var fraction = 17.0
    for odd in stride(from: 15.0, through: 1, by: -2) { fraction = odd - angle * angle / fraction }
    return angle / fraction
  }
}
