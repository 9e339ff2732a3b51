/// Multi-scale deformable attention of a run of queries.
///
/// A query is done in three steps: the softmax of all its heads; per head, the pixel that every point
/// falls on, in vectors over points and coordinates, then the at most four corners of each point as
/// pairs of place and weight; the weighted sum of the corners, in vectors over channels.
func sampleDeformableKernel(
  _ arguments: DeformableSampling,
  _ queries: Range<Int>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let samples = arguments.levelCount * arguments.points
  let coordinateCount = paddedToVectors(2 * samples)
  let bases = scratch
  let scales = bases + coordinateCount
  let fractions = scales + coordinateCount
  let integers = UnsafeMutableRawPointer(fractions + coordinateCount)
    .assumingMemoryBound(to: Int32.self)
  let weights = fractions + 2 * coordinateCount
  let cornerWeights = weights + paddedToVectors(arguments.heads * samples)
  let cornerRows = UnsafeMutableRawPointer(cornerWeights + paddedToVectors(4 * samples))
    .assumingMemoryBound(to: Int32.self)
  for index in 0..<coordinateCount {
    bases[index] = 0
    scales[index] = 0
  }

  for query in queries {
    let logits = arguments.logits + query * arguments.logitStride
    for index in 0..<arguments.heads * samples { weights[index] = logits[index] }
    for head in 0..<arguments.heads {
      softmaxInPlace(weights + head * samples, columns: samples, columnBias: nil)
    }
    placeReferences(arguments, query: query, bases: bases, scales: scales)
    for head in 0..<arguments.heads {
      let offsets = arguments.offsets + query * arguments.offsetStride + head * 2 * samples
      locateSamples(
        offsets,
        bases: bases,
        scales: scales,
        count: 2 * samples,
        integers: integers,
        fractions: fractions
      )
      let corners = listCorners(
        arguments,
        integers: integers,
        fractions: fractions,
        weights: weights + head * samples,
        cornerRows: cornerRows,
        cornerWeights: cornerWeights
      )
      let channel = head * arguments.headWidth
      let output =
        arguments.output + query * arguments.heads * arguments.headWidth + channel
      sumCorners(
        arguments.value + channel,
        stride: arguments.valueStride,
        rows: cornerRows,
        weights: cornerWeights,
        count: corners,
        channels: arguments.headWidth,
        output: output
      )
    }
  }
}

/// Writes for every point and coordinate of a head what `pixel = base + offset · scale` needs.
@inline(__always)
private func placeReferences(
  _ arguments: DeformableSampling,
  query: Int,
  bases: UnsafeMutablePointer<Float>,
  scales: UnsafeMutablePointer<Float>
) {
  var reference =
    arguments.references + query * arguments.levelCount * arguments.coordinates
  var index = 0
  for level in 0..<arguments.levelCount {
    let width = Float(arguments.levels[level].width)
    let height = Float(arguments.levels[level].height)
    let baseX = reference[0] * width - 0.5
    let baseY = reference[1] * height - 0.5
    var scaleX: Float = 1
    var scaleY: Float = 1
    if arguments.coordinates == 4 {
      let half = 0.5 / Float(arguments.points)
      scaleX = reference[2] * width * half
      scaleY = reference[3] * height * half
    }
    for _ in 0..<arguments.points {
      bases[index] = baseX
      bases[index + 1] = baseY
      scales[index] = scaleX
      scales[index + 1] = scaleY
      index += 2
    }
    reference += arguments.coordinates
  }
}

/// Computes the pixel of every coordinate, as an integer and what exceeds it.
@inline(__always)
private func locateSamples(
  _ offsets: UnsafePointer<Float>,
  bases: UnsafePointer<Float>,
  scales: UnsafePointer<Float>,
  count: Int,
  integers: UnsafeMutablePointer<Int32>,
  fractions: UnsafeMutablePointer<Float>
) {
  // Whatever is further away lies outside of every map.
  let limit = FloatVector(repeating: 1_000_000)
  var index = 0
  while index < count {
    let remaining = count - index
    let offset =
      remaining >= vectorWidth
      ? load(offsets + index) : load(offsets + index, count: remaining)
    let pixel = multiplyAdd(offset, load(scales + index), load(bases + index))
    let parts = split(minimum(maximum(pixel, -limit), limit))
    UnsafeMutableRawPointer(integers + index).storeBytes(
      of: parts.integer,
      as: IntegerVector.self
    )
    store(parts.fraction, fractions + index)
    index += vectorWidth
  }
}

