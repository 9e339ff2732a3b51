#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  /// Sums and stores the weighted pixels of ``samplingChannels`` channels, and returns that number.
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
    var low = noPairs()
    var high = noPairs()
    var sample = 0
    while sample < samples {
      let top = interleavedInt8(
        value + Int(places[sample]),
        value + Int(places[padded &+ sample])
      )
      let topWeights = broadcast(places[4 &* padded &+ sample])
      low = addPairs(low, top.low, topWeights)
      high = addPairs(high, top.high, topWeights)
      let bottom = interleavedInt8(
        value + Int(places[2 &* padded &+ sample]),
        value + Int(places[3 &* padded &+ sample])
      )
      let bottomWeights = broadcast(places[5 &* padded &+ sample])
      low = addPairs(low, bottom.low, bottomWeights)
      high = addPairs(high, bottom.high, bottomWeights)
      sample &+= 1
    }
    let ordered = inOrder(total(low), total(high))
    let rescale = call.outputRescale
    let element = call.outputElement
    storeRescaled(ordered.first, rescale, call.zeroPoint, output, channel, element)
    storeRescaled(ordered.second, rescale, call.zeroPoint, output, channel &+ lanes, element)
    return samplingChannels
  }
#endif
