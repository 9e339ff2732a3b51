import FixedPoint
import Kernels
import ModelFile
import Runtime

/// The definitions of attention modulated in space and of what is sampled from boxes.
extension Interpreter {
  func spatialAttention(_ it: SpatialAttention) -> Matrix {
    let (query, key, value) = (self[it.query], self[it.key], self[it.value])
    let grid = key.grid ?? self[it.map].grid!
    let width = it.sharesKeys ? key.channels : key.channels / it.heads
    let valueWidth = value.channels / it.heads
    let queries = it.sharesKeys ? query.rows / it.heads : query.rows
    var result = empty(it.output, rows: queries)
    let pixels = (0..<grid.validHeight).flatMap { y in
      (0..<grid.validWidth).map { (x: $0, y: y, row: y * grid.width + $0) }
    }
    for row in 0..<queries {
      for head in 0..<it.heads {
        var scores = pixels.map { pixel in
          Int32(
            truncatingIfNeeded: (0..<width).reduce(Int64(0)) { sum, channel in
              let own = query.numbers[(row * it.heads + head) * width + channel]
              return sum + own * key[pixel.row, (it.sharesKeys ? 0 : head * width) + channel]
            }
          )
        }
        if let gaussian = it.gaussian {
          scores = zip(scores, pixels).map { score, pixel in
            limitedOctaves(score, it.scoreRescale)
              - octaves(gaussian, it, grid, row, head, x: pixel.x, y: pixel.y)
          }
        }
        let one = Rescale(multiplier: 1 << 30, shift: 30)
        let weights = softmax(scores, it.gaussian == nil ? it.scoreRescale : one)
        let rescale = it.outputRescale.normalized(bySum: UInt32(weights.reduce(0, +)))
        for channel in head * valueWidth..<(head + 1) * valueWidth {
          var sum: Int64 = 0
          for (pixel, weight) in zip(pixels, weights) { sum += weight * value[pixel.row, channel] }
          result[row, channel] = rescaled(sum, rescale, it.output)
        }
      }
    }
    return result
  }

  private func octaves(
    _ gaussian: SpatialAttention.Gaussian,
    _ it: SpatialAttention,
    _ grid: Grid,
    _ row: Int,
    _ head: Int,
    x: Int,
    y: Int
  ) -> Int32 {
    func distance(_ axis: Int, _ pixel: Int) -> UInt32 {
      let references = self[gaussian.references]
      let valid = axis == 0 ? grid.validWidth : grid.validHeight
      let picture = axis == 0 ? size.validWidth : size.validHeight
      let extent = Int64(gaussian.pictureDivisor == 0 ? valid : picture)
      let parts = Int64(max(gaussian.pictureDivisor, 1)) << 14
      let column = (references.channels == 2 ? 0 : 2 * head) + axis
      let product = references[row, column] * extent
      // Half a part is added, then the quotient is rounded down.
      var centre = (product + parts / 2) / parts
      if (product + parts / 2) % parts < 0 { centre -= 1 }
      if let offsets = gaussian.offsets {
        let offset = self[offsets][row, 2 * head + axis] * Int64(gaussian.offsetRescale.multiplier)
        centre += limited(
          rounded(offset, gaussian.offsetRescale.shift),
          Int64(Int32.min),
          Int64(Int32.max)
        )
      }
      let place = Int64(pixel) * 65536 + (gaussian.isHalfPixel ? 32768 : 0)
      return limitedDistance(centre, place)
    }
    func factor(_ index: Int) -> UInt32 {
      guard let scales = gaussian.scales else { return UInt32(gaussian.unitFactor) }
      let place = head * gaussian.scaleCount + min(index, gaussian.scaleCount - 1)
      let scale = abs(self[scales][row, place]) * Int64(gaussian.scaleRescale.multiplier)
      return UInt32(min(rounded(scale, gaussian.scaleRescale.shift), Int64(Int32.max)))
    }
    let (dx, dy) = (distance(0, x), distance(1, y))
    var sum =
      gaussianOctaves(distance: dx, factor: factor(0))
      + gaussianOctaves(distance: dy, factor: factor(1))
    if gaussian.scaleCount == 3 {
      sum += gaussianOctaves(distance: distanceProduct(dx, dy), factor: factor(2))
    }
    return sum
  }

  func positionSum(_ it: PositionSum) -> Matrix {
    let places = tokens(it.levels)
    let isSine = isSinePosition(it.position)
    var result = empty(
      it.output,
      rows: places.count,
      grid: it.levels.count == 1 ? self[it.levels[0]].grid : nil
    )
    let bias = model.elements(it.bias, as: Int32.self)
    let multipliers = model.elements(it.multipliers, as: Int32.self)
    for (row, place) in places.enumerated() {
      let (first, second) = positionRows(it.levels, place, isSine: isSine)
      for channel in 0..<result.channels {
        let sum =
          self[it.position][first, channel] + self[it.position][second, channel]
          + Int64(bias[channel])
        result[row, channel] = limited(
          zero(it.output) + rounded(wrapped(sum) * Int64(multipliers[channel]), it.shift),
          Int64(it.lowest),
          Int64(it.highest)
        )
      }
    }
    return result
  }

