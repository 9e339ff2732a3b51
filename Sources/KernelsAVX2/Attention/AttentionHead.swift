#if X86 && arch(x86_64) || ARM && (arch(arm64) || arch(arm))
  import FixedPoint
  import Kernels

  // Keys are sorted once for all queries of a call, so that a register holds a pair of channels of as many
  // keys as it has lanes; values so that it holds pairs of keys of as many channels. Scores and sums are
  // then 16-bit pair multiply-adds without a sum across lanes. Keys are padded with zeros to `keyBlock`. Four
  // queries go together, so that keys and values, which leave no room in the first-level cache, are
  // loaded once for all of them.
  //
  //     keys             [channels / 2][padded keys] pairs of channels
  //     values           [padded keys / 2][channels] pairs of keys
  //     scores           [4][padded keys], later their exponentials
  //     probabilities    [4][padded keys] int16

  /// Keys come in multiples of this.
  private let keyBlock = 4 * lanes

  /// Queries that go together.
  private let queryBlock = 4

  @_transparent
  private func padded(_ keys: Int) -> Int { (keys &+ keyBlock &- 1) & ~(keyBlock &- 1) }

  @export(interface)
  public func attentionScratch(keys: Int, channels: Int, valueChannels: Int) -> Int {
    padded(keys) &* (2 &* channels &+ 2 &* valueChannels &+ 6 &* queryBlock)
  }

  /// `AttentionHead` of heads that fill pairs of registers; others by the reference.
  ///
  /// Sums of probabilities below 2¹⁵ lower the output's shift by one.
  @export(interface)
  public func attentionHead(_ call: AttentionHead) {
    guard call.channels > 0, call.channels % (2 &* lanes) == 0, call.valueChannels > 0,
      call.valueChannels % (2 &* lanes) == 0, call.outputElement != .int32,
      call.rowBias == nil || call.scoreRescale.shift >= 32 && call.scoreRescale.shift <= 62,
      call.outputRescale.shift >= 27, call.outputRescale.shift <= 60, isModest(call.zeroPoint)
    else {
      scalarAttentionHead(call)
      return
    }
    let keys = padded(call.keys)
    let sortedKeys = call.scratch.assumingMemoryBound(to: Int32.self)
    let sortedValues = sortedKeys + keys &* (call.channels / 2)
    let scores = sortedValues + keys &* (call.valueChannels / 2)
    let probabilities = UnsafeMutableRawPointer(scores + queryBlock &* keys)
    if !call.hasKeys { sortKeys(call, keys, sortedKeys) }
    if !(call.hasKeys && call.hasValues) { sortValues(call, keys, sortedValues) }
    var first = 0
    while first < call.queryCount {
      let count = min(queryBlock, call.queryCount &- first)
      writeScores(call, first, count &- 1, sortedKeys, keys, scores)
      var query = 0
      while query < count {
        if call.rowBias != nil { addBias(call, first &+ query, keys, scores + query &* keys) }
        let sum = writeProbabilities(
          call,
          keys,
          scores + query &* keys,
          probabilities + 2 &* query &* keys
        )
        // The scores have become probabilities; their place takes the sum.
        scores[query &* keys] = Int32(truncatingIfNeeded: sum)
        query &+= 1
      }
      var channel = 0
      while channel < call.valueChannels {
        sumValues(call, first, count, scores, probabilities, sortedValues, keys, channel)
        channel &+= 2 &* lanes
      }
      first &+= count
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
      while channel < call.valueChannels {
        let even = bitwiseAnd(widenInt16(first + 2 &* channel), low)
        let odd = shiftLeft32(widenInt16(second + 2 &* channel), sixteen)
        store(bitwiseOr(even, odd), output + channel)
        channel &+= lanes
      }
      output += call.valueChannels
      key &+= 2
    }
  }

  /// The scores of four queries from `first` on; those after `last` repeat it.
  @inline(never)
  func writeScores(
    _ call: AttentionHead,
    _ first: Int,
    _ last: Int,
    _ sortedKeys: UnsafeMutablePointer<Int32>,
    _ keys: Int,
    _ scores: UnsafeMutablePointer<Int32>
  ) {
    let start = call.query + first &* call.queryStride
    let query0 = UnsafeRawPointer(start)
    let query1 = UnsafeRawPointer(start + min(1, last) &* call.queryStride)
    let query2 = UnsafeRawPointer(start + min(2, last) &* call.queryStride)
    let query3 = UnsafeRawPointer(start + min(3, last) &* call.queryStride)
    let end = 2 &* call.channels
    var key = 0
    while key < keys {
      var row0 = emptyAttentionSums()
      var row1 = emptyAttentionSums()
      var row2 = emptyAttentionSums()
      var row3 = emptyAttentionSums()
      var row = sortedKeys + key
      var offset = 0
      while offset < end {
        let left = load(row)
        let right = load(row + lanes)
        accumulateScores(&row0, query0 + offset, left, right)
        accumulateScores(&row1, query1 + offset, left, right)
        accumulateScores(&row2, query2 + offset, left, right)
        accumulateScores(&row3, query3 + offset, left, right)
        row += keys
        offset &+= 4
      }
      writeScores(row0, scores + key)
      writeScores(row1, scores + (keys &+ key))
      writeScores(row2, scores + (2 &* keys &+ key))
      writeScores(row3, scores + (3 &* keys &+ key))
      key &+= 2 &* lanes
    }
  }

  /// Sums of two registers.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  private typealias AttentionSums = (left: PairSums, right: PairSums)

  @_transparent
  private func emptyAttentionSums() -> AttentionSums { (left: noPairs(), right: noPairs()) }

  /// Adds the products of a 16-bit pair with two registers of pairs.
  @_transparent
  private func accumulateScores(
    _ sums: inout AttentionSums,
    _ pair: UnsafeRawPointer,
    _ left: Register,
    _ right: Register
  ) {
    let factors = broadcast(pair.loadUnaligned(as: Int32.self))
    sums.left = addPairs(sums.left, factors, left)
    sums.right = addPairs(sums.right, factors, right)
  }

  @_transparent
  private func writeScores(_ sums: AttentionSums, _ destination: UnsafeMutablePointer<Int32>) {
    store(total(sums.left), destination)
    store(total(sums.right), destination + lanes)
  }

  /// Turns the scores of a query into octaves and adds what its row and column biases say.
  @inline(never)
  func addBias(
    _ call: AttentionHead,
    _ query: Int,
    _ keys: Int,
    _ scores: UnsafeMutablePointer<Int32>
  ) {
    guard let rows = call.rowBias, let columns = call.columnBias else { return }
    let shift = call.scoreRescale.shift
    let multiplier = broadcast(call.scoreRescale.multiplier)
    let half = broadcast64(1 &<< Int64(shift &- 1))
    var key = 0
    while key < keys {
      let product = products(load(scores + key), multiplier, half)
      let octaves = shiftedLimited(product.even, product.odd, shift)
      store(limited(octaves, -(1 &<< 29), 1 &<< 29), scores + key)
      key &+= lanes
    }
    let length = call.segmentLength
    var destination = scores
    var segment = 0
    while segment < call.segments {
      let row = rows[query &* call.segments &+ segment]
      let line = call.columnBiasRows == 1 ? query : query &* call.segments &+ segment
      let column = columns + line &* length
      let addend = broadcast(row)
      var place = 0
      while place &+ lanes <= length {
        let bias = add32(load(column + place), addend)
        store(add32(load(destination + place), bias), destination + place)
        place &+= lanes
      }
      while place < length {
        destination[place] = destination[place] &+ row &+ column[place]
        place &+= 1
      }
      destination += length
      segment &+= 1
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
    let scale = OctaveScale(
      call.rowBias == nil ? call.scoreRescale : Rescale(multiplier: 1 &<< 30, shift: 30)
    )
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

  /// Sums and stores two registers of channels of up to four queries from `first` on.
  ///
  /// `totals` is [4][keys], the first number of each row is the sum of a query's probabilities.
  @inline(never)
  func sumValues(
    _ call: AttentionHead,
    _ first: Int,
    _ count: Int,
    _ totals: UnsafeMutablePointer<Int32>,
    _ probabilities: UnsafeMutableRawPointer,
    _ sortedValues: UnsafeMutablePointer<Int32>,
    _ keys: Int,
    _ channel: Int
  ) {
    let rowBytes = 2 &* keys
    let query0 = UnsafeRawPointer(probabilities)
    let query1 = query0 + min(1, count &- 1) &* rowBytes
    let query2 = query0 + min(2, count &- 1) &* rowBytes
    let query3 = query0 + min(3, count &- 1) &* rowBytes
    var row0 = emptyAttentionSums()
    var row1 = emptyAttentionSums()
    var row2 = emptyAttentionSums()
    var row3 = emptyAttentionSums()
    var row = sortedValues + channel
    var offset = 0
    while offset < rowBytes {
      let left = load(row)
      let right = load(row + lanes)
      accumulateScores(&row0, query0 + offset, left, right)
      accumulateScores(&row1, query1 + offset, left, right)
      accumulateScores(&row2, query2 + offset, left, right)
      accumulateScores(&row3, query3 + offset, left, right)
      row += call.valueChannels
      offset &+= 4
    }
    finish(call, row0, first, totals, channel)
    if count > 1 { finish(call, row1, first &+ 1, totals + keys, channel) }
    if count > 2 { finish(call, row2, first &+ 2, totals + 2 &* keys, channel) }
    if count > 3 { finish(call, row3, first &+ 3, totals + 3 &* keys, channel) }
  }

  @_transparent
  private func finish(
    _ call: AttentionHead,
    _ sums: AttentionSums,
    _ query: Int,
    _ weight: UnsafeMutablePointer<Int32>,
    _ channel: Int
  ) {
    let rescale = attentionRescale(
      call.outputRescale,
      bySum: UInt32(truncatingIfNeeded: weight.pointee)
    )
    let output = call.output + query &* call.outputStride &* call.outputElement.byteCount
    let element = call.outputElement
    storeRescaled(total(sums.left), rescale, call.zeroPoint, output, channel, element)
    storeRescaled(total(sums.right), rescale, call.zeroPoint, output, channel &+ lanes, element)
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
