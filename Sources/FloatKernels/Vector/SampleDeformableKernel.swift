/// The number of queries that are located together before they are summed head by head.
let sampledQueriesPerBlock = 32

/// Multi-scale deformable attention of a run of queries, in blocks.
///
/// First the operands of a block are read in the order of memory, and every sample becomes four
/// corners, each a place in the value maps and a weight; corners outside of the map keep a place
/// inside of it with the weight 0. Then the corners are summed, head by head so that neighbouring
/// queries find their pixels in the cache.
func sampleDeformableKernel(
  _ arguments: DeformableSampling,
  _ queries: Range<Int>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let samples = arguments.levelCount * arguments.points
  let stride = paddedToVectors(samples)
  let constants = sampleConstants(scratch, stride: stride)
  let weights = scratch + 7 * stride
  let corners = scratch + 8 * stride
  fillSizes(constants, arguments)

  var first = queries.lowerBound
  while first < queries.upperBound {
    let remaining = queries.upperBound - first
    let count = remaining < sampledQueriesPerBlock ? remaining : sampledQueriesPerBlock
    var corner = corners
    for query in first..<first + count {
      fillReferences(constants, arguments, query: query)
      let logits = arguments.logits + query * arguments.logitStride
      let offsets = arguments.offsets + query * arguments.offsetStride
      for head in 0..<arguments.heads {
        for index in 0..<samples { weights[index] = logits[head * samples + index] }
        softmaxInPlace(weights, columns: samples, columnBias: nil)
        locateCorners(
          offsets + head * 2 * samples,
          weights: weights,
          constants: constants,
          samples: samples,
          tokenStride: arguments.tokenStride,
          corners: corner,
          stride: stride,
          isDiscrete: arguments.isDiscrete
        )
        corner += 8 * stride
      }
    }
    for head in 0..<arguments.heads {
      let value = arguments.value + head * arguments.headStride
      for index in 0..<count {
        sumCorners(
          value,
          corners + (index * arguments.heads + head) * 8 * stride,
          samples: samples,
          stride: stride,
          channels: arguments.headWidth,
          output: arguments.output
            + ((first + index) * arguments.heads + head) * arguments.headWidth
        )
      }
    }
    first += count
  }
}

/// What a sample needs beside its offset, one array each: `pixel = base + offset · scale`, and the
/// size and first row of the level it lies in.
private typealias SampleConstants = (
  baseX: UnsafeMutablePointer<Float>, baseY: UnsafeMutablePointer<Float>,
  scaleX: UnsafeMutablePointer<Float>, scaleY: UnsafeMutablePointer<Float>,
  width: UnsafeMutablePointer<Int32>, height: UnsafeMutablePointer<Int32>,
  start: UnsafeMutablePointer<Int32>
)

@inline(__always)
private func sampleConstants(
  _ memory: UnsafeMutablePointer<Float>,
  stride: Int
) -> SampleConstants {
  let integers = UnsafeMutableRawPointer(memory + 4 * stride).assumingMemoryBound(to: Int32.self)
  return (
    memory, memory + stride, memory + 2 * stride, memory + 3 * stride, integers,
    integers + stride, integers + 2 * stride
  )
}

/// Writes the constants that are the same for all queries.
@inline(__always)
private func fillSizes(_ constants: SampleConstants, _ arguments: DeformableSampling) {
  var sample = 0
  for index in 0..<arguments.levelCount {
    let level = arguments.levels[index]
    for _ in 0..<arguments.points {
      constants.width[sample] = Int32(truncatingIfNeeded: level.width)
      constants.height[sample] = Int32(truncatingIfNeeded: level.height)
      constants.start[sample] = Int32(truncatingIfNeeded: level.start)
      constants.scaleX[sample] = 1
      constants.scaleY[sample] = 1
      sample += 1
    }
  }
}

