import FixedPoint
import Foundation
import Kernels
import ModelFile
import Runtime

extension ModelSimulation {
  /// Attention over the pixels of a map; weights are real, only the output is rounded.
  ///
  /// Beside the weights' 15 bits (see ``attention(_:_:)``) the exponents of a Gaussian are off: an
  /// exponent off by ε nats for key i moves its weight by at most p (ε + Σ p ε).
  func spatialAttention(_ it: SpatialAttention, _ inputs: (ValueIndex) -> Integers) -> Attended {
    let (query, key, value) = (inputs(it.query), inputs(it.key), inputs(it.value))
    let grid = grid(it.map)
    let width = it.sharesKeys ? channels(it.key) : channels(it.key) / it.heads
    let valueWidth = channels(it.value) / it.heads
    let outputs = channels(it.output)
    let octaves = it.scoreRescale.factor * powerOfTwo(-FractionBits.octaves)
    let factor = it.outputRescale.factor * powerOfTwo(FractionBits.attention)
    let range = OutputRange(model[it.output])
    let gaussian = it.gaussian.map { RealGaussian($0, it.heads, self, grid, inputs) }
    let places = (0..<grid.validHeight).flatMap { y in
      (0..<grid.validWidth).map { (x: $0, y: y, row: y * grid.width + $0) }
    }
    let count = Double(places.count)
    let weightError = (1 + count / 65536) / (32768 - count / 2 - 1) * factor
    let keyStride = channels(it.key)

    var tolerance = [Double](repeating: 0, count: self.count(it.output))
    let output = tolerance.withUnsafeMutableBufferPointer { buffer in
      // Each thread writes rows of its own.
      nonisolated(unsafe) let tolerance = buffer
      return filledRows(rows(it.output), outputs, threads: threads) { rows, result in
        var weights = [Double](repeating: 0, count: places.count)
        var errors = [Double](repeating: 0, count: places.count)
        for row in rows {
          for head in 0..<it.heads {
            let start = (row * it.heads + head) * width
            let keyStart = it.sharesKeys ? 0 : head * width
            for (index, place) in places.enumerated() {
              var score = 0.0
              for channel in 0..<width {
                let other = key[place.row * keyStride + keyStart + channel]
                score += Double(query[start + channel]) * Double(other)
              }
              weights[index] = score * octaves
              if let gaussian {
                let taken = gaussian.octaves(row, head, x: place.x, y: place.y)
                weights[index] = min(max(weights[index], -8192), 8192) - taken.octaves
                errors[index] = (powerOfTwo(-17) + taken.error) * M_LN2
              }
            }
            softmaxOfOctaves(&weights)
            let meanError = zip(weights, errors).reduce(0) { $0 + $1.0 * $1.1 }
            for channel in 0..<valueWidth {
              let column = head * valueWidth + channel
              var average = 0.0
              for (weight, place) in zip(weights, places) {
                average += weight * Double(value[place.row * outputs + column])
              }
              var spread = 0.0
              var moved = 0.0
              for (index, place) in places.enumerated() {
                let distance = abs(Double(value[place.row * outputs + column]) - average)
                spread += distance
                moved += weights[index] * (errors[index] + meanError) * distance
              }
              result[row * outputs + column] = range.integer(average * factor)
              tolerance[row * outputs + column] = 1 + spread * weightError + moved * factor
            }
          }
        }
      }
    }
    return Attended(output: output, tolerance: tolerance)
  }

  func positionSum(_ it: PositionSum, _ table: Integers) -> Integers {
    let range = OutputRange(model[it.output], lowest: it.lowest, highest: it.highest)
    let width = channels(it.output)
    let bias = model.elements(it.bias, as: Int32.self)
    let multipliers = model.elements(it.multipliers, as: Int32.self)
    let unit = powerOfTwo(-it.shift)
    return positionRows(it.levels, isSine: isSine(it.position)).flatMap { place in
      (0..<width).map { channel in
        let sum =
          Double(table[place.y * width + channel]) + Double(table[place.x * width + channel])
          + Double(bias[channel])
        return range.integer(sum * Double(multipliers[channel]) * unit)
      }
    }
  }

  /// A pooled or sampled value, and what it may be off: 1.5 units of 2⁻¹⁵ for the weight of every
  /// pixel (`RegionSum` in `Kernels`), and the last rounding.
  struct Pooled {
    var output: Integers
    var tolerance: [Double]
  }

