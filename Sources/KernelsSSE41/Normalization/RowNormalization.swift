#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  /// `RowNormalization` of rows that fill whole registers; others by the reference.
  ///
  /// With at most 16384 channels, count · x − sum stays below 2³⁰ and is computed in 32 bits.
  @export(interface)
  public func rowNormalization(_ call: RowNormalization) {
    let outputShift = LayerNormalization.fractionBits &+ call.fractionBits
    guard call.channels & (2 &* lanes &- 1) == 0, call.channels <= 16384, outputShift >= 32,
      outputShift <= 62
    else {
      scalarRowNormalization(call)
      return
    }
    let rowBytes = call.channels &* call.outputElement.byteCount
    var row = 0
    while row < call.rows {
      let input = UnsafeRawPointer(call.input + row &* call.channels)
      let output = call.output + row &* rowBytes
      let normalization = rowNormalizationFactors(
        rowStatistics(input, call.channels),
        scaledEpsilon: call.scaledEpsilon
      )
      if normalization.multiplier < 0x8000_0000 {
        normalizeRow(call, normalization, input, output, outputShift)
      } else {
        // 2³¹ is negative as a signed factor.
        var single = call
        single.input += row &* call.channels
        single.output = output
        single.rows = 1
        scalarRowNormalization(single)
      }
      row &+= 1
    }
  }

  @_transparent
  private func rowStatistics(_ input: UnsafeRawPointer, _ channels: Int) -> NormalizationStatistics
  {
    let ones = broadcast(0x0001_0001)
    var sums = noPairs()
    var squares = zeroes()
    var offset = 0
    while offset < 2 &* channels {
      let pairs = load(input + offset)
      sums = addPairs(sums, pairs, ones)
      // Two squares make up to 2³¹, so that lanes are unsigned.
      squares = addUnsignedLanes(squares, multiplyPairs(pairs, pairs))
      offset &+= 4 &* lanes
    }
    return NormalizationStatistics(
      count: UInt32(truncatingIfNeeded: channels),
      sum: sumOfLanes32(total(sums)),
      sumOfSquares: UInt64(bitPattern: sumOfLanes64(squares))
    )
  }

  @_transparent
  private func normalizeRow(
    _ call: RowNormalization,
    _ normalization: LayerNormalization,
    _ input: UnsafeRawPointer,
    _ output: UnsafeMutableRawPointer,
    _ outputShift: Int32
  ) {
    let count = broadcast(normalization.count)
    let sum = broadcast(Int32(truncatingIfNeeded: normalization.sum))
    let multiplier = broadcast(Int32(bitPattern: normalization.multiplier))
    let half = broadcast64(1 &<< Int64(normalization.shift &- 1))
    let outputHalf = broadcast64(1 &<< Int64(outputShift &- 1))
    let one = broadcast(1 << 22)
    let lowest = call.outputElement.lowest
    let highest = call.outputElement.highest
    var channel = 0
    while channel < call.channels {
      let number = widenInt16(input + 2 &* channel)
      let centred = subtract32(multiplyLow32(number, count), sum)
      let product = products(centred, multiplier, half)
      let score = shiftedLow(product.even, product.odd, normalization.shift)
      let offset = products(load(call.bias + channel), one, outputHalf)
      let gain = load(call.gain + channel)
      let even = add64(multiplyEven(score, gain), offset.even)
      let odd = add64(multiplyEven(oddLanes(score), oddLanes(gain)), offset.odd)
      let result = shiftRight32(upperHalves(even, odd), bitCount(outputShift &- 32))
      narrow(limited(result, lowest, highest), output, channel, call.outputElement)
      channel &+= lanes
    }
  }
#endif