/// Lists row and weight of every corner that lies inside of its map, and returns how many there are.
@inline(__always)
private func listCorners(
  _ arguments: DeformableSampling,
  integers: UnsafePointer<Int32>,
  fractions: UnsafePointer<Float>,
  weights: UnsafePointer<Float>,
  cornerRows: UnsafeMutablePointer<Int32>,
  cornerWeights: UnsafeMutablePointer<Float>
) -> Int {
  var count = 0
  var index = 0
  for levelIndex in 0..<arguments.levelCount {
    let level = arguments.levels[levelIndex]
    let width = Int32(truncatingIfNeeded: level.width)
    let height = Int32(truncatingIfNeeded: level.height)
    let start = Int32(truncatingIfNeeded: level.start)
    for _ in 0..<arguments.points {
      let x = integers[2 * index]
      let y = integers[2 * index + 1]
      let fractionX = fractions[2 * index]
      let fractionY = fractions[2 * index + 1]
      let weight = weights[index]
      index += 1
      if x < -1 || x >= width || y < -1 || y >= height { continue }
      let lower = weight * fractionY
      let upper = weight - lower
      let row = start &+ y &* width &+ x
      let leftIn = x >= 0
      let rightIn = x &+ 1 < width
      if y >= 0 {
        let right = upper * fractionX
        if leftIn {
          cornerRows[count] = row
          cornerWeights[count] = upper - right
          count += 1
        }
        if rightIn {
          cornerRows[count] = row &+ 1
          cornerWeights[count] = right
          count += 1
        }
      }
      if y &+ 1 < height {
        let right = lower * fractionX
        if leftIn {
          cornerRows[count] = row &+ width
          cornerWeights[count] = lower - right
          count += 1
        }
        if rightIn {
          cornerRows[count] = row &+ width &+ 1
          cornerWeights[count] = right
          count += 1
        }
      }
    }
  }
  return count
}

/// Writes the weighted sum of the rows that the corners name.
@inline(__always)
private func sumCorners(
  _ value: UnsafePointer<Float>,
  stride: Int,
  rows: UnsafePointer<Int32>,
  weights: UnsafePointer<Float>,
  count: Int,
  channels: Int,
  output: UnsafeMutablePointer<Float>
) {
  var channel = 0
  while channel + 2 * vectorWidth <= channels {
    // Two sums per vector: the additions of one would wait for each other.
    var even0 = FloatVector(repeating: 0)
    var even1 = even0
    var odd0 = even0
    var odd1 = even0
    var corner = 0
    while corner + 2 <= count {
      let evenSource = value + (Int(rows[corner]) * stride + channel)
      let evenWeight = FloatVector(repeating: weights[corner])
      even0 = multiplyAdd(evenWeight, load(evenSource), even0)
      even1 = multiplyAdd(evenWeight, load(evenSource + vectorWidth), even1)
      let oddSource = value + (Int(rows[corner + 1]) * stride + channel)
      let oddWeight = FloatVector(repeating: weights[corner + 1])
      odd0 = multiplyAdd(oddWeight, load(oddSource), odd0)
      odd1 = multiplyAdd(oddWeight, load(oddSource + vectorWidth), odd1)
      corner += 2
    }
    if corner < count {
      let source = value + (Int(rows[corner]) * stride + channel)
      let weight = FloatVector(repeating: weights[corner])
      even0 = multiplyAdd(weight, load(source), even0)
      even1 = multiplyAdd(weight, load(source + vectorWidth), even1)
    }
    store(even0 + odd0, output + channel)
    store(even1 + odd1, output + channel + vectorWidth)
    channel += 2 * vectorWidth
  }
  while channel < channels {
    let lanes = channels - channel < vectorWidth ? channels - channel : vectorWidth
    var sum = FloatVector(repeating: 0)
    for corner in 0..<count {
      let source = value + (Int(rows[corner]) * stride + channel)
      let row = lanes == vectorWidth ? load(source) : load(source, count: lanes)
      sum = multiplyAdd(FloatVector(repeating: weights[corner]), row, sum)
    }
    store(sum, output + channel, count: lanes)
    channel += vectorWidth
  }
}
