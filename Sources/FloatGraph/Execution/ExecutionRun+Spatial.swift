import FloatKernels
import Foundation

// What detectors compute whose queries look for their content in regions of the map.

extension ExecutionRun {
  func compute(
    _ attention: FloatOperation.SpatialAttention,
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let (key, value) = (shape(step.inputs[1]), shape(step.inputs[2]))
    let grid = shape(attention.map).grid!
    let heads = attention.heads
    var operands = MultiHeadAttention(
      query: values(step.inputs[0]),
      key: values(step.inputs[1]),
      value: values(step.inputs[2]),
      output: output,
      queryCount: shape(step.output).rows,
      keyCount: key.rows,
      heads: heads,
      headWidth: attention.sharesKeys ? key.channels : key.channels / heads,
      valueWidth: value.channels / heads,
      sharesKeys: attention.sharesKeys
    )
    if let gaussian = attention.gaussian {
      let term = GaussianTerms(
        gaussian,
        heads: heads,
        inputs: step.inputs.dropFirst(3).map { (values($0), shape($0).channels) },
        grid: grid,
        picture: size
      )
      operands.addBias = { scores, stride, head, queries in
        for query in queries {
          term.add(to: scores + (query - queries.lowerBound) * stride, query: query, head: head)
        }
      }
    }
    guard grid.isPadded else { return attend(operands, table: table, pool: pool) }
    TokenGrid([grid]).tokens.map { $0.isValid ? 1 : 0 as UInt8 }.withUnsafeBufferPointer {
      operands.keyValidity = $0.baseAddress
      attend(operands, table: table, pool: pool)
    }
  }

  func compute(
    _ pooling: FloatOperation.RegionPooling,
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let map = shape(step.inputs[0])
    let (features, boxes) = (values(step.inputs[0]), values(step.inputs[1]))
    let (channels, bins) = (map.channels, pooling.bins)
    pool.parallelFor(shape(step.output).rows) { rows, _ in
      for row in rows {
        let region = RegionWeights(box: boxes + 4 * row, grid: map.grid!, bins: bins)
        for bin in 0..<bins * bins {
          let result = output + (row * bins * bins + bin) * channels
          for channel in 0..<channels { result[channel] = pooling.bias[channel] }
          region.y[bin / bins].add(
            region.x[bin % bins],
            of: features,
            width: map.grid!.width,
            channels: channels,
            to: result
          )
          for channel in 0..<channels { result[channel] = max(result[channel], 0) }
        }
      }
    }
  }

  func compute(
    _ sampling: FloatOperation.RegionSampling,
    _ step: ExecutionPlan.Step,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let map = shape(step.inputs[0])
    let points = shape(step.inputs[2]).channels / 2
    let (features, boxes) = (values(step.inputs[0]), values(step.inputs[1]))
    let places = values(step.inputs[2])
    pool.parallelFor(shape(step.output).rows) { rows, _ in
      for row in rows {
        let region = RegionWeights(box: boxes + 4 * row, grid: map.grid!, bins: sampling.bins)
        for point in 0..<points {
          let place = places + 2 * (row * points + point)
          let result = output + (row * points + point) * map.channels
          for channel in 0..<map.channels { result[channel] = 0 }
          AxisWeights(mixing: region.y, at: place[1]).add(
            AxisWeights(mixing: region.x, at: place[0]),
            of: features,
            width: map.grid!.width,
            channels: map.channels,
            to: result
          )
        }
      }
    }
  }

  func writePointsInBoxes(_ step: ExecutionPlan.Step, _ output: UnsafeMutablePointer<Float>) {
    let shape = shape(step.output)
    let (boxes, places) = (values(step.inputs[0]), values(step.inputs[1]))
    for index in 0..<shape.count {
      let box = boxes + 4 * (index / shape.channels)
      let axis = index % 2
      output[index] = box[axis] - box[axis + 2] / 2 + box[axis + 2] * places[index]
    }
  }

  func writeGated(
    _ input: UnsafePointer<Float>,
    gates: UnsafePointer<Float>,
    _ count: Int,
    _ output: UnsafeMutablePointer<Float>
  ) {
    pool.parallelFor(count, grain: 4096) { range, _ in
      for index in range { output[index] = input[index] / (1 + exp(-gates[index])) }
    }
  }
}

/// What a Gaussian adds to the scores of a query and head.
private struct GaussianTerms {
  let gaussian: FloatOperation.Gaussian
  let heads: Int
  let references: (values: UnsafePointer<Float>, channels: Int)
  let scales: UnsafePointer<Float>?
  let offsets: UnsafePointer<Float>?
  let grid: Shape.Grid
  let extent: (x: Float, y: Float)

