/// Numbers that a seed determines: Steele, Lea and Flood's SplitMix64.
struct RandomNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    // The widest ranges are those of `Int32`, more than a 32-bit `Int` can count.
    let span = UInt64(Int64(range.upperBound) - Int64(range.lowerBound) + 1)
    return Int(Int64(range.lowerBound) + Int64(next() % span))
  }

  mutating func chance(_ numerator: Int, of denominator: Int) -> Bool {
    number(1...denominator) <= numerator
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(0...elements.count - 1)]
  }

  /// Mostly any number of the range, often one of its ends.
  mutating func extreme(_ range: ClosedRange<Int>) -> Int {
    switch number(0...7) {
    case 0: range.lowerBound
    case 1: range.upperBound
    default: number(range)
    }
  }
}
