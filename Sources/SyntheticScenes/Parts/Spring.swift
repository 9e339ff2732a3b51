/// A compression spring lying on its side; the belt shows between its coils.
struct Spring: PartShape {
  let coils: Float
  let coilRadius: Float
  let wire: Float
  let half: Vector2
  let thickness: Float

  init(_ random: inout SceneRandom) {
    let count = random.integer(5...10)
    coils = Float(count)
    coilRadius = random.uniform(0.13...0.2)
    wire = min(random.uniform(0.24...0.36) / Float(count), 0.04)
    half = Vector2(0.5, coilRadius + wire)
    thickness = 2 * coilRadius
  }

  @inline(__always)
  func surface(_ point: Vector2) -> PartSurface {
    // From the side the helix is a zigzag: front strands go down, those behind go up again.
    let pitch = (1 - 2 * wire) / coils
    let coil = ((point.x + 0.5 - wire) / pitch).rounded(.down)
    var best = PartSurface(distance: 1, height: 0)
    var front: Float = 1
    for offset in -1...1 as ClosedRange<Int> {
      let index = coil + Float(offset)
      guard index >= 0, index < coils else { continue }
      let left = -0.5 + wire + index * pitch
      let top = Vector2(left, -coilRadius)
      let bottom = Vector2(left + pitch * 0.5, coilRadius)
      let next = Vector2(left + pitch, -coilRadius)
      let near = segmentDistance(point, from: top, to: bottom)
      if near.distance < front {
        front = near.distance
        let bulge = 4 * near.share * (1 - near.share)
        best.height =
          coilRadius * (1 + bulge * 0.8) + cylinderHeight(near.distance, radius: wire)
      }
      let far = segmentDistance(point, from: bottom, to: next)
      best.distance = min(best.distance, far.distance)
    }
    if front > wire {
      // What shows is the strand behind.
      best.height = cylinderHeight(best.distance, radius: wire) + coilRadius * 0.3
      best.openness = 0.45
    }
    best.distance = min(best.distance, front) - wire
    return best
  }
}
