import FixedPoint

/// Scratch of the reference: the scores and the probabilities of one query.
func scalarAttentionScratch(keys: Int, channels: Int, valueChannels: Int) -> Int {
  (keys &* 4 &+ 63) & ~63 &+ keys &* 2
}

/// The reference: one query after the other, its probabilities in scratch memory.
@export(interface)
public func scalarAttentionHead(_ call: AttentionHead) {
  let keys = call.keys
  let scores = call.scratch.assumingMemoryBound(to: Int32.self)
  let probabilities = (call.scratch + ((keys &* 4 &+ 63) & ~63)).assumingMemoryBound(to: Int16.self)
  var index = 0
  while index < call.queryCount {
    let query = call.query + index &* call.queryStride
    writeScores(call, query, scores)
    if call.rowBias != nil { addBias(call, index, scores) }
    let total = softmaxRow(
      scores: scores,
      count: keys,
      toOctaves: call.rowBias == nil ? call.scoreRescale : octaveRescale,
      probabilities: probabilities
    )
    let rescale = call.outputRescale.normalized(bySum: total)
    let start = index &* call.outputStride &* call.outputElement.byteCount
    withLanes { sums, _ in
      var channel = 0
      while channel < call.valueChannels {
        let count = min(16, call.valueChannels &- channel)
        sumValues(call, probabilities, channel, count, sums)
        storeRescaled(
          sums,
          count: count,
          rescale,
          call.zeroPoint,
          call.outputElement,
          into: call.output + start + channel &* call.outputElement.byteCount
        )
        channel &+= 16
      }
    }
    index &+= 1
  }
}

/// The products of a query with every key, the keys of padding left out.
@inline(__always)
private func writeScores(
  _ call: AttentionHead,
  _ query: UnsafePointer<Int16>,
  _ scores: UnsafeMutablePointer<Int32>
) {
  var next = 0
  var segment = 0
  while segment < call.segments {
    var key = call.key + segment &* call.segmentStride &* call.keyStride
    let end = next &+ call.segmentLength
    while next < end {
      var sum: Int32 = 0
      var channel = 0
      while channel < call.channels {
        sum &+= Int32(query[channel]) &* Int32(key[channel])
        channel &+= 1
      }
      scores[next] = sum
      next &+= 1
      key += call.keyStride
    }
    segment &+= 1
  }
}

/// The factor of scores that are octaves already.
@inline(__always)
private var octaveRescale: Rescale { Rescale(multiplier: 1 << 30, shift: 30) }

/// Turns the scores of a query into octaves and adds what its row and column biases say.
@inline(__always)
private func addBias(
  _ call: AttentionHead,
  _ query: Int,
  _ scores: UnsafeMutablePointer<Int32>
) {
  guard let rows = call.rowBias, let columns = call.columnBias else { return }
  let length = call.segmentLength
  var next = 0
  var segment = 0
  while segment < call.segments {
    let row = rows[query &* call.segments &+ segment]
    let line = call.columnBiasRows == 1 ? query : query &* call.segments &+ segment
    let column = columns + line &* length
    var place = 0
    while place < length {
      scores[next] = limitedOctaves(scores[next], call.scoreRescale) &+ row &+ column[place]
      next &+= 1
      place &+= 1
    }
    segment &+= 1
  }
}

/// Up to 16 channels of the weighted sum of values.
@inline(__always)
private func sumValues(
  _ call: AttentionHead,
  _ probabilities: UnsafePointer<Int16>,
  _ channel: Int,
  _ count: Int,
  _ sums: UnsafeMutablePointer<Int32>
) {
  var lane = 0
  while lane < 16 {
    sums[lane] = 0
    lane &+= 1
  }
  var segment = 0
  while segment < call.segments {
    let value = call.value + segment &* call.segmentStride &* call.valueStride + channel
    let factors = probabilities + segment &* call.segmentLength
    if count == 16 {
      addWeighted(value, call.valueStride, factors, call.segmentLength, to: sums)
    } else {
      var key = 0
      while key < call.segmentLength {
        addScaled(value + key &* call.valueStride, Int32(factors[key]), count, to: sums)
        key &+= 1
      }
    }
    segment &+= 1
  }
}

/// Adds weighted rows of 16 numbers; the sums stay in registers.
@inline(never)
private func addWeighted(
  _ rows: UnsafePointer<Int16>,
  _ stride: Int,
  _ weights: UnsafePointer<Int16>,
  _ count: Int,
  to sums: UnsafeMutablePointer<Int32>
) {
  var vector = UnsafeRawPointer(sums).loadUnaligned(as: SIMD16<Int32>.self)
  var row = UnsafeRawPointer(rows)
  var index = 0
  while index < count {
    let numbers = SIMD16<Int32>(truncatingIfNeeded: row.loadUnaligned(as: SIMD16<Int16>.self))
    vector &+= numbers &* SIMD16<Int32>(repeating: Int32(weights[index]))
    row += stride &* 2
    index &+= 1
  }
  UnsafeMutableRawPointer(sums).storeBytes(of: vector, as: SIMD16<Int32>.self)
}

/// Adds a factor times up to 15 numbers.
@inline(__always)
func addScaled<Element: FixedWidthInteger>(
  _ numbers: UnsafePointer<Element>,
  _ factor: Int32,
  _ count: Int,
  to sums: UnsafeMutablePointer<Int32>
) {
  var lane = 0
  while lane < count {
    sums[lane] = sums[lane] &+ factor &* Int32(truncatingIfNeeded: numbers[lane])
    lane &+= 1
  }
}

/// Rescales up to 16 sums in 64 bits, adds the zero point, limits to the element and stores.
@inline(__always)
func storeRescaled(
  _ sums: UnsafeMutablePointer<Int32>,
  count: Int,
  _ rescale: Rescale,
  _ zeroPoint: Int32,
  _ element: KernelElement,
  into destination: UnsafeMutableRawPointer
) {
  let half = Int64(1) &<< Int64(rescale.shift &- 1)
  var lane = 0
  while lane < count {
    let product = Int64(sums[lane]) &* Int64(rescale.multiplier)
    let rounded = (product &+ half) &>> Int64(rescale.shift) &+ Int64(zeroPoint)
    let limited = min(max(rounded, Int64(element.lowest)), Int64(element.highest))
    sums[lane] = Int32(truncatingIfNeeded: limited)
    lane &+= 1
  }
  narrow(sums, element, count: count, into: destination)
}