/// Writes the constants that the reference of a query gives.
@inline(__always)
private func fillReferences(
  _ constants: SampleConstants,
  _ arguments: DeformableSampling,
  query: Int
) {
  var reference =
    arguments.references + query * arguments.levelCount * arguments.coordinates
  var sample = 0
  let half = 0.5 / Float(arguments.points)
  for index in 0..<arguments.levelCount {
    let width = Float(arguments.levels[index].width)
    let height = Float(arguments.levels[index].height)
    let baseX = reference[0] * width - 0.5
    let baseY = reference[1] * height - 0.5
    for point in sample..<sample + arguments.points {
      constants.baseX[point] = baseX
      constants.baseY[point] = baseY
    }
    if arguments.coordinates == 4 {
      let scaleX = reference[2] * width * half
      let scaleY = reference[3] * height * half
      for point in sample..<sample + arguments.points {
        constants.scaleX[point] = scaleX
        constants.scaleY[point] = scaleY
      }
    }
    sample += arguments.points
    reference += arguments.coordinates
  }
}

/// Turns the samples of one query and head into corners: four arrays of places in elements, upper
/// left, upper right, lower left, lower right, then four of weights.
@_transparent
private func locateCorners(
  _ offsets: UnsafePointer<Float>,
  weights: UnsafePointer<Float>,
  constants: SampleConstants,
  samples: Int,
  tokenStride: Int,
  corners: UnsafeMutablePointer<Float>,
  stride: Int,
  isDiscrete: Bool
) {
  // Whatever is further away lies outside of every map.
  let limit = FloatVector(repeating: 1_000_000)
  let tokenStride = IntegerVector(repeating: Int32(truncatingIfNeeded: tokenStride))
  var sample = 0
  while sample < samples {
    let remaining = samples - sample
    let pairs =
      remaining >= vectorWidth
      ? loadPairs(offsets + 2 * sample) : loadPairs(offsets + 2 * sample, count: remaining)
    let pixelX = multiplyAdd(
      pairs.evenHalf,
      load(constants.scaleX + sample),
      load(constants.baseX + sample)
    )
    let pixelY = multiplyAdd(
      pairs.oddHalf,
      load(constants.scaleY + sample),
      load(constants.baseY + sample)
    )
    var x = locate(minimum(maximum(pixelX, -limit), limit), size: load(constants.width + sample))
    var y = locate(minimum(maximum(pixelY, -limit), limit), size: load(constants.height + sample))
    if isDiscrete {
      x = nearest(minimum(maximum(pixelX, -limit), limit), size: load(constants.width + sample))
      y = nearest(minimum(maximum(pixelY, -limit), limit), size: load(constants.height + sample))
    }
    let start = load(constants.start + sample)
    let upper = (start &+ y.first &* load(constants.width + sample)) &* tokenStride
    let lower = (start &+ y.second &* load(constants.width + sample)) &* tokenStride
    let left = x.first &* tokenStride
    let right = x.second &* tokenStride
    let weight = load(weights + sample)
    let upperWeight = weight * y.firstWeight
    let lowerWeight = weight * y.secondWeight
    let places = UnsafeMutableRawPointer(corners + sample).assumingMemoryBound(to: Int32.self)
    store(upper &+ left, places)
    store(upper &+ right, places + stride)
    store(lower &+ left, places + 2 * stride)
    store(lower &+ right, places + 3 * stride)
    store(upperWeight * x.firstWeight, corners + 4 * stride + sample)
    store(upperWeight * x.secondWeight, corners + 5 * stride + sample)
    store(lowerWeight * x.firstWeight, corners + 6 * stride + sample)
    store(lowerWeight * x.secondWeight, corners + 7 * stride + sample)
    sample += vectorWidth
  }
}

