// The ways in which libjpeg brings reduced components back to the size of the picture. Samples stand
// in words of eight; the words behind the last sample are left as they are.

private typealias Word = SIMD8<UInt8>
private typealias Wide = SIMD8<UInt16>

/// Repeats each sample `ratio` times.
func repeatColumns(
  from source: Int,
  to destination: Int,
  sampleCount: Int,
  ratio: Int,
  words: inout MutableSpan<SIMD8<UInt8>>
) {
  var target = 0
  for sample in 0..<sampleCount {
    let value = words[source + sample >> 3][sample & 7]
    for _ in 0..<ratio {
      words[destination + target >> 3][target & 7] = value
      target += 1
    }
  }
}

/// Doubles a row: each result has 3/4 of its own sample and 1/4 of the next one on its side.
///
/// The left result is `(3 own + left + 1) / 4`, the right one `(3 own + right + 2) / 4`, both cut
/// off. The samples at the ends have themselves beyond, which gives them unchanged.
func smoothColumns(
  from source: Int,
  to destination: Int,
  sampleCount: Int,
  words: inout MutableSpan<SIMD8<UInt8>>
) {
  let lastWord = (sampleCount - 1) >> 3
  var current = Wide(lanes: words[source])
  var left = current[0]
  for index in 0...lastWord {
    let next: Wide
    if index < lastWord {
      next = Wide(lanes: words[source &+ index &+ 1])
    } else {
      current = endingWith(current, lane: (sampleCount - 1) & 7)
      next = Wide(repeating: current[7])
    }
    let tripled = current &* 3
    let even = (tripled &+ shiftedIn(left, current) &+ 1) &>> 2
    let odd = (tripled &+ shiftedOut(current, next[0]) &+ 2) &>> 2
    let pair = interleaved(even, odd)
    words[destination &+ 2 &* index] = pair.lowHalf
    words[destination &+ 2 &* index &+ 1] = pair.highHalf
    left = current[7]
    current = next
  }
}

/// Makes one of the two rows that stand for a row: `(3 near + far + bias) / 4`, cut off.
func smoothRows(
  near: Int,
  far: Int,
  to destination: Int,
  sampleCount: Int,
  bias: UInt16,
  words: inout MutableSpan<SIMD8<UInt8>>
) {
  for index in 0...(sampleCount - 1) >> 3 {
    let nearWord = Wide(lanes: words[near &+ index])
    let farWord = Wide(lanes: words[far &+ index])
    words[destination &+ index] = Word(
      lanes: (nearWord &* 3 &+ farWord &+ bias) &>> 2
    )
  }
}

/// Makes one of the two rows that stand for a row, doubled as well.
///
/// With the column sums `s = 3 near + far` the left result is `(3 s + s of the left + 8) / 16`, the
/// right one `(3 s + s of the right + 7) / 16`, both cut off.
func smoothBoth(
  near: Int,
  far: Int,
  to destination: Int,
  sampleCount: Int,
  words: inout MutableSpan<SIMD8<UInt8>>
) {
  let lastWord = (sampleCount - 1) >> 3
  var current = columnSums(near, far, words)
  var left = current[0]
  for index in 0...lastWord {
    let next: Wide
    if index < lastWord {
      next = columnSums(near &+ index &+ 1, far &+ index &+ 1, words)
    } else {
      current = endingWith(current, lane: (sampleCount - 1) & 7)
      next = Wide(repeating: current[7])
    }
    let tripled = current &* 3
    let even = (tripled &+ shiftedIn(left, current) &+ 8) &>> 4
    let odd = (tripled &+ shiftedOut(current, next[0]) &+ 7) &>> 4
    let pair = interleaved(even, odd)
    words[destination &+ 2 &* index] = pair.lowHalf
    words[destination &+ 2 &* index &+ 1] = pair.highHalf
    left = current[7]
    current = next
  }
}

@inline(__always)
private func columnSums(
  _ near: Int,
  _ far: Int,
  _ words: borrowing MutableSpan<SIMD8<UInt8>>
) -> Wide {
  Wide(lanes: words[near]) &* 3 &+ Wide(lanes: words[far])
}

/// The word with the lanes behind `lane` equal to it.
private func endingWith(_ word: Wide, lane: Int) -> Wide {
  var word = word
  for index in 1..<8 where index > lane {
    word[index] = word[lane & 7]
  }
  return word
}

/// `first` and the first seven lanes of `word`.
@inline(__always)
private func shiftedIn(_ first: UInt16, _ word: Wide) -> Wide {
  Wide(first, word[0], word[1], word[2], word[3], word[4], word[5], word[6])
}

/// The last seven lanes of `word` and `last`.
@inline(__always)
private func shiftedOut(_ word: Wide, _ last: UInt16) -> Wide {
  Wide(word[1], word[2], word[3], word[4], word[5], word[6], word[7], last)
}

/// The low bytes of both in turn, `even` first.
@inline(__always)
private func interleaved(_ even: Wide, _ odd: Wide) -> SIMD16<UInt8> {
  // Sixteen bits a lane, the low byte first in memory.
  unsafeBitCast((even | odd &<< 8).littleEndianLanes, to: SIMD16<UInt8>.self)
}

extension SIMD8<UInt16> {
  /// The lanes in the byte order of little-endian memory.
  @inline(__always)
  fileprivate var littleEndianLanes: Self {
    #if _endian(little)
      self
    #else
      self &<< 8 | self &>> 8
    #endif
  }
}
