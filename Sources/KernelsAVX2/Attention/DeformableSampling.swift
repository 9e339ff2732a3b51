#if arch(x86_64)
  import FixedPoint
  import Kernels

  // First the pixels and weights of all samples of a query, a sample a lane; then for each sample two
  // pairs of pixels, left and right, each pair times its two weights in one 16-bit multiply-add.
  // Pixels outside of the map are replaced by ones inside with the weight 0.

  /// The arrays in scratch memory, each with room for whole registers.
  ///
  ///     levels    for each sample: width, height, first token, base x, base y, span x, span y
  ///     scores    exponentials of the logits
  ///     tokens    for each sample: top left, top right, bottom left, bottom right
  ///     weights   for each sample: top pair, bottom pair
  private let arrays = 15

  @export(interface)
  public func samplingScratch(samples: Int) -> Int {
    max((samples &+ 15) & ~15 &* 4 &* arrays, samples &* 48)
  }

  /// `DeformableSampling` of int8 values whose heads fill whole registers; others by the reference.
  @export(interface)
  public func deformableSampling(_ call: DeformableSampling) {
    guard call.valueElement == .int8, call.channels > 0, call.channels % samplingChannels == 0,
      call.outputElement != .int32,
      hasVectorRounding(
        shift: call.outputRescale.shift,
        zeroPoint: call.zeroPoint,
        call.outputElement
      )
    else {
      scalarDeformableSampling(call)
      return
    }
    let samples = call.levelCount &* call.points
    let padded = (samples &+ 15) & ~15
    let arrays = call.scratch.assumingMemoryBound(to: Int32.self)
    writeLevels(call, samples, padded, arrays)
    var query = 0
    while query < call.queryCount {
      writeBases(call, query, padded, arrays)
      writeSamples(call, query, samples, padded, arrays)
      let output = call.output + query &* call.outputStride &* call.outputElement.byteCount
      var channel = 0
      while channel < call.channels {
        sumPixels(call, channel, samples, arrays + 8 &* padded, padded, output)
        channel &+= samplingChannels
      }
      query &+= 1
    }
  }

  @_transparent
  private func writeLevels(
    _ call: DeformableSampling,
    _ samples: Int,
    _ padded: Int,
    _ arrays: UnsafeMutablePointer<Int32>
  ) {
    var sample = 0
    var level = 0
    while level < call.levelCount {
      let map = call.levels[level]
      let end = sample &+ call.points
      while sample < end {
        arrays[sample] = map.width
        arrays[padded &+ sample] = map.height
        arrays[2 &* padded &+ sample] = Int32(truncatingIfNeeded: map.firstToken)
        sample &+= 1
      }
      level &+= 1
    }
    // Lanes without a sample see a map of one pixel.
    while sample < padded {
      arrays[sample] = 1
      arrays[padded &+ sample] = 1
      arrays[2 &* padded &+ sample] = 0
      sample &+= 1
    }
  }

  @_transparent
  private func writeBases(
    _ call: DeformableSampling,
    _ query: Int,
    _ padded: Int,
    _ arrays: UnsafeMutablePointer<Int32>
  ) {
    let bases = call.bases + query &* call.levelCount &* 2
    var sample = 0
    var level = 0
    while level < call.levelCount {
      let end = sample &+ call.points
      let x = bases[2 &* level]
      let y = bases[2 &* level &+ 1]
      while sample < end {
        arrays[3 &* padded &+ sample] = x
        arrays[4 &* padded &+ sample] = y
        sample &+= 1
      }
      level &+= 1
    }
    guard let spans = call.spans else { return }
    sample = 0
    level = 0
    while level < call.levelCount {
      let end = sample &+ call.points
      let x = spans[(query &* call.levelCount &+ level) &* 2]
      let y = spans[(query &* call.levelCount &+ level) &* 2 &+ 1]
      while sample < end {
        arrays[5 &* padded &+ sample] = x
        arrays[6 &* padded &+ sample] = y
        sample &+= 1
      }
      level &+= 1
    }
  }

  @_transparent
  private func writeSamples(
    _ call: DeformableSampling,
    _ query: Int,
    _ samples: Int,
    _ padded: Int,
    _ arrays: UnsafeMutablePointer<Int32>
  ) {
    let logits = UnsafeRawPointer(call.logits + query &* call.logitStride)
    let offsets = UnsafeRawPointer(call.offsets + query &* call.offsetStride)
    let exponentials = arrays + 7 &* padded
    var largest = broadcast(Int32.min)
    var sample = 0
    while sample < samples {
      largest = maximum32(largest, firstInt16(logits + 2 &* sample, samples &- sample, Int32.min))
      sample &+= lanes
    }
    let maximum = broadcast(maximumOfLanes(largest))
    let scale = OctaveScale(call.logitRescale)
    var sums = zeroes()
    sample = 0
    while sample < samples {
      let scores = firstInt16(logits + 2 &* sample, samples &- sample, 0)
      let all = softmaxExponentials(scores, maximum, scale)
      let own = bitwiseAnd(all, lanesBelow(samples &- sample))
      store(own, exponentials + sample)
      sums = addUnsignedLanes(sums, own)
      sample &+= lanes
    }
    let reciprocal = Reciprocal(of: UInt64(bitPattern: sumOfLanes64(sums)))
    sample = 0
    while sample < samples {
      let weights = softmaxQuotients(load(exponentials + sample), reciprocal)
      let offset = firstPairs(offsets + 4 &* sample, samples &- sample)
      writePixels(call, weights, offset, padded, arrays + sample)
      sample &+= lanes
    }
  }

  /// The tokens and weights of one register of samples.
  @_transparent
  private func writePixels(
    _ call: DeformableSampling,
    _ weight: Register,
    _ offset: Register,
    _ padded: Int,
    _ arrays: UnsafeMutablePointer<Int32>
  ) {
    let sixteen = bitCount(16)
    let one = broadcast(1)
    let zero = zeroes()
    var x = rescaled(shiftRight32(shiftLeft32(offset, sixteen), sixteen), call.offsetRescale)
    var y = rescaled(shiftRight32(offset, sixteen), call.offsetRescale)
    if call.spans != nil {
      x = scaled(x, load(arrays + 5 &* padded))
      y = scaled(y, load(arrays + 6 &* padded))
    }
    x = add32(x, load(arrays + 3 &* padded))
    y = add32(y, load(arrays + 4 &* padded))
    let column = shiftRight32(x, sixteen)
    let row = shiftRight32(y, sixteen)
    let fraction = broadcast(0x7fff)
    let fractionX = bitwiseAnd(shiftRightUnsigned32(x, bitCount(1)), fraction)
    let fractionY = bitwiseAnd(shiftRightUnsigned32(y, bitCount(1)), fraction)
    let bottom = multiplyRounding(weight, fractionY)
    let top = subtract32(weight, bottom)
    let topRight = multiplyRounding(top, fractionX)
    let topLeft = subtract32(top, topRight)
    let bottomRight = multiplyRounding(bottom, fractionX)
    let bottomLeft = subtract32(bottom, bottomRight)

    let width = load(arrays)
    let lastColumn = subtract32(width, one)
    let lastRow = subtract32(load(arrays + padded), one)
    let nextColumn = add32(column, one)
    let nextRow = add32(row, one)
    let left = minimum32(maximum32(column, zero), lastColumn)
    let right = minimum32(maximum32(nextColumn, zero), lastColumn)
    let above = minimum32(maximum32(row, zero), lastRow)
    let below = minimum32(maximum32(nextRow, zero), lastRow)
    let hasLeft = equal32(left, column)
    let hasRight = equal32(right, nextColumn)
    let hasAbove = equal32(above, row)
    let hasBelow = equal32(below, nextRow)
    let first = load(arrays + 2 &* padded)
    let aboveStart = add32(first, multiplyLow32(above, width))
    let belowStart = add32(first, multiplyLow32(below, width))

    let tokens = arrays + 8 &* padded
    store(add32(aboveStart, left), tokens)
    store(add32(aboveStart, right), tokens + padded)
    store(add32(belowStart, left), tokens + 2 &* padded)
    store(add32(belowStart, right), tokens + 3 &* padded)
    let topPair = bitwiseOr(
      bitwiseAnd(topLeft, hasLeft),
      shiftLeft32(bitwiseAnd(topRight, hasRight), sixteen)
    )
    let bottomPair = bitwiseOr(
      bitwiseAnd(bottomLeft, hasLeft),
      shiftLeft32(bitwiseAnd(bottomRight, hasRight), sixteen)
    )
    store(bitwiseAnd(topPair, hasAbove), tokens + 4 &* padded)
    store(bitwiseAnd(bottomPair, hasBelow), tokens + 5 &* padded)
  }

  /// `Rescale.apply`, whose result wraps in 32 bits.
  @_transparent
  private func rescaled(_ numbers: Register, _ rescale: Rescale) -> Register {
    let half = broadcast64(1 &<< Int64(rescale.shift &- 1))
    let product = products(numbers, broadcast(rescale.multiplier), half)
    return shiftedLow(product.even, product.odd, rescale.shift)
  }

  /// An offset in multiples of a side, both with 16 fraction bits, rounded half up.
  @_transparent
  private func scaled(_ offsets: Register, _ spans: Register) -> Register {
    let product = products(offsets, spans, broadcast64(0x8000))
    return shiftedLow(product.even, product.odd, 16)
  }

  /// Sums and stores the weighted pixels of ``samplingChannels`` channels.
  @_transparent
  private func sumPixels(
    _ call: DeformableSampling,
    _ channel: Int,
    _ samples: Int,
    _ tokens: UnsafeMutablePointer<Int32>,
    _ padded: Int,
    _ output: UnsafeMutableRawPointer
  ) {
    let value = call.value + channel
    let stride = call.valueStride
    var low = zeroes()
    var high = zeroes()
    var sample = 0
    while sample < samples {
      let top = interleavedInt8(
        value + Int(tokens[sample]) &* stride,
        value + Int(tokens[padded &+ sample]) &* stride
      )
      let topWeights = broadcast(tokens[4 &* padded &+ sample])
      low = add32(low, multiplyPairs(top.low, topWeights))
      high = add32(high, multiplyPairs(top.high, topWeights))
      let bottom = interleavedInt8(
        value + Int(tokens[2 &* padded &+ sample]) &* stride,
        value + Int(tokens[3 &* padded &+ sample]) &* stride
      )
      let bottomWeights = broadcast(tokens[5 &* padded &+ sample])
      low = add32(low, multiplyPairs(bottom.low, bottomWeights))
      high = add32(high, multiplyPairs(bottom.high, bottomWeights))
      sample &+= 1
    }
    let ordered = inOrder(low, high)
    storeRescaled(ordered.first, call, output, channel)
    storeRescaled(ordered.second, call, output, channel &+ lanes)
  }

  @_transparent
  private func storeRescaled(
    _ sums: Register,
    _ call: DeformableSampling,
    _ output: UnsafeMutableRawPointer,
    _ channel: Int
  ) {
    let rescale = call.outputRescale
    let half = broadcast64(1 &<< Int64(rescale.shift &- 1))
    let product = products(sums, broadcast(rescale.multiplier), half)
    let number = add32(
      shiftedLimited(product.even, product.odd, rescale.shift),
      broadcast(call.zeroPoint)
    )
    narrow(
      limited(number, call.outputElement.lowest, call.outputElement.highest),
      output,
      channel,
      call.outputElement
    )
  }
#endif
