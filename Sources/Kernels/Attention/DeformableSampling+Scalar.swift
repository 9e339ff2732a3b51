import FixedPoint

/// Scratch of the reference: for each sample a score, a probability and four weighted pixels.
func scalarSamplingScratch(samples: Int) -> Int {
  samples &* (MemoryLayout<UnsafeRawPointer>.stride &* 4 &+ 4 &+ 2 &+ 2 &* 4)
}

/// The reference: one query after the other, first its weighted pixels, then their sum.
@export(interface)
public func scalarDeformableSampling(_ call: DeformableSampling) {
  switch call.valueElement {
  case .int8: deformableSampling(call, of: Int8.self)
  default: deformableSampling(call, of: Int16.self)
  }
}

/// The pixels around the sampling points of one query that count, and their weights.
private struct WeightedPixels {
  let pixels: UnsafeMutablePointer<UnsafeRawPointer>
  let weights: UnsafeMutablePointer<Int16>
  var count = 0

  @inline(__always)
  mutating func append(_ pixel: UnsafeRawPointer, _ weight: Int16) {
    pixels[count] = pixel
    weights[count] = weight
    count &+= 1
  }
}

@inline(__always)
private func deformableSampling<Element: FixedWidthInteger>(
  _ call: DeformableSampling,
  of: Element.Type
) {
  let samples = call.levelCount &* call.points
  // The scratch memory in descending order of alignment; its size is the sum of these four.
  let pixels = call.scratch.assumingMemoryBound(to: UnsafeRawPointer.self)
  let scores = UnsafeMutableRawPointer(pixels + 4 &* samples).assumingMemoryBound(to: Int32.self)
  let probabilities = UnsafeMutableRawPointer(scores + samples).assumingMemoryBound(to: Int16.self)
  let weights = probabilities + samples
  var query = 0
  while query < call.queryCount {
    let logits = call.logits + query &* call.logitStride
    var sample = 0
    while sample < samples {
      scores[sample] = Int32(logits[sample])
      sample &+= 1
    }
    softmaxRow(
      scores: scores,
      count: samples,
      toOctaves: call.logitRescale,
      probabilities: probabilities
    )
    var list = WeightedPixels(pixels: pixels, weights: weights)
    collect(call, query, probabilities, into: &list, of: Element.self)
    sumPixels(call, query, list, of: Element.self)
    query &+= 1
  }
}

/// Finds the pixels of all samples of a query whose weight is not zero.
@inline(__always)
private func collect<Element: FixedWidthInteger>(
  _ call: DeformableSampling,
  _ query: Int,
  _ probabilities: UnsafePointer<Int16>,
  into list: inout WeightedPixels,
  of: Element.Type
) {
  let offsets = call.offsets + query &* call.offsetStride
  let references = query &* call.levelCount &* 2
  let tokenBytes = call.valueStride &* MemoryLayout<Element>.stride
  var sample = 0
  var levelIndex = 0
  while levelIndex < call.levelCount {
    let level = call.levels[levelIndex]
    let map = call.value + level.firstToken &* tokenBytes
    let baseX = call.bases[references &+ 2 &* levelIndex]
    let baseY = call.bases[references &+ 2 &* levelIndex &+ 1]
    let end = sample &+ call.points
    while sample < end {
      defer { sample &+= 1 }
      let weight = probabilities[sample]
      if weight == 0 { continue }
      var x = call.offsetRescale.apply(Int32(offsets[2 &* sample]))
      var y = call.offsetRescale.apply(Int32(offsets[2 &* sample &+ 1]))
      if let spans = call.spans {
        x = scaled(x, by: spans[references &+ 2 &* levelIndex])
        y = scaled(y, by: spans[references &+ 2 &* levelIndex &+ 1])
      }
      x &+= baseX
      y &+= baseY
      if call.isDiscrete {
        x = min(max((x &>> 16) &+ 1, 0), level.width &- 1) &<< 16
        y = min(max((y &>> 16) &+ 1, 0), level.height &- 1) &<< 16
      }
      let column = x &>> 16
      let row = y &>> 16
      let fractionX = Int16(truncatingIfNeeded: (x & 0xffff) &>> 1)
      let fractionY = Int16(truncatingIfNeeded: (y & 0xffff) &>> 1)
      let bottom = multiplyRounding15(weight, fractionY)
      let top = weight &- bottom
      let topRight = multiplyRounding15(top, fractionX)
      let bottomRight = multiplyRounding15(bottom, fractionX)

      // A pixel is looked at only where row and column lie in the map.
      let left = column >= 0 && column < level.width
      let right = column >= -1 && column < level.width &- 1
      let pixel = map + (Int(row) &* Int(level.width) &+ Int(column)) &* tokenBytes
      if row >= 0, row < level.height {
        if left, top != topRight { list.append(pixel, top &- topRight) }
        if right, topRight != 0 { list.append(pixel + tokenBytes, topRight) }
      }
      if row >= -1, row < level.height &- 1 {
        let below = pixel + Int(level.width) &* tokenBytes
        if left, bottom != bottomRight { list.append(below, bottom &- bottomRight) }
        if right, bottomRight != 0 { list.append(below + tokenBytes, bottomRight) }
      }
    }
    levelIndex &+= 1
  }
}

