#if arch(x86_64)
  import FixedPoint
  import Kernels
  import _Builtin_intrinsics.intel

  // A pair of pixels is interleaved twice, first with each other, then with zeros, which leaves
  // 256 times the pixels as 16-bit pairs without a widening across the register's halves. The sums are
  // 256 times too large and still fit: the weights of a head add up to 2¹⁵ and half a unit a sample, so that they
  // stay below 2³⁰ + 2¹⁴ a sample.

  /// Sums and stores the weighted pixels of 16 or 32 channels, and returns how many.
  ///
  /// `places` holds for each sample four places, in bytes from the first token, then the weights of the
  /// top pair and of the bottom pair, each array `padded` long.
  @_transparent
  func sumPixels(
    _ call: DeformableSampling,
    _ channel: Int,
    _ samples: Int,
    _ places: UnsafeMutablePointer<Int32>,
    _ padded: Int,
    _ output: UnsafeMutableRawPointer
  ) -> Int {
    if call.channels &- channel >= 2 &* samplingChannels {
      sumThirtyTwo(call, channel, samples, places, padded, output)
      return 2 &* samplingChannels
    }
    sumSixteen(call, channel, samples, places, padded, output)
    return samplingChannels
  }

  /// Quarters of 32 channels: 0…3 and 16…19, 4…7 and 20…23, and so on.
  private typealias Quarters = (Register, Register, Register, Register)

  @_transparent
  private func addPair(
    _ sums: inout Quarters,
    _ left: UnsafeRawPointer,
    _ right: UnsafeRawPointer,
    _ weights: Register
  ) {
    let a = load(left)
    let b = load(right)
    let low = _mm256_unpacklo_epi8(a, b)
    let high = _mm256_unpackhi_epi8(a, b)
    let zero = zeroes()
    sums.0 = add32(sums.0, multiplyPairs(_mm256_unpacklo_epi8(zero, low), weights))
    sums.1 = add32(sums.1, multiplyPairs(_mm256_unpackhi_epi8(zero, low), weights))
    sums.2 = add32(sums.2, multiplyPairs(_mm256_unpacklo_epi8(zero, high), weights))
    sums.3 = add32(sums.3, multiplyPairs(_mm256_unpackhi_epi8(zero, high), weights))
  }

  @_transparent
  private func sumThirtyTwo(
    _ call: DeformableSampling,
    _ channel: Int,
    _ samples: Int,
    _ places: UnsafeMutablePointer<Int32>,
    _ padded: Int,
    _ output: UnsafeMutableRawPointer
  ) {
    let value = call.value + channel
    var sums: Quarters = (zeroes(), zeroes(), zeroes(), zeroes())
    var sample = places
    let end = places + samples
    while sample < end {
      addPair(
        &sums,
        value + Int(sample[0]),
        value + Int(sample[padded]),
        broadcast(sample[4 &* padded])
      )
      addPair(
        &sums,
        value + Int(sample[2 &* padded]),
        value + Int(sample[3 &* padded]),
        broadcast(sample[5 &* padded])
      )
      sample += 1
    }
    let eight = bitCount(8)
    let first = shiftRight32(sums.0, eight)
    let second = shiftRight32(sums.1, eight)
    let third = shiftRight32(sums.2, eight)
    let fourth = shiftRight32(sums.3, eight)
    store(
      Register(lowHalf: first.lowHalf, highHalf: second.lowHalf),
      call,
      output,
      channel
    )
    store(
      Register(lowHalf: third.lowHalf, highHalf: fourth.lowHalf),
      call,
      output,
      channel &+ 8
    )
    store(
      Register(lowHalf: first.highHalf, highHalf: second.highHalf),
      call,
      output,
      channel &+ 16
    )
    store(
      Register(lowHalf: third.highHalf, highHalf: fourth.highHalf),
      call,
      output,
      channel &+ 24
    )
  }

  @_transparent
  private func store(
    _ sums: Register,
    _ call: DeformableSampling,
    _ output: UnsafeMutableRawPointer,
    _ channel: Int
  ) {
    storeRescaled(sums, call.outputRescale, call.zeroPoint, output, channel, call.outputElement)
  }

  @_transparent
  private func sumSixteen(
    _ call: DeformableSampling,
    _ channel: Int,
    _ samples: Int,
    _ places: UnsafeMutablePointer<Int32>,
    _ padded: Int,
    _ output: UnsafeMutableRawPointer
  ) {
    let value = call.value + channel
    var low = zeroes()
    var high = zeroes()
    var sample = places
    let end = places + samples
    while sample < end {
      let top = interleavedInt8(value + Int(sample[0]), value + Int(sample[padded]))
      let topWeights = broadcast(sample[4 &* padded])
      low = add32(low, multiplyPairs(top.low, topWeights))
      high = add32(high, multiplyPairs(top.high, topWeights))
      let bottom = interleavedInt8(
        value + Int(sample[2 &* padded]),
        value + Int(sample[3 &* padded])
      )
      let bottomWeights = broadcast(sample[5 &* padded])
      low = add32(low, multiplyPairs(bottom.low, bottomWeights))
      high = add32(high, multiplyPairs(bottom.high, bottomWeights))
      sample += 1
    }
    store(low, call, output, channel)
    store(high, call, output, channel &+ lanes)
  }
#endif
