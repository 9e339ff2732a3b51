/// Random numbers that a seed determines, on every machine and with every standard library.
///
/// ``SplitMix64``, one number after the other; ``NamedRandomNumbers`` are found by an index instead.
public struct SeededRandomNumbers: Sendable {
  private var state: UInt64

  /// Starts a sequence.
  ///
  /// - Parameter seed: which sequence.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  ///
  /// - Returns: any number.
  public mutating func next() -> UInt64 {
    state &+= SplitMix64.increment
    return SplitMix64.mix(state)
  }

  /// A number below a bound, each equally likely.
  ///
  /// The high half of a 128-bit product, with the few products refused that would make some numbers
  /// likelier (Lemire, "Fast random integer generation in an interval", 2019).
  ///
  /// - Parameter bound: more than 0.
  /// - Returns: 0 up to, not including, the bound.
  public mutating func next(below bound: Int) -> Int {
    let bound = UInt64(bound)
    let refused = (0 &- bound) % bound
    while true {
      let (high, low) = bound.multipliedFullWidth(by: next())
      if low >= refused { return Int(high) }
    }
  }
}