/// An offset in multiples of a side, both with 16 fraction bits, rounded half up.
@inline(__always)
private func scaled(_ offset: Int32, by span: Int32) -> Int32 {
  Int32(truncatingIfNeeded: (Int64(offset) &* Int64(span) &+ 0x8000) &>> 16)
}

/// Sums the weighted pixels, 16 channels at a time, and stores the result.
@inline(__always)
private func sumPixels<Element: FixedWidthInteger>(
  _ call: DeformableSampling,
  _ query: Int,
  _ list: WeightedPixels,
  of: Element.Type
) {
  let output = call.output + query &* call.outputStride &* call.outputElement.byteCount
  withLanes { sums, _ in
    var channel = 0
    while channel < call.channels {
      let count = min(16, call.channels &- channel)
      let bytes = channel &* MemoryLayout<Element>.stride
      if count == 16, Element.self == Int8.self {
        sumInt8(list, bytes, sums)
      } else if count == 16 {
        sumInt16(list, bytes, sums)
      } else {
        var lane = 0
        while lane < 16 {
          sums[lane] = 0
          lane &+= 1
        }
        var index = 0
        while index < list.count {
          let numbers = (list.pixels[index] + bytes).assumingMemoryBound(to: Element.self)
          addScaled(numbers, Int32(list.weights[index]), count, to: sums)
          index &+= 1
        }
      }
      storeRescaled(
        sums,
        count: count,
        call.outputRescale,
        call.zeroPoint,
        call.outputElement,
        into: output + channel &* call.outputElement.byteCount
      )
      channel &+= 16
    }
  }
}

/// Sums 16 channels, `bytes` into each pixel, in registers.
///
/// Four bytes are one 32-bit lane; sign-extending shifts bring each of them to the front.
@inline(never)
private func sumInt8(
  _ list: WeightedPixels,
  _ bytes: Int,
  _ sums: UnsafeMutablePointer<Int32>
) {
  typealias Quads = SIMD4<Int32>
  var sum0 = Quads()
  var sum1 = Quads()
  var sum2 = Quads()
  var sum3 = Quads()
  var index = 0
  while index < list.count {
    let quads = (list.pixels[index] + bytes).loadUnaligned(as: Quads.self)
    let weight = Quads(repeating: Int32(list.weights[index]))
    sum0 &+= ((quads &<< 24) &>> 24) &* weight
    sum1 &+= ((quads &<< 16) &>> 24) &* weight
    sum2 &+= ((quads &<< 8) &>> 24) &* weight
    sum3 &+= (quads &>> 24) &* weight
    index &+= 1
  }
  var lane = 0
  while lane < 4 {
    sums[4 &* lane] = sum0[lane]
    sums[4 &* lane &+ 1] = sum1[lane]
    sums[4 &* lane &+ 2] = sum2[lane]
    sums[4 &* lane &+ 3] = sum3[lane]
    lane &+= 1
  }
}

/// Sums 16 channels, `bytes` into each pixel, in registers.
@inline(never)
private func sumInt16(
  _ list: WeightedPixels,
  _ bytes: Int,
  _ sums: UnsafeMutablePointer<Int32>
) {
  var vector = SIMD16<Int32>()
  var index = 0
  while index < list.count {
    let numbers = (list.pixels[index] + bytes).loadUnaligned(as: SIMD16<Int16>.self)
    let weight = SIMD16<Int32>(repeating: Int32(list.weights[index]))
    vector &+= SIMD16<Int32>(truncatingIfNeeded: numbers) &* weight
    index &+= 1
  }
  UnsafeMutableRawPointer(sums).storeBytes(of: vector, as: SIMD16<Int32>.self)
}