/// The two pixels that a coordinate lies between, moved into the map, and their weights, 0 outside.
@_transparent
private func locate(
  _ pixel: FloatVector,
  size: IntegerVector
) -> (
  first: IntegerVector, second: IntegerVector, firstWeight: FloatVector, secondWeight: FloatVector
) {
  let (integer, fraction) = split(pixel)
  let zero = IntegerVector(repeating: 0)
  let next = integer &+ IntegerVector(repeating: 1)
  let last = size &- IntegerVector(repeating: 1)
  let isFirstInside = (integer .>= zero) .& (integer .< size)
  let isSecondInside = (next .>= zero) .& (next .< size)
  let one = FloatVector(repeating: 1)
  return (
    first: zero.replacing(with: integer, where: isFirstInside),
    second: last.replacing(with: next, where: isSecondInside),
    firstWeight: FloatVector(repeating: 0).replacing(with: one - fraction, where: isFirstInside),
    secondWeight: FloatVector(repeating: 0).replacing(with: fraction, where: isSecondInside)
  )
}

/// The one pixel that a location means where points are discrete: half a pixel further than the nearest,
/// as the reference counts, and moved into the map.
@_transparent
private func nearest(
  _ pixel: FloatVector,
  size: IntegerVector
) -> (
  first: IntegerVector, second: IntegerVector, firstWeight: FloatVector, secondWeight: FloatVector
) {
  let zero = IntegerVector(repeating: 0)
  let last = size &- IntegerVector(repeating: 1)
  let (integer, _) = split(pixel + FloatVector(repeating: 1))
  let notNegative = zero.replacing(with: integer, where: integer .>= zero)
  let place = last.replacing(with: notNegative, where: notNegative .< size)
  return (
    first: place,
    second: place,
    firstWeight: FloatVector(repeating: 1),
    secondWeight: FloatVector(repeating: 0)
  )
}

/// Writes the weighted sum of the corners of one query and head.
@inline(__always)
private func sumCorners(
  _ value: UnsafePointer<Float>,
  _ corners: UnsafePointer<Float>,
  samples: Int,
  stride: Int,
  channels: Int,
  output: UnsafeMutablePointer<Float>
) {
  let places = UnsafeRawPointer(corners).assumingMemoryBound(to: Int32.self)
  let weights = corners + 4 * stride
  var channel = 0
  while channel + 2 * vectorWidth <= channels {
    // A sum per corner: the additions of a single one would wait for each other.
    var left0 = FloatVector(repeating: 0)
    var left1 = left0
    var right0 = left0
    var right1 = left0
    var below0 = left0
    var below1 = left0
    var last0 = left0
    var last1 = left0
    let source = value + channel
    for sample in 0..<samples {
      add(source, places[sample], weights[sample], &left0, &left1)
      add(source, places[sample + stride], weights[sample + stride], &right0, &right1)
      add(source, places[sample + 2 * stride], weights[sample + 2 * stride], &below0, &below1)
      add(source, places[sample + 3 * stride], weights[sample + 3 * stride], &last0, &last1)
    }
    store((left0 + right0) + (below0 + last0), output + channel)
    store((left1 + right1) + (below1 + last1), output + channel + vectorWidth)
    channel += 2 * vectorWidth
  }
  while channel < channels {
    let lanes = channels - channel < vectorWidth ? channels - channel : vectorWidth
    var sum = FloatVector(repeating: 0)
    for sample in 0..<samples {
      var corner = sample
      while corner < 4 * stride {
        let source = value + (Int(places[corner]) + channel)
        let row = lanes == vectorWidth ? load(source) : load(source, count: lanes)
        sum = multiplyAdd(FloatVector(repeating: weights[corner]), row, sum)
        corner += stride
      }
    }
    store(sum, output + channel, count: lanes)
    channel += vectorWidth
  }
}

@inline(__always)
private func add(
  _ source: UnsafePointer<Float>,
  _ place: Int32,
  _ weight: Float,
  _ sum0: inout FloatVector,
  _ sum1: inout FloatVector
) {
  let row = source + Int(place)
  let factor = FloatVector(repeating: weight)
  sum0 = multiplyAdd(factor, load(row), sum0)
  sum1 = multiplyAdd(factor, load(row + vectorWidth), sum1)
}
