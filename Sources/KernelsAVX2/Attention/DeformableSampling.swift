#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  // First the pixels and weights of all samples of some queries, a sample a lane; then for each sample
  // two pairs of pixels, left and right, each pair times its two weights in one 16-bit multiply-add.
  // Pixels outside of the map are replaced by ones inside with the weight 0. Several queries go together so
  // that one's long chain from logits to addresses runs beside the others'.

  /// Queries whose samples are prepared together.
  private let batch = 8

  // The arrays in scratch memory, each with room for whole registers.
  //
  //     for all queries   width, height, first token and place of the base of each sample
  //     for each query    exponentials; places top left, top right, bottom left, bottom right, in
  //                       bytes from the first token; weights of the top pair and of the bottom pair
  private let levelArrays = 4
  private let queryArrays = 7

  @export(interface)
  public func samplingScratch(samples: Int) -> Int {
    max((samples &+ 15) & ~15 &* 4 &* (levelArrays &+ batch &* queryArrays), samples &* 48)
  }

  /// `DeformableSampling` of int8 values whose heads fill whole registers, with at most
  /// ``samplingLevels`` levels, in less than 2 GiB; others by the reference.
  @export(interface)
  public func deformableSampling(_ call: DeformableSampling) {
    guard call.valueElement == .int8, call.channels > 0, call.channels % samplingChannels == 0,
      call.levelCount <= samplingLevels, call.outputElement != .int32, isWithinLanes(call),
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
    let levels = call.scratch.assumingMemoryBound(to: Int32.self)
    writeLevels(call, samples, padded, levels)
    let arrays = levels + levelArrays &* padded
    var first = 0
    while first < call.queryCount {
      let end = min(first &+ batch, call.queryCount)
      var query = first
      var own = arrays
      while query < end {
        writeSamples(call, query, samples, padded, levels, own)
        own += queryArrays &* padded
        query &+= 1
      }
      query = first
      own = arrays
      while query < end {
        let output = call.output + query &* call.outputStride &* call.outputElement.byteCount
        var channel = 0
        while channel < call.channels {
          channel &+= sumPixels(call, channel, samples, own + padded, padded, output)
        }
        own += queryArrays &* padded
        query &+= 1
      }
      first = end
    }
  }

  /// Whether the places of all pixels, and the products that the sums are made of, fit 32 bits.
  @_transparent
  private func isWithinLanes(_ call: DeformableSampling) -> Bool {
    let level = call.levels[call.levelCount &- 1]
    let tokens = level.firstToken &+ Int(level.height) &* Int(level.width)
    return tokens <= (1 << 31 &- 1) / max(call.valueStride, 1)
      && call.levelCount &* call.points <= 1 << 14
  }

  @_transparent
  private func writeLevels(
    _ call: DeformableSampling,
    _ samples: Int,
    _ padded: Int,
    _ levels: UnsafeMutablePointer<Int32>
  ) {
    var sample = 0
    var level = 0
    while level < call.levelCount {
      let map = call.levels[level]
      let end = sample &+ call.points
      while sample < end {
        levels[sample] = map.width
        levels[padded &+ sample] = map.height
        levels[2 &* padded &+ sample] = Int32(truncatingIfNeeded: map.firstToken)
        levels[3 &* padded &+ sample] = Int32(truncatingIfNeeded: 2 &* level)
        sample &+= 1
      }
      level &+= 1
    }
    // Lanes without a sample see a map of one pixel.
    while sample < padded {
      levels[sample] = 1
      levels[padded &+ sample] = 1
      levels[2 &* padded &+ sample] = 0
      levels[3 &* padded &+ sample] = 0
      sample &+= 1
    }
  }

  @_transparent
  private func writeSamples(
    _ call: DeformableSampling,
    _ query: Int,
    _ samples: Int,
    _ padded: Int,
    _ levels: UnsafeMutablePointer<Int32>,
    _ arrays: UnsafeMutablePointer<Int32>
  ) {
    let logits = UnsafeRawPointer(call.logits + query &* call.logitStride)
    let offsets = UnsafeRawPointer(call.offsets + query &* call.offsetStride)
    let pairs = 2 &* call.levelCount
    let bases = levelPairs(call.bases + query &* pairs, pairs)
    let spans = call.spans.map { levelPairs($0 + query &* pairs, pairs) } ?? noLevelPairs()
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
      store(own, arrays + sample)
      sums = addUnsignedLanes(sums, own)
      sample &+= lanes
    }
    let reciprocal = Reciprocal(of: UInt64(bitPattern: sumOfLanes64(sums)))
    sample = 0
    while sample < samples {
      let weights = softmaxQuotients(load(arrays + sample), reciprocal)
      let offset = firstPairs(offsets + 4 &* sample, samples &- sample)
      writePixels(call, weights, offset, bases, spans, padded, levels + sample, arrays + sample)
      sample &+= lanes
    }
  }

  /// The places and weights of one register of samples.
  @_transparent
  private func writePixels(
    _ call: DeformableSampling,
    _ weight: Register,
    _ offset: Register,
    _ bases: LevelPairs,
    _ spans: LevelPairs,
    _ padded: Int,
    _ levels: UnsafeMutablePointer<Int32>,
    _ arrays: UnsafeMutablePointer<Int32>
  ) {
    let sixteen = bitCount(16)
    let one = broadcast(1)
    let zero = zeroes()
    var x = rescaled(shiftRight32(shiftLeft32(offset, sixteen), sixteen), call.offsetRescale)
    var y = rescaled(shiftRight32(offset, sixteen), call.offsetRescale)
    let place = load(levels + 3 &* padded)
    let nextPlace = add32(place, one)
    if call.spans != nil {
      x = scaled(x, pickLanes(spans, place))
      y = scaled(y, pickLanes(spans, nextPlace))
    }
    x = add32(x, pickLanes(bases, place))
    y = add32(y, pickLanes(bases, nextPlace))
    if call.isDiscrete {
      x = pixelOnly(x, load(levels))
      y = pixelOnly(y, load(levels + padded))
    }
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

    let width = load(levels)
    let lastColumn = subtract32(width, one)
    let lastRow = subtract32(load(levels + padded), one)
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
    let first = load(levels + 2 &* padded)
    let aboveStart = add32(first, multiplyLow32(above, width))
    let belowStart = add32(first, multiplyLow32(below, width))

    let places = arrays + padded
    let stride = broadcast(Int32(truncatingIfNeeded: call.valueStride))
    store(multiplyLow32(add32(aboveStart, left), stride), places)
    store(multiplyLow32(add32(aboveStart, right), stride), places + padded)
    store(multiplyLow32(add32(belowStart, left), stride), places + 2 &* padded)
    store(multiplyLow32(add32(belowStart, right), stride), places + 3 &* padded)
    let topPair = bitwiseOr(
      bitwiseAnd(topLeft, hasLeft),
      shiftLeft32(bitwiseAnd(topRight, hasRight), sixteen)
    )
    let bottomPair = bitwiseOr(
      bitwiseAnd(bottomLeft, hasLeft),
      shiftLeft32(bitwiseAnd(bottomRight, hasRight), sixteen)
    )
    store(bitwiseAnd(topPair, hasAbove), places + 4 &* padded)
    store(bitwiseAnd(bottomPair, hasBelow), places + 5 &* padded)
  }

  /// The one pixel of a discrete point, moved into the map, with 16 fraction bits that are zero.
  @_transparent
  private func pixelOnly(_ location: Register, _ size: Register) -> Register {
    let sixteen = bitCount(16)
    let one = broadcast(1)
    let next = add32(shiftRight32(location, sixteen), one)
    return shiftLeft32(minimum32(maximum32(next, zeroes()), subtract32(size, one)), sixteen)
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
#endif