  func regionPooling(_ it: RegionPooling) -> Matrix {
    var result = empty(it.output, rows: self[it.boxes].rows)
    let bias = model.elements(it.bias, as: Int32.self)
    let channels = self[it.map].channels
    for box in 0..<result.rows {
      let (rows, columns) = axes(it.map, it.boxes, box, bins: it.bins)
      for bin in 0..<it.bins * it.bins {
        let y = weights(rows, bin: bin / it.bins)
        let x = weights(columns, bin: bin % it.bins)
        for channel in 0..<channels {
          let sum = Int64(bias[channel]) + weighted(it.map, y, x, channel)
          result[box, bin * channels + channel] = max(
            rescaled(sum, it.rescale, it.output),
            zero(it.output)
          )
        }
      }
    }
    return result
  }

  func regionSampling(_ it: RegionSampling) -> Matrix {
    var result = empty(it.output, rows: self[it.boxes].rows)
    let places = self[it.places]
    let channels = self[it.map].channels
    for box in 0..<result.rows {
      let (rows, columns) = axes(it.map, it.boxes, box, bins: it.bins)
      for point in 0..<places.channels / 2 {
        let y = mixed(rows, at: places[box, 2 * point + 1])
        let x = mixed(columns, at: places[box, 2 * point])
        for channel in 0..<channels {
          result[box, point * channels + channel] = rescaled(
            weighted(it.map, y, x, channel),
            it.rescale,
            it.output
          )
        }
      }
    }
    return result
  }

  private func axes(
    _ map: ValueIndex,
    _ boxes: ValueIndex,
    _ box: Int,
    bins: Int
  ) -> (rows: RegionAxis, columns: RegionAxis) {
    let grid = self[map].grid!
    func axis(_ index: Int, _ valid: Int, _ length: Int) -> RegionAxis {
      RegionAxis(
        centre: Int32(self[boxes][box, index]),
        part: Int32(self[boxes][box, index + 2]),
        valid: valid,
        length: length,
        bins: bins
      )
    }
    return (
      axis(1, grid.validHeight, grid.height), axis(0, grid.validWidth, grid.width)
    )
  }

  private func sums(_ axis: RegionAxis, bin: Int) -> [Int64] {
    var sums = [Int64](repeating: 0, count: axis.length)
    if (0..<axis.bins).contains(bin) { _ = axis.addPoints(ofBin: bin, to: &sums) }
    return sums
  }

  private func weights(_ axis: RegionAxis, bin: Int) -> [Int64] {
    sums(axis, bin: bin).map { Int64(axis.weight(ofSum: $0)) }
  }

  private func mixed(_ axis: RegionAxis, at place: Int64) -> [Int64] {
    let (bin, fraction) = axis.bin(at: Int32(place))
    return zip(sums(axis, bin: bin), sums(axis, bin: bin + 1)).map {
      Int64(axis.weight(ofSum: $0, $1, fraction: fraction))
    }
  }

  private func weighted(
    _ map: ValueIndex,
    _ rows: [Int64],
    _ columns: [Int64],
    _ channel: Int
  ) -> Int64 {
    let values = self[map]
    var sum: Int64 = 0
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        let weight = min((row * column + 16384) >> 15, 32767)
        sum += weight * values[y * columns.count + x, channel]
      }
    }
    return sum
  }

  func pointsInBoxes(_ it: PointsInBoxes) -> Matrix {
    let boxes = self[it.boxes]
    var result = empty(it.output, rows: boxes.rows)
    for row in 0..<result.rows {
      for column in 0..<result.channels {
        let distance = 2 * self[it.places][row, column] - (1 << 30)
        let moved = rounded(boxes[row, 2 + column % 2] * distance, 31)
        result[row, column] = limited(boxes[row, column % 2] + moved, to: it.output)
      }
    }
    return result
  }

  func gate(_ it: SigmoidGate) -> Matrix {
    let input = self[it.input]
    let table = model.elements(it.table, as: Int32.self)
    var result = empty(it.output, rows: input.rows * it.rows)
    for (index, number) in input.numbers.enumerated() {
      let place = Int(self[it.gates].numbers[index]) + 32768
      let (low, high) = (Int64(table[place / 256]), Int64(table[place / 256 + 1]))
      let gate = low + rounded((high - low) * Int64(place % 256), 8)
      result.numbers[index] = rescaled(number * gate, it.rescale, it.output)
    }
    return result
  }
}
