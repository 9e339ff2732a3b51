#if arch(x86_64)
  import Kernels

  /// Sums and stores the weighted pixels of 32 channels, and returns that number.
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
    let value = call.value + channel
    var low = zeroes()
    var high = zeroes()
    var sample = 0
    while sample < samples {
      let top = interleavedInt8(
        value + Int(places[sample]),
        value + Int(places[padded &+ sample])
      )
      let topWeights = broadcast(places[4 &* padded &+ sample])
      low = add32(low, multiplyPairs(top.low, topWeights))
      high = add32(high, multiplyPairs(top.high, topWeights))
      let bottom = interleavedInt8(
        value + Int(places[2 &* padded &+ sample]),
        value + Int(places[3 &* padded &+ sample])
      )
      let bottomWeights = broadcast(places[5 &* padded &+ sample])
      low = add32(low, multiplyPairs(bottom.low, bottomWeights))
      high = add32(high, multiplyPairs(bottom.high, bottomWeights))
      sample &+= 1
    }
    let ordered = inOrder(low, high)
    let rescale = call.outputRescale
    let element = call.outputElement
    storeRescaled(ordered.first, rescale, call.zeroPoint, output, channel, element)
    storeRescaled(ordered.second, rescale, call.zeroPoint, output, channel &+ lanes, element)
    return samplingChannels
  }
#endif