  func regionPooling(_ it: RegionPooling, _ map: Integers, _ boxes: Integers) -> Pooled {
    let bias = model.elements(it.bias, as: Int32.self)
    let value = model[it.output]
    let range = OutputRange(value, lowest: value.zeroPoint, highest: value.element.highest)
    var pooled = Pooled(output: [], tolerance: [])
    for box in 0..<rows(it.boxes) {
      let (rows, columns) = axes(it.map, boxes, box, bins: it.bins)
      for y in rows.weights {
        for x in columns.weights {
          append(it.map, map, y, x, it.rescale, range, to: &pooled) { Double(bias[$0]) }
        }
      }
    }
    return pooled
  }

  func regionSampling(
    _ it: RegionSampling,
    _ map: Integers,
    _ boxes: Integers,
    _ places: Integers
  ) -> Pooled {
    let range = OutputRange(model[it.output])
    let points = channels(it.places) / 2
    var pooled = Pooled(output: [], tolerance: [])
    for box in 0..<rows(it.boxes) {
      let (rows, columns) = axes(it.map, boxes, box, bins: it.bins)
      for point in 0..<points {
        let place = 2 * (box * points + point)
        let y = rows.mixed(at: places[place + 1])
        let x = columns.mixed(at: places[place])
        append(it.map, map, y, x, it.rescale, range, to: &pooled) { _ in 0 }
      }
    }
    return pooled
  }

  private func append(
    _ map: ValueIndex,
    _ numbers: Integers,
    _ rows: [Double],
    _ columns: [Double],
    _ rescale: Rescale,
    _ range: OutputRange,
    to pooled: inout Pooled,
    bias: (Int) -> Double
  ) {
    let (grid, width) = (grid(map), channels(map))
    let unit = rescale.factor * 32768
    for channel in 0..<width {
      var sum = bias(channel) / 32768
      var magnitudes = 0.0
      for (y, row) in rows.enumerated() where row > 0 {
        for (x, column) in columns.enumerated() where column > 0 {
          let number = Double(numbers[(y * grid.width + x) * width + channel])
          sum += row * column * number
          magnitudes += abs(number)
        }
      }
      pooled.output.append(range.integer(sum * unit))
      pooled.tolerance.append(1 + 1.5 * magnitudes * rescale.factor)
    }
  }

  private func axes(
    _ map: ValueIndex,
    _ boxes: Integers,
    _ box: Int,
    bins: Int
  ) -> (rows: RealAxis, columns: RealAxis) {
    let grid = grid(map)
    func axis(_ index: Int, valid: Int, length: Int) -> RealAxis {
      RealAxis(
        RegionAxis(
          centre: boxes[4 * box + index],
          part: boxes[4 * box + index + 2],
          valid: valid,
          length: length,
          bins: bins
        )
      )
    }
    return (
      axis(1, valid: grid.validHeight, length: grid.height),
      axis(0, valid: grid.validWidth, length: grid.width)
    )
  }

  func pointsInBoxes(_ it: PointsInBoxes, _ boxes: Integers, _ places: Integers) -> Integers {
    let width = channels(it.places)
    let range = OutputRange(model[it.output])
    return places.indices.map { index in
      let box = index / width * 4 + index % 2
      let part = Double(places[index]) * powerOfTwo(-FractionBits.probability) - 0.5
      return range.integer(Double(boxes[box]) + Double(boxes[box + 2]) * part)
    }
  }

  /// The gate is the straight line between two entries of the table.
  func gate(_ it: SigmoidGate, _ input: Integers, _ gates: Integers) -> Integers {
    let table = model.elements(it.table, as: Int32.self)
    let range = OutputRange(model[it.output])
    let factor = it.rescale.factor
    return zip(input, gates).map { number, gate in
      let place = (Double(gate) + 32768) / 256
      let entry = Int(place)
      let rest = place - Double(entry)
      let line = Double(table[entry]) * (1 - rest) + Double(table[entry + 1]) * rest
      return range.integer(Double(number) * line * factor)
    }
  }

  /// A gate off by half a unit of 2⁻¹⁵, and the last rounding.
  func gateTolerance(_ it: SigmoidGate, _ input: Integers) -> [Double] {
    input.map { 1 + 0.5 * abs(Double($0)) * it.rescale.factor }
  }
}

