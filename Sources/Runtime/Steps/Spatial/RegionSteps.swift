import Kernels

/// What pooling and sampling know of the map, and one thread's weights of the bins of a box.
struct RegionGeometry {
  let boxes: UnsafePointer<Int32>
  let bins: Int
  let grid: ValueShape.Grid
  let scratch: ThreadScratch
  let layout: Layout

  /// One thread's scratch memory: sums of every bin along both axes, the pixels that they touch, and
  /// room for the weights of a rectangle.
  struct Layout {
    let rowSums: Int
    let columnSums: Int
    let rowWeights: Int
    let columnWeights: Int
    let spans: Int
    let byteCount: Int64

    init(bins: Int, grid: ValueShape.Grid) {
      var scratch = ScratchLayout()
      rowSums = scratch.add(bins * grid.height, bytes: 8)
      columnSums = scratch.add(bins * grid.width, bytes: 8)
      rowWeights = scratch.add(bins * grid.height, bytes: 4)
      columnWeights = scratch.add(bins * grid.width, bytes: 4)
      spans = scratch.add(4 * bins, bytes: 8)
      byteCount = scratch.byteCount
    }
  }

  /// One axis of the present box.
  struct Axis {
    var axis: RegionAxis
    let sums: UnsafeMutablePointer<Int64>
    /// First pixel and end of each bin.
    let spans: UnsafeMutablePointer<Int>
    /// [bins][length]; of a bin or a mixture the weights stand at their pixels.
    let weights: UnsafeMutablePointer<Int32>

    /// Sums the points of every bin.
    func prepare() {
      sums.update(repeating: 0, count: axis.bins * axis.length)
      for bin in 0..<axis.bins {
        let span = axis.addPoints(ofBin: bin, to: sums + bin * axis.length)
        spans[2 * bin] = span.lowerBound
        spans[2 * bin + 1] = span.upperBound
      }
    }

    func span(_ bin: Int) -> Range<Int> { spans[2 * bin]..<spans[2 * bin + 1] }

    /// Writes the weights of every bin.
    func writeWeights() {
      for bin in 0..<axis.bins {
        let line = bin * axis.length
        for pixel in span(bin) { weights[line + pixel] = axis.weight(ofSum: sums[line + pixel]) }
      }
    }

    /// Writes the weights of a place among the bins into the first line.
    func writeWeights(at place: Int32) -> Range<Int> {
      let (bin, fraction) = axis.bin(at: place)
      let inside = 0..<axis.bins
      let first = inside.contains(bin) ? span(bin) : 0..<0
      let second = inside.contains(bin + 1) ? span(bin + 1) : 0..<0
      let touched = first.isEmpty ? second : second.isEmpty ? first : union(first, second)
      for pixel in touched {
        let one = first.isEmpty ? 0 : sums[bin * axis.length + pixel]
        let other = second.isEmpty ? 0 : sums[(bin + 1) * axis.length + pixel]
        weights[pixel] = axis.weight(ofSum: one, other, fraction: fraction)
      }
      return touched
    }

    private func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
      min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }
  }

  /// The axes of a box, their sums made.
  func axes(ofBox row: Int, _ context: StepContext) -> (rows: Axis, columns: Axis) {
    let memory = scratch.start(context)
    let box = boxes + 4 * row
    func axis(
      _ index: Int,
      valid: Int,
      length: Int,
      sums: Int,
      weights: Int,
      spans: Int
    ) -> Axis {
      Axis(
        axis: RegionAxis(
          centre: box[index],
          part: box[index + 2],
          valid: valid,
          length: length,
          bins: bins
        ),
        sums: (memory + sums).assumingMemoryBound(to: Int64.self),
        spans: (memory + layout.spans).assumingMemoryBound(to: Int.self) + spans,
        weights: (memory + weights).assumingMemoryBound(to: Int32.self)
      )
    }
    let columns = axis(
      0,
      valid: grid.validWidth,
      length: grid.width,
      sums: layout.columnSums,
      weights: layout.columnWeights,
      spans: 2 * bins
    )
    let rows = axis(
      1,
      valid: grid.validHeight,
      length: grid.height,
      sums: layout.rowSums,
      weights: layout.rowWeights,
      spans: 0
    )
    columns.prepare()
    rows.prepare()
    return (rows, columns)
  }
}

