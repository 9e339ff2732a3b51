import RandomNumbers

/// The random choices of one scene, one after the other.
struct SceneRandom {
  private var numbers: SeededRandomNumbers

  /// - Parameters:
  ///   - seed: of the set.
  ///   - index: of the scene in it; neighbours are unrelated.
  init(seed: UInt64, index: Int) {
    numbers = SeededRandomNumbers(seed: seed)
    let start = numbers.next() ^ UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95
    numbers = SeededRandomNumbers(seed: start)
  }

  mutating func bits() -> UInt64 { numbers.next() }

  mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    let share = Float(numbers.next() >> 40) * 0x1p-24
    return range.lowerBound + (range.upperBound - range.lowerBound) * share
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + numbers.next(below: range.count)
  }

  mutating func chance(_ probability: Float) -> Bool { uniform(0...1) < probability }

  /// Several random numbers multiplied, so that ratios are spread evenly: 2^(log2 of the range).
  mutating func ratio(_ range: ClosedRange<Float>) -> Float {
    // Bisecting the range by its geometric mean needs square roots only.
    var (low, high) = (range.lowerBound, range.upperBound)
    let choice = numbers.next()
    for bit in 0..<16 as Range<UInt64> {
      let middle = (low * high).squareRoot()
      if choice >> bit & 1 == 0 { high = middle } else { low = middle }
    }
    return (low * high).squareRoot()
  }
}
