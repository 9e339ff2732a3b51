#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  // Keys are sorted once for all queries of a call, so that a register holds a pair of channels of as many
  // keys as it has lanes; values so that it holds pairs of keys of as many channels. Scores and sums are
  // then 16-bit pair multiply-adds without a sum across lanes. Keys are padded with zeros to `keyBlock`.
  //
  //     keys             [channels / 2][padded keys] pairs of channels
  //     values           [padded keys / 2][channels] pairs of keys
  //     scores           [padded keys], one query's, later their exponentials
  //     probabilities    [padded keys] int16

  /// Keys whose scores are computed together.
  private let keyBlock = 4 * lanes

  @_transparent
  private func padded(_ keys: Int) -> Int { (keys &+ keyBlock &- 1) & ~(keyBlock &- 1) }

  @export(interface)
  public func attentionScratch(keys: Int, channels: Int) -> Int {
    padded(keys) &* (4 &* channels &+ 6)
  }

  /// `AttentionHead` of heads that fill pairs of registers; others by the reference.
  ///
  /// Sums of probabilities below 2¹⁵ lower the output's shift by one.
  @export(interface)
  public func attentionHead(_ call: AttentionHead) {
    guard call.channels > 0, call.channels % (2 &* lanes) == 0, call.outputElement != .int32,
      call.outputRescale.shift >= 27, call.outputRescale.shift <= 60, isModest(call.zeroPoint)
    else {
      scalarAttentionHead(call)
      return
    }
    let keys = padded(call.keys)
    let sortedKeys = call.scratch.assumingMemoryBound(to: Int32.self)
    let sortedValues = sortedKeys + keys &* (call.channels / 2)
    let scores = sortedValues + keys &* (call.channels / 2)
    let probabilities = UnsafeMutableRawPointer(scores + keys)
    sortKeys(call, keys, sortedKeys)
    sortValues(call, keys, sortedValues)
    var query = 0
    while query < call.queryCount {
      let channels = UnsafeRawPointer(call.query + query &* call.queryStride)
      writeScores(channels, call.channels / 2, sortedKeys, keys, scores)
      let sum = writeProbabilities(call, keys, scores, probabilities)
      let rescale = attentionRescale(call.outputRescale, bySum: sum)
      let output = call.output + query &* call.outputStride &* call.outputElement.byteCount
      var channel = 0
      while channel < call.channels {
        sumValues(call, rescale, probabilities, sortedValues, keys, channel, output)
        channel &+= 2 &* lanes
      }
      query &+= 1
    }
  }

  /// The place of a key of the valid part among all keys.
  @_transparent
  private func place(_ call: AttentionHead, _ key: Int) -> Int {
    if call.segments == 1 { return key }
    return key / call.segmentLength &* call.segmentStride &+ key % call.segmentLength
  }

  @inline(never)
  func sortKeys(_ call: AttentionHead, _ keys: Int, _ sorted: UnsafeMutablePointer<Int32>) {
    let count = call.keys
    let pairs = call.channels / 2
    var key = 0
    while key < keys {
      let isReal = key < count
      let source = UnsafeRawPointer(
        call.key + (isReal ? place(call, key) &* call.keyStride : 0)
      )
      var pair = 0
      while pair < pairs {
        sorted[pair &* keys &+ key] =
          isReal ? source.loadUnaligned(fromByteOffset: 4 &* pair, as: Int32.self) : 0
        pair &+= 1
      }
      key &+= 1
    }
  }

  @inline(never)
  func sortValues(
    _ call: AttentionHead,
    _ keys: Int,
    _ sorted: UnsafeMutablePointer<Int32>
  ) {
    let count = call.keys
    let sixteen = bitCount(16)
    let low = broadcast(0xffff)
    var output = sorted
    var key = 0
    while key < keys {
      let first = UnsafeRawPointer(
        call.value + (key < count ? place(call, key) &* call.valueStride : 0)
      )
      let second = UnsafeRawPointer(
        call.value + (key &+ 1 < count ? place(call, key &+ 1) &* call.valueStride : 0)
      )
      // Values beyond the last key count nothing, as their probability is 0.
      var channel = 0
      while channel < call.channels {
        let even = bitwiseAnd(widenInt16(first + 2 &* channel), low)
        let odd = shiftLeft32(widenInt16(second + 2 &* channel), sixteen)
        store(bitwiseOr(even, odd), output + channel)
        channel &+= lanes
      }
      output += call.channels
      key &+= 2
    }
  }

  @inline(never)
  func writeScores(
    _ query: UnsafeRawPointer,
    _ pairs: Int,
    _ sortedKeys: UnsafeMutablePointer<Int32>,
    _ keys: Int,
    _ scores: UnsafeMutablePointer<Int32>
  ) {
    var key = 0
    while key < keys {
      var sum0 = noPairs()
      var sum1 = noPairs()
      var sum2 = noPairs()
      var sum3 = noPairs()
      var row = sortedKeys + key
      var pair = 0
      while pair < pairs {
        let channels = broadcast(query.loadUnaligned(fromByteOffset: 4 &* pair, as: Int32.self))
        sum0 = addPairs(sum0, channels, load(row))
        sum1 = addPairs(sum1, channels, load(row + lanes))
        sum2 = addPairs(sum2, channels, load(row + 2 &* lanes))
        sum3 = addPairs(sum3, channels, load(row + 3 &* lanes))
        row += keys
        pair &+= 1
      }
      store(total(sum0), scores + key)
      store(total(sum1), scores + (key &+ lanes))
      store(total(sum2), scores + (key &+ 2 &* lanes))
      store(total(sum3), scores + (key &+ 3 &* lanes))
      key &+= keyBlock
    }
  }

  /// The probabilities of all keys, 0 for padding, and their sum.
  @inline(never)
  func writeProbabilities(
    _ call: AttentionHead,
    _ keys: Int,
    _ scores: UnsafeMutablePointer<Int32>,
    _ probabilities: UnsafeMutableRawPointer
  ) -> UInt32 {
    let count = call.keys
    var key = count
    while key < keys {
      scores[key] = Int32.min
      key &+= 1
    }
    var largest = broadcast(Int32.min)
    key = 0
    while key < keys {
      largest = maximum32(largest, load(scores + key))
      key &+= lanes
    }
    let maximum = broadcast(maximumOfLanes(largest))
    let scale = OctaveScale(call.scoreRescale)
    var total = zeroes()
    key = 0
    while key < keys {
      var exponentials = softmaxExponentials(load(scores + key), maximum, scale)
      if key &+ lanes > count {
        exponentials = bitwiseAnd(exponentials, lanesBelow(max(0, count &- key)))
      }
      store(exponentials, scores + key)
      total = addUnsignedLanes(total, exponentials)
      key &+= lanes
    }
    let reciprocal = Reciprocal(of: UInt64(bitPattern: sumOfLanes64(total)))
    var sums = zeroes()
    key = 0
    while key < keys {
      let quotients = softmaxQuotients(load(scores + key), reciprocal)
      sums = add32(sums, quotients)
      storeInt16(quotients, probabilities + 2 &* key)
      key &+= lanes
    }
    return UInt32(truncatingIfNeeded: sumOfLanes32(sums))
  }

  /// Sums and stores two registers of channels.
  @inline(never)
  func sumValues(
    _ call: AttentionHead,
    _ rescale: Rescale,
    _ probabilities: UnsafeMutableRawPointer,
    _ sortedValues: UnsafeMutablePointer<Int32>,
    _ keys: Int,
    _ channel: Int,
    _ output: UnsafeMutableRawPointer
  ) {
    var left0 = noPairs()
    var right0 = noPairs()
    var left1 = noPairs()
    var right1 = noPairs()
    var row = sortedValues + channel
    var offset = 0
    while offset < 2 &* keys {
      let first = broadcast(probabilities.loadUnaligned(fromByteOffset: offset, as: Int32.self))
      left0 = addPairs(left0, first, load(row))
      right0 = addPairs(right0, first, load(row + lanes))
      row += call.channels
      let second = broadcast(
        probabilities.loadUnaligned(fromByteOffset: offset &+ 4, as: Int32.self)
      )
      left1 = addPairs(left1, second, load(row))
      right1 = addPairs(right1, second, load(row + lanes))
      row += call.channels
      offset &+= 8
    }
    let left = add32(total(left0), total(left1))
    let right = add32(total(right0), total(right1))
    storeRescaled(left, rescale, call.zeroPoint, output, channel, call.outputElement)
    storeRescaled(right, rescale, call.zeroPoint, output, channel &+ lanes, call.outputElement)
  }

  /// Rescales sums, adds the zero point, limits to the element and stores.
  @_transparent
  func storeRescaled(
    _ sums: Register,
    _ rescale: Rescale,
    _ zeroPoint: Int32,
    _ output: UnsafeMutableRawPointer,
    _ channel: Int,
    _ element: KernelElement
  ) {
    let half = broadcast64(1 &<< Int64(rescale.shift &- 1))
    let product = products(sums, broadcast(rescale.multiplier), half)
    let scaled = shiftedLimited(product.even, product.odd, rescale.shift)
    let number = add32(scaled, broadcast(zeroPoint))
    narrow(limited(number, element.lowest, element.highest), output, channel, element)
  }
#endif