  init(
    _ gaussian: FloatOperation.Gaussian,
    heads: Int,
    inputs: [(UnsafePointer<Float>, Int)],
    grid: Shape.Grid,
    picture: InputSize
  ) {
    self.gaussian = gaussian
    self.heads = heads
    self.grid = grid
    references = inputs[0]
    scales = gaussian.scales > 0 ? inputs[1].0 : nil
    offsets = gaussian.hasOffsets ? inputs.last!.0 : nil
    switch gaussian.extent {
    case .map: extent = (Float(grid.validWidth), Float(grid.validHeight))
    case .picture(let divisor):
      extent = (
        Float(picture.validWidth) / Float(divisor), Float(picture.validHeight) / Float(divisor)
      )
    }
  }

  func add(to scores: UnsafeMutablePointer<Float>, query: Int, head: Int) {
    let perHead = references.channels > 2 ? 2 * head : 0
    let reference = references.values + query * references.channels + perHead
    let point = 2 * (query * heads + head)
    let first = Float(gaussian.firstPixel)
    let x = reference[0] * extent.x + (offsets?[point] ?? 0) - first
    let y = reference[1] * extent.y + (offsets?[point + 1] ?? 0) - first
    let count = gaussian.scales
    func square(_ index: Int) -> Float {
      guard let scales, count > 0 else { return index < 2 ? 1 : 0 }
      guard index < 2 || count == 3 else { return 0 }
      let scale = scales[(query * heads + head) * count + min(index, count - 1)]
      return scale * scale
    }
    let unit = -1 / Float(gaussian.smooth)
    let (sx, sy, both) = (square(0) * unit, square(1) * unit, square(2) * unit)
    for row in 0..<grid.height {
      let dy = y - Float(row)
      let (base, slope) = (dy * dy * sy, sx + dy * dy * both)
      for column in 0..<grid.width {
        let dx = x - Float(column)
        scores[row * grid.width + column] += base + dx * dx * slope
      }
    }
  }
}

/// The weights of consecutive pixels along an axis.
struct AxisWeights {
  let first: Int
  let weights: [Float]

  /// A bin of RoIAlign: `count` points from `start` on, `step` apart.
  init(start: Float, step: Float, count: Int, length: Int) {
    var sums = [Float](repeating: 0, count: length)
    for index in 0..<count {
      var place = start + (Float(index) + 0.5) * step
      guard place >= -1, place <= Float(length) else { continue }
      place = min(max(place, 0), Float(length - 1))
      let low = Int(place)
      sums[low] += 1 - (place - Float(low))
      if low + 1 < length { sums[low + 1] += place - Float(low) }
    }
    self.init(sums.map { $0 / Float(max(count, 1)) })
  }

  /// A bilinear sample among bins.
  init(mixing bins: [AxisWeights], at place: Float) {
    let position = place * Float(bins.count) - 0.5
    let low = Int(position.rounded(.down))
    let fraction = position - Float(low)
    var sums = [Float](repeating: 0, count: bins.map { $0.first + $0.weights.count }.max() ?? 0)
    for (bin, factor) in [(low, 1 - fraction), (low + 1, fraction)] where bins.indices ~= bin {
      for (index, weight) in bins[bin].weights.enumerated() {
        sums[bins[bin].first + index] += factor * weight
      }
    }
    self.init(sums)
  }

  /// Keeps the part that is not zero.
  private init(_ sums: [Float]) {
    let start = sums.firstIndex { $0 != 0 } ?? 0
    let end = sums.lastIndex { $0 != 0 } ?? -1
    first = start
    weights = end < start ? [] : Array(sums[start...end])
  }

  /// Adds the features of all pixels, weighted with these weights for y and others for x.
  func add(
    _ columns: AxisWeights,
    of features: UnsafePointer<Float>,
    width: Int,
    channels: Int,
    to sums: UnsafeMutablePointer<Float>
  ) {
    for (row, weight) in weights.enumerated() {
      for (column, factor) in columns.weights.enumerated() {
        let pixel = features + ((first + row) * width + columns.first + column) * channels
        let product = weight * factor
        for channel in 0..<channels { sums[channel] += product * pixel[channel] }
      }
    }
  }
}

/// The weights of the bins of a box along both axes.
private struct RegionWeights {
  let x: [AxisWeights]
  let y: [AxisWeights]

  init(box: UnsafePointer<Float>, grid: Shape.Grid, bins: Int) {
    func axis(_ index: Int, valid: Int, length: Int) -> [AxisWeights] {
      let side = box[index + 2] * Float(valid)
      let start = (box[index] - box[index + 2] / 2) * Float(valid) - 0.5
      let bin = side / Float(bins)
      let count = Int(bin.rounded(.up))
      return (0..<bins).map { number in
        AxisWeights(
          start: start + Float(number) * bin,
          step: bin / Float(max(count, 1)),
          count: count,
          length: length
        )
      }
    }
    x = axis(0, valid: grid.validWidth, length: grid.width)
    y = axis(1, valid: grid.validHeight, length: grid.height)
  }
}
