/// Makes hostile inputs of good ones: one to a dozen random changes each, the same for the same seed.
///
/// Bits flip; bytes take values at the edge of their range; blocks are copied, moved, repeated,
/// removed and inserted, also from another sample; numbers, binary and decimal, become those that
/// overflow; words of the format are put anywhere; files end early. In three of four inputs lengths
/// and checksums are then set right, so that what lies behind them is reached.
struct Mutator {
  /// What is changed, never empty.
  let samples: [[UInt8]]
  /// Words of the format.
  let dictionary: [[UInt8]]
  /// Sets lengths and checksums right.
  let repair: (@Sendable (inout [UInt8]) -> Void)?

  /// No input grows beyond this.
  static let largestInput = 1 << 20

  /// Makes an input.
  ///
  /// - Parameters:
  ///   - seed: the campaign's.
  ///   - index: the number of the input; the first inputs are the samples as they are.
  /// - Returns: its bytes.
  func input(seed: UInt64, index: Int) -> [UInt8] {
    if index < samples.count { return samples[index] }
    var random = SplitMix(seed: seed, index: index)
    var bytes = samples[random.below(samples.count)]
    var changes = 1
    while changes < 12, !random.oneIn(3) { changes += 1 }
    for _ in 0..<changes { change(&bytes, &random) }
    if bytes.count > Self.largestInput { bytes.removeLast(bytes.count - Self.largestInput) }
    if let repair, !random.oneIn(4) { repair(&bytes) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    if bytes.isEmpty { bytes = random.bytes(1 + random.below(16)) }
    let place = Self.place(in: bytes, &random)
    switch random.below(16) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = Self.edges[random.below(Self.edges.count)]
    case 3: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 4, 5: Self.tweakInteger(&bytes, at: place, &random)
    case 6, 7: Self.tweakDecimal(&bytes, from: place, &random)
    case 8: Self.copyBlock(&bytes, &random)
    case 9: Self.repeatBlock(&bytes, at: place, &random)
    case 10:
      let count = min(Self.length(&random), bytes.count - place)
      bytes.removeSubrange(place..<place + count)
    case 11: bytes.insert(contentsOf: random.bytes(Self.length(&random)), at: place)
    case 12: splice(&bytes, at: place, &random)
    case 13, 14: putWord(&bytes, at: place, &random)
    default: if random.oneIn(3) { bytes.removeSubrange(place...) }
    }
  }

  /// A place, often one of the first: headers stand there.
  private static func place(in bytes: [UInt8], _ random: inout SplitMix) -> Int {
    switch random.below(4) {
    case 0, 1: random.below(min(bytes.count, 8 << random.below(14)))
    case 2: bytes.count - 1 - random.below(min(bytes.count, 512))
    default: random.below(bytes.count)
    }
  }

  /// A length, mostly short.
  private static func length(_ random: inout SplitMix) -> Int {
    1 + random.below(1 << random.below(11))
  }

  private static let edges: [UInt8] = [0, 1, 2, 0x7E, 0x7F, 0x80, 0x81, 0xFE, 0xFF]

  private static func copyBlock(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let source = random.below(bytes.count)
    let count = min(length(&random), bytes.count - source)
    let block = Array(bytes[source..<source + count])
    let target = random.below(bytes.count)
    if random.oneIn(2) {
      bytes.insert(contentsOf: block, at: target)
    } else {
      bytes.replaceSubrange(target..<min(target + count, bytes.count), with: block)
    }
  }

  private static func repeatBlock(
    _ bytes: inout [UInt8],
    at place: Int,
    _ random: inout SplitMix
  ) {
    let count = min(1 + random.below(16), bytes.count - place)
    let times = 1 + random.below(1 << random.below(13))
    guard bytes.count + count * times < 2 * largestInput else { return }
    let block = Array(bytes[place..<place + count])
    bytes.insert(contentsOf: (0..<times).flatMap { _ in block }, at: place)
  }

  private func splice(_ bytes: inout [UInt8], at place: Int, _ random: inout SplitMix) {
    let other = samples[random.below(samples.count)]
    guard !other.isEmpty else { return }
    let source = Self.place(in: other, &random)
    if random.oneIn(2) {
      bytes = Array(bytes[..<place]) + other[source...]
    } else {
      let count = min(Self.length(&random), other.count - source)
      bytes.insert(contentsOf: other[source..<source + count], at: place)
    }
  }

  private func putWord(_ bytes: inout [UInt8], at place: Int, _ random: inout SplitMix) {
    guard !dictionary.isEmpty else { return }
    let word = dictionary[random.below(dictionary.count)]
    if random.oneIn(2) {
      bytes.insert(contentsOf: word, at: place)
    } else {
      bytes.replaceSubrange(place..<min(place + word.count, bytes.count), with: word)
    }
  }
}
