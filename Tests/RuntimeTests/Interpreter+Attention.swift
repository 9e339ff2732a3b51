import FixedPoint
import ModelFile
import Runtime

/// Attention over tokens and at sampled points.
extension Interpreter {
  func attention(_ it: Attention) -> Matrix {
    let query = self[it.query]
    let key = self[it.key]
    let value = self[it.value]
    var result = empty(it.output, rows: query.rows, grid: query.grid)
    let width = query.channels / it.heads
    var keys = Array(0..<key.rows)
    if let keyGrid = it.keyGrid {
      let grid = self[keyGrid].grid!
      keys = keys.filter {
        $0 / grid.width < grid.validHeight && $0 % grid.width < grid.validWidth
      }
    }
    let valueWidth = value.channels / it.heads
    for head in 0..<it.heads {
      let channels = head * width..<(head + 1) * width
      for row in 0..<query.rows {
        let scores = keys.map { other in
          Int32(truncatingIfNeeded: channels.reduce(0) { $0 + query[row, $1] * key[other, $1] })
        }
        let weights = softmax(scores, it.scoreRescale)
        let total = UInt32(weights.reduce(0, +))
        let rescale = it.outputRescale.normalized(bySum: total)
        for channel in head * valueWidth..<(head + 1) * valueWidth {
          var sum: Int64 = 0
          for (other, weight) in zip(keys, weights) { sum += weight * value[other, channel] }
          result[row, channel] = rescaled(sum, rescale, it.output)
        }
      }
    }
    return result
  }

  func softmax(_ scores: [Int32], _ rescale: Rescale) -> [Int64] {
    var probabilities = [Int16](repeating: 0, count: scores.count)
    softmaxRow(
      scores: scores,
      count: scores.count,
      toOctaves: rescale,
      probabilities: &probabilities
    )
    return probabilities.map { Int64($0) }
  }

  func rescaled(_ sum: Int64, _ rescale: Rescale, _ output: ValueIndex) -> Int64 {
    limited(
      zero(output) + rounded(wrapped(sum) * Int64(rescale.multiplier), rescale.shift),
      to: output
    )
  }

  func sampling(_ it: DeformableAttention) -> Matrix {
    let value = self[it.value]
    let offsets = self[it.offsets]
    let logits = self[it.logits]
    var result = empty(it.output, rows: offsets.rows, grid: offsets.grid)
    let width = value.channels / it.heads
    let grids = it.levels.map { self[$0].grid! }
    let own = tokens(it.levels)
    let samples = it.levels.count * it.points
    for row in 0..<offsets.rows {
      for head in 0..<it.heads {
        let scores = (0..<samples).map { Int32(logits[row, head * samples + $0]) }
        let weights = softmax(scores, it.logitRescale)
        var sums = [Int64](repeating: 0, count: width)
        for (sample, weight) in weights.enumerated() {
          let level = sample / it.points
          let grid = grids[level]
          var location: [Int64] = []
          for axis in 0..<2 {
            let size = Int64(axis == 0 ? grid.validWidth : grid.validHeight)
            let offset = it.offsetRescale.apply(
              Int32(offsets[row, 2 * (head * samples + sample) + axis])
            )
            var base: Int64
            var moved = Int64(offset)
            if let references = it.references {
              base = rounded(self[references][row, axis] * size, 14)
              if model[references].channels == 4 {
                let span = wrapped(rounded(self[references][row, 2 + axis] * size, 14))
                moved = wrapped(rounded(moved * span, 16))
              }
            } else {
              let token = own[row]
              let position = Int64(axis == 0 ? token.x : token.y)
              let length = Int64(axis == 0 ? token.grid.validWidth : token.grid.validHeight)
              base = ((2 * position + 1) * size * 65536 + length) / (2 * length)
              base = min(base, 1 << 30)
            }
            var place = wrapped(base - 32768 + moved)
            if it.isDiscrete {
              let length = Int64(axis == 0 ? grid.width : grid.height)
              place = min(max(place >> 16 + 1, 0), length - 1) << 16
            }
            location.append(place)
          }
          let fractionX = Int16((location[0] & 0xffff) >> 1)
          let fractionY = Int16((location[1] & 0xffff) >> 1)
          let bottom = multiplyRounding15(Int16(weight), fractionY)
          let top = Int16(weight) - bottom
          let corners: [(Int64, Int64, Int16)] = [
            (0, 0, top - multiplyRounding15(top, fractionX)),
            (1, 0, multiplyRounding15(top, fractionX)),
            (0, 1, bottom - multiplyRounding15(bottom, fractionX)),
            (1, 1, multiplyRounding15(bottom, fractionX)),
          ]
          let first = grids[..<level].reduce(0) { $0 + $1.height * $1.width }
          for (right, down, corner) in corners {
            let x = location[0] >> 16 + right
            let y = location[1] >> 16 + down
            guard x >= 0, x < grid.width, y >= 0, y < grid.height else { continue }
            for channel in 0..<width {
              let pixel = first + Int(y) * grid.width + Int(x)
              sums[channel] += Int64(corner) * value[pixel, head * width + channel]
            }
          }
        }
        for channel in 0..<width {
          result[row, head * width + channel] = rescaled(
            sums[channel],
            it.outputRescale,
            it.output
          )
        }
      }
    }
    return result
  }
}
