import FixedPoint
import ModelFile

/// Where an operation's real result becomes an integer: rounded, halves up, and clamped.
struct OutputRange {
  let zero: Double
  let lowest: Double
  let highest: Double

  init(_ value: Value) {
    self.init(value, lowest: value.element.lowest, highest: value.element.highest)
  }

  init(_ value: Value, lowest: Int32, highest: Int32) {
    zero = Double(value.zeroPoint)
    self.lowest = Double(lowest)
    self.highest = Double(highest)
  }

  /// The integer for a distance from the zero point in steps.
  @inline(__always)
  func integer(_ steps: Double) -> Int32 { clamped(zero + steps) }

  /// The integer for a number that holds the zero point already.
  @inline(__always)
  func clamped(_ number: Double) -> Int32 {
    Int32(min(max((number + 0.5).rounded(.down), lowest), highest))
  }
}

extension Rescale {
  /// The real factor.
  var factor: Double { Double(multiplier) * powerOfTwo(-shift) }
}

/// 2 to a whole power.
func powerOfTwo(_ exponent: Int32) -> Double {
  Double(sign: .plus, exponent: Int(exponent), significand: 1)
}