/// The weights of the bins along one side of a box, from the places of their points.
private struct RealAxis {
  let axis: RegionAxis
  /// [bins][length]
  let weights: [[Double]]

  init(_ axis: RegionAxis) {
    self.axis = axis
    weights = (0..<axis.bins).map { bin in
      var sums = [Int64](repeating: 0, count: axis.length)
      _ = axis.addPoints(ofBin: bin, to: &sums)
      return sums.map { Double($0) / 65536 / Double(max(axis.points, 1)) }
    }
  }

  func mixed(at place: Int32) -> [Double] {
    let position = Double(place) * powerOfTwo(-FractionBits.probability) * Double(axis.bins) - 0.5
    // The operation's definition rounds the position first.
    let rounded = (position * 65536 + 0.5).rounded(.down) / 65536
    let bin = Int(rounded.rounded(.down))
    let fraction = rounded - Double(bin)
    return (0..<axis.length).map { pixel in
      let first = weights.indices ~= bin ? weights[bin][pixel] : 0
      let second = weights.indices ~= bin + 1 ? weights[bin + 1][pixel] : 0
      return first * (1 - fraction) + second * fraction
    }
  }
}

/// The exponents of Gaussians in real numbers.
private struct RealGaussian {
  let it: SpatialAttention.Gaussian
  let heads: Int
  let references: ModelSimulation.Integers
  let referenceColumns: Int
  let scales: ModelSimulation.Integers?
  let offsets: ModelSimulation.Integers?
  let extent: (x: Double, y: Double)

  init(
    _ it: SpatialAttention.Gaussian,
    _ heads: Int,
    _ simulation: ModelSimulation,
    _ grid: ValueShape.Grid,
    _ inputs: (ValueIndex) -> ModelSimulation.Integers
  ) {
    self.it = it
    self.heads = heads
    references = inputs(it.references)
    referenceColumns = simulation.channels(it.references)
    scales = it.scales.map(inputs)
    offsets = it.offsets.map(inputs)
    let picture = simulation.grid(Model.picture)
    let parts = Double(max(it.pictureDivisor, 1))
    extent =
      it.pictureDivisor == 0
      ? (Double(grid.validWidth), Double(grid.validHeight))
      : (Double(picture.validWidth) / parts, Double(picture.validHeight) / parts)
  }

  /// The octaves that a pixel loses, and how far the integers may be from them.
  func octaves(_ row: Int, _ head: Int, x: Int, y: Int) -> (octaves: Double, error: Double) {
    // The centre is rounded twice.
    let centreError = powerOfTwo(-16)
    let dx = abs(centre(row, head, 0, extent.x) - Double(x) - first)
    let dy = abs(centre(row, head, 1, extent.y) - Double(y) - first)
    var (total, error) = term(dx, factor(row, head, 0), centreError)
    let second = term(dy, factor(row, head, 1), centreError)
    total += second.0
    error += second.1
    if it.scaleCount == 3 {
      let third = term(dx * dy, factor(row, head, 2), (dx + dy + 1) * centreError)
      total += third.0
      error += third.1
    }
    return (total, error)
  }

  private var first: Double { it.isHalfPixel ? 0.5 : 0 }

  private func centre(_ row: Int, _ head: Int, _ axis: Int, _ extent: Double) -> Double {
    let start = referenceColumns > 2 ? 2 * head : 0
    let reference = Double(references[row * referenceColumns + start + axis])
    let offset = offsets.map { Double($0[(row * heads + head) * 2 + axis]) } ?? 0
    return reference * powerOfTwo(-FractionBits.probability) * extent
      + offset * it.offsetRescale.factor * powerOfTwo(-16)
  }

  private func factor(_ row: Int, _ head: Int, _ index: Int) -> Double {
    guard let scales else { return Double(it.unitFactor) * powerOfTwo(-20) }
    let scale = scales[(row * heads + head) * it.scaleCount + min(index, it.scaleCount - 1)]
    return min(abs(Double(scale)) * it.scaleRescale.factor * powerOfTwo(-20), 2048)
  }

  /// `gaussianOctaves`, whose factor is rounded to 2⁻²¹ and whose distance is off by `error`.
  private func term(_ distance: Double, _ factor: Double, _ error: Double) -> (Double, Double) {
    let width = min(distance * factor, 64)
    let off = error * factor + (distance + error) * powerOfTwo(-21)
    return (width * width, 2 * width * off + off * off + 1.5 * powerOfTwo(-16))
  }
}
