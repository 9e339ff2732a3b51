import Foundation
import Testing

@testable import FixedPoint

@Suite("Exponentials")
struct ExponentialTests {
  @Test("the worked numbers of the documentation come out")
  func workedNumbers() {
    #expect(powerOfTwoMantissa(fraction: 0x8000_0000) == 1_518_500_251)
    #expect(powerOfTwo(minusOctaves: 100_663_296) == 759_250_125)
    #expect(exponential(-16_777_216) == 790_015_085)
    #expect(softmaxExponential(32768) == 1_518_501_888)
  }

  @Test("e^x is within 4.4 units of 2^-31 for every x from −1 to 0 and densely below, and monotone")
  func naturalExponential() {
    var range = ErrorRange()
    var previous = exponential(0)
    #expect(previous == 1 << 31)
    var x: Int32 = 0
    while x > -(33 << 24) {
      x -= x > -(1 << 24) ? 1 : 61
      let value = exponential(x)
      if value > previous {
        Issue.record("e^x rises where x falls, at \(x)")
        return
      }
      previous = value
      let exact = exp(Double(x) * 0x1p-24) * 0x1p31
      range.record(Double(value) - exact, at: UInt64(-Int64(x)))
    }
    print("exponential, units of 2^-31: \(range)")
    #expect(range.largest <= 4.4)
  }

  @Test("e^x is 0 for everything below the resolution, down to the smallest integer")
  func farBelow() {
    let arguments: [Int32] = [.min, .min + 1, -(1 << 30), -(64 << 24), -(32 << 24)]
    for x in arguments {
      #expect(exponential(x) == 0)
    }
  }

  @Test("the mantissa of 2^-f is within 3.9 units of 2^-31, monotone and exactly 1 at 0")
  func mantissa() {
    var range = ErrorRange()
    var previous = powerOfTwoMantissa(fraction: 0)
    #expect(previous == 1 << 31)
    var f: UInt32 = 0
    while true {
      let value = powerOfTwoMantissa(fraction: f)
      if value > previous || value < 1 << 30 {
        Issue.record("not monotone, or below one half, at \(f)")
        return
      }
      previous = value
      range.record(Double(value) - exp2(-Double(f) * 0x1p-32) * 0x1p31, at: UInt64(f))
      let (next, overflow) = f.addingReportingOverflow(f < 1 << 16 ? 1 : 257)
      if overflow { break }
      f = next
    }
    f = .max - (1 << 16)
    while f < .max {
      f += 1
      let value = powerOfTwoMantissa(fraction: f)
      range.record(Double(value) - exp2(-Double(f) * 0x1p-32) * 0x1p31, at: UInt64(f))
    }
    print("powerOfTwoMantissa, units of 2^-31: \(range)")
    #expect(range.largest <= 3.9)
  }

  @Test("2^-t in octaves is within 3.9 units of 2^-31 and 0 from 32 octaves on")
  func octaves() {
    var range = ErrorRange()
    var t: UInt32 = 0
    while t < 32 << 26 {
      let value = powerOfTwo(minusOctaves: t)
      range.record(Double(value) - exp2(-Double(t) * 0x1p-26) * 0x1p31, at: UInt64(t))
      t += t < 1 << 20 ? 1 : 211
    }
    print("powerOfTwo, units of 2^-31: \(range)")
    #expect(range.largest <= 3.9)
    for t: UInt32 in [32 << 26, (32 << 26) + 1, (63 << 26) + 5, .max] {
      #expect(powerOfTwo(minusOctaves: t) == 0)
    }
  }

  @Test("the attention exponential is within 2^-15.7 for every fraction and never exceeds 1")
  func attentionExponential() {
    var range = ErrorRange()
    for t in UInt32(0)..<65536 {
      let value = softmaxExponential(t)
      let exact = exp2(-Double(t) * 0x1p-16)
      #expect(value <= 1 << 31)
      range.record(Double(value) * 0x1p-31 / exact - 1, at: UInt64(t))
      for octave in UInt32(1)..<32 {
        if softmaxExponential(octave << 16 | t) != value >> octave {
          Issue.record("octave \(octave), fraction \(t)")
          return
        }
      }
    }
    print("softmaxExponential, relative: \(range), 2^\(log2(range.largest))")
    #expect(range.largest <= exp2(-15.7))
    #expect(softmaxExponential(0) == 1 << 31)
    for t: UInt32 in [32 << 16, (33 << 16) + 17, 0x8000_0000, .max] {
      #expect(softmaxExponential(t) == 0)
    }
  }
}
