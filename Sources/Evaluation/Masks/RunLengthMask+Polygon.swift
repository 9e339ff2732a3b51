extension RunLengthMask {
  /// The pixels inside of a polygon, as pycocotools 2.0.11 counts them.
  ///
  /// The outline is drawn five times as large; where it crosses the middle of a pixel's column, the run
  /// changes at the next pixel below. Pixels that are crossed twice cancel out.
  ///
  /// - Parameters:
  ///   - polygon: x and y of its corners by turns, in pixels; a last odd number is left out.
  ///   - height: rows of the photograph.
  ///   - width: columns of the photograph.
  public init(polygon: [Double], height: Int, width: Int) {
    var changes: [Int] = []
    var previous: (x: Int, y: Int)?
    Self.forEachPoint(ofOutline: polygon) { x, y in
      defer { previous = (x, y) }
      guard let before = previous, before.x != x else { return }
      // The column that the step crosses, in pixels.
      let column = (Double(x < before.x ? x : x - 1) + 0.5) / 5 - 0.5
      guard column.rounded(.down) == column, column >= 0, column <= Double(width - 1) else {
        return
      }
      let row = (Double(min(y, before.y)) + 0.5) / 5 - 0.5
      changes.append(Int(column) * height + Int(min(max(row, 0), Double(height)).rounded(.up)))
    }
    changes.append(height * width)
    changes.sort()
    self.init(height: height, width: width, runs: Self.runs(changes))
  }

  /// Walks along a closed outline, five points a pixel, without gaps.
  private static func forEachPoint(
    ofOutline polygon: [Double],
    _ body: (_ x: Int, _ y: Int) -> Void
  ) {
    // Far outside of any photograph nothing changes, and the walk stays short.
    func enlarged(_ number: Double) -> Int { Int(min(max(5 * number + 0.5, -1e6), 1e6)) }
    let count = polygon.count / 2
    for index in 0..<count {
      let next = (index + 1) % count
      let corner = (x: enlarged(polygon[2 * index]), y: enlarged(polygon[2 * index + 1]))
      let other = (x: enlarged(polygon[2 * next]), y: enlarged(polygon[2 * next + 1]))
      let (wide, high) = (abs(other.x - corner.x), abs(other.y - corner.y))
      let isFlat = wide >= high
      // Drawn from the lesser end, so that both directions give the same points.
      let isFlipped = isFlat ? corner.x > other.x : corner.y > other.y
      let (start, end) = isFlipped ? (other, corner) : (corner, other)
      let length = isFlat ? wide : high
      let rise = isFlat ? end.y - start.y : end.x - start.x
      let slope = length == 0 ? 0 : Double(rise) / Double(length)
      for step in 0...length {
        let along = isFlipped ? length - step : step
        let across = Int(Double(isFlat ? start.y : start.x) + slope * Double(along) + 0.5)
        if isFlat { body(start.x + along, across) } else { body(across, start.y + along) }
      }
    }
  }

  /// The runs between places, of which two equal ones cancel out.
  private static func runs(_ places: [Int]) -> [Int] {
    var previous = 0
    let steps = places.map { place in
      defer { previous = place }
      return place - previous
    }
    var runs = [steps[0]]
    var index = 1
    while index < steps.count {
      if steps[index] > 0 {
        runs.append(steps[index])
        index += 1
      } else {
        index += 1
        if index < steps.count {
          runs[runs.count - 1] += steps[index]
          index += 1
        }
      }
    }
    return runs
  }
}
