/// Random numbers that a seed determines, on every machine and with every standard library.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Not
/// for secrets.
struct SeededRandomNumbers {
  private var state: UInt64

  /// Starts a sequence.
  ///
  /// - Parameter seed: which sequence.
  init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  ///
  /// - Returns: any number.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  /// A number below a bound, each equally likely.
  ///
  /// The high half of a 128-bit product, with the few products refused that would make some numbers
  /// likelier (Lemire, "Fast random integer generation in an interval", 2019).
  ///
  /// - Parameter bound: more than 0.
  /// - Returns: 0 up to, not including, the bound.
  mutating func next(below bound: Int) -> Int {
    let bound = UInt64(bound)
    let refused = (0 &- bound) % bound
    while true {
      let (high, low) = bound.multipliedFullWidth(by: next())
      if low >= refused { return Int(high) }
    }
  }
}