/// RoIAlign with bias and ReLU: threads take boxes.
struct RegionPoolingStep {
  let geometry: RegionGeometry
  let boxes: Int
  /// The call for the map's first pixel; the step sets the rectangle of each bin.
  let call: RegionSum

  func run(_ context: StepContext) {
    let bins = geometry.bins
    let width = geometry.grid.width
    let rowBytes = call.channels * call.outputElement.byteCount
    var part = call
    for box in context.share(of: boxes, unit: 1) {
      let (rows, columns) = geometry.axes(ofBox: box, context)
      rows.writeWeights()
      columns.writeWeights()
      part.output = call.output + box * bins * bins * rowBytes
      for y in 0..<bins {
        let rowSpan = rows.span(y)
        for x in 0..<bins {
          let columnSpan = columns.span(x)
          part.set(rowSpan, columnSpan, width: width, of: call)
          part.rowWeights = UnsafePointer(
            rows.weights + y * rows.axis.length + rowSpan.lowerBound
          )
          part.columnWeights = UnsafePointer(
            columns.weights + x * columns.axis.length + columnSpan.lowerBound
          )
          context.table.pointee.regionSum(part)
          part.output += rowBytes
        }
      }
    }
  }
}

/// Bilinear samples among bins: threads take boxes.
struct RegionSamplingStep {
  let geometry: RegionGeometry
  let boxes: Int
  /// [boxes, points, x y]
  let places: UnsafePointer<Int32>
  let points: Int
  let call: RegionSum

  func run(_ context: StepContext) {
    let rowBytes = call.channels * call.outputElement.byteCount
    var part = call
    for box in context.share(of: boxes, unit: 1) {
      let (rows, columns) = geometry.axes(ofBox: box, context)
      part.output = call.output + box * points * rowBytes
      for point in 0..<points {
        let place = places + 2 * (box * points + point)
        let rowSpan = rows.writeWeights(at: place[1])
        let columnSpan = columns.writeWeights(at: place[0])
        part.set(rowSpan, columnSpan, width: geometry.grid.width, of: call)
        part.rowWeights = UnsafePointer(rows.weights + rowSpan.lowerBound)
        part.columnWeights = UnsafePointer(columns.weights + columnSpan.lowerBound)
        context.table.pointee.regionSum(part)
        part.output += rowBytes
      }
    }
  }
}

extension RegionSum {
  /// Sets the rectangle.
  fileprivate mutating func set(
    _ rows: Range<Int>,
    _ columns: Range<Int>,
    width: Int,
    of map: RegionSum
  ) {
    self.rows = rows.count
    self.columns = columns.count
    value = map.value + (rows.lowerBound * width + columns.lowerBound) * map.pixelStride
  }
}

/// Points from boxes and places inside of them: threads take rows.
struct PointsInBoxesStep {
  let boxes: UnsafePointer<Int32>
  let places: UnsafePointer<Int32>
  let rows: Int
  let channels: Int
  let output: UnsafeMutablePointer<Int32>

  func run(_ context: StepContext) {
    for row in context.share(of: rows, unit: 16) {
      let box = boxes + 4 * row
      for channel in 0..<channels {
        let index = row * channels + channel
        let side = Int64(box[2 + (channel & 1)])
        let distance = 2 * Int64(places[index]) - (1 << 30)
        let point = Int64(box[channel & 1]) + ((side * distance + (1 << 30)) >> 31)
        output[index] = Int32(
          truncatingIfNeeded: min(max(point, Int64(Int32.min)), Int64(Int32.max))
        )
      }
    }
  }
}
